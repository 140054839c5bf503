/* smtp_talk: what an SMTPServerSession says, to its peer and to its handler,
 * and what it makes of the commands in between. */
#ifndef KAM_MAIL_SMTP_TALK_H
#define KAM_MAIL_SMTP_TALK_H

#include "components/mail/smtp_command.h"
#include "components/mail/smtp_data.h"
#include "components/mail/smtp_header.h"
#include "core/feed.h"
#include "core/lanes.h"
#include "core/tape.h"
#include "core/text.h"

/* Boxes of the session. */
enum { KAM_SMTP_IN_REPLY = KAM_IN_EXTRA, KAM_SMTP_OUT_REQUEST = KAM_OUT_EXTRA };

enum kam_smtp_phase {
  KAM_SMTP_PROXIED, /* the header of the PROXY protocol comes first */
  KAM_SMTP_GREETS,  /* the greeting waits for those who talk too early */
  KAM_SMTP_TALKS,   /* commands come */
  KAM_SMTP_AWAITS,  /* the handler is to reply */
  KAM_SMTP_READS,   /* a mail comes */
  KAM_SMTP_ENDS,    /* it is whole, and the handler is to hear of it */
  KAM_SMTP_SKIPS,   /* one that is refused already */
  KAM_SMTP_SHAKES,  /* TLS begins */
  KAM_SMTP_LEAVES   /* what is said is still sent, and no more is read */
};

/* What the handler is to reply to. */
enum kam_smtp_asked {
  KAM_SMTP_ASKED_CONNECT,
  KAM_SMTP_ASKED_EHLO,
  KAM_SMTP_ASKED_HELO,
  KAM_SMTP_ASKED_MAIL,
  KAM_SMTP_ASKED_RCPT,
  KAM_SMTP_ASKED_DATA,
  KAM_SMTP_ASKED_END
};

struct kam_smtp_talk {
  struct kam_component comp;                    /* must be first */
  char *hostname, *peer, *local_address, *bare; /* options */
  int64_t peer_port, local_port, line, parameter_line, text_line, header_size,
      hops, recipients, size, errors, junk;
  double greet_delay, session, command_time, rate;
  bool start_tls, secured, proxy, strict;
  struct kam_msg handler, greeting, hello;
  struct kam_feed feed; /* the message in hand */
  struct kam_lanes lanes;
  struct kam_msg mark;     /* of STARTTLS, behind its reply */
  struct kam_text in, out; /* a line that is not whole; replies to be sent */
  struct kam_smtp_reader reader;
  struct kam_smtp_header header;
  const char *refusal; /* of the mail that is skipped */
  uint64_t size_offered;
  uint64_t since;                 /* when it began to wait for its peer, or 0 */
  uint64_t waited, waited_in_all; /* ns, for what is now to come; and at all */
  uint64_t quiet_until;           /* nothing is sent before, or 0 */
  uint32_t n_recipients, n_taken, n_errors, n_junk;
  char *name;        /* in EHLO or HELO, for a handler that is not made yet */
  uint8_t hailed_by; /* kam_smtp_verb */
  uint8_t phase, asked, offered;
  bool greeted;  /* the handler has let it in */
  bool hailed;   /* EHLO or HELO */
  bool has_mail; /* MAIL was taken */
  bool gone;     /* the peer sends no more, and the handler knows */
};

/* A reply of our own; lines with LF between, the code once. */
void kam_smtp_say(struct kam_smtp_talk *s, const char *reply);

/* The last one: the connection is closed behind it. */
void kam_smtp_leave(struct kam_smtp_talk *s, const char *reply);

/* A reply to something wrong: counted, and slower after some. */
void kam_smtp_fault(struct kam_smtp_talk *s, const char *reply);

/* What the handler is told, with one more field if key is not NULL. 0 or a
 * negative code. */
int kam_smtp_tell(struct kam_smtp_talk *s, const char *command, const char *key,
                  const char *value);

/* Is the handler to be made, and is not yet? Greeting and the reply to EHLO are
 * given without it then. */
static inline bool kam_smtp_is_early(const struct kam_smtp_talk *s)
{
  return s->handler.tag != KAM_NOTHING;
}

/* The peer is there: the handler is to greet it. */
int kam_smtp_connect(struct kam_smtp_talk *s);

/* Gives its memory back: for close. */
void kam_smtp_forget_name(struct kam_smtp_talk *s);

/* A command, without its CRLF; more: something stands behind it already. */
int kam_smtp_command(struct kam_smtp_talk *s, const char *line, size_t len,
                     bool more);

/* The mail is there to its end. */
int kam_smtp_end(struct kam_smtp_talk *s);

/* The mail will not be whole. */
int kam_smtp_abort(struct kam_smtp_talk *s, const char *reason);

/* What the handler has replied. */
int kam_smtp_reply(struct kam_smtp_talk *s, const char *reply, size_t len);

static inline const struct kam_host *
kam_smtp_host(const struct kam_smtp_talk *s)
{
  return &s->comp.party.world->host;
}

#endif
