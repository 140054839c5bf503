/* smtp_reply: the replies of an SMTP server (RFC 5321, 4.2), read piece by
 * piece.
 *
 *     250-mail.example CRLF 250 SIZE 1000 CRLF   ──>   250 mail.example LF SIZE
 * 1000 */
#ifndef KAM_MAIL_SMTP_REPLY_H
#define KAM_MAIL_SMTP_REPLY_H

#include "core/text.h"

#include <stdint.h>

enum { KAM_SMTP_REPLY_LINES = 100, KAM_SMTP_REPLY_BYTES = 64 << 10 };

enum kam_smtp_replied {
  KAM_SMTP_REPLY_MORE, /* all is used */
  KAM_SMTP_REPLY_WHOLE,
  KAM_SMTP_REPLY_WRONG, /* why says what; nothing more can be read */
  KAM_SMTP_REPLY_NOMEM
};

struct kam_smtp_reply {
  struct kam_text text; /* the code once; lines with LF between */
  const char *why;
  int code;       /* of the line in hand, then of the reply */
  int first;      /* of the first line */
  unsigned lines; /* that are whole */
  uint8_t at;     /* where in a line it is */
  bool last;      /* the line in hand is the last one */
};

void kam_smtp_reply_init(struct kam_smtp_reply *r, struct kam_mem *mem);
void kam_smtp_reply_fini(struct kam_smtp_reply *r);

/* In front of the next reply; the memory of a long one is given back. */
void kam_smtp_reply_next(struct kam_smtp_reply *r);

/* Has one begun that is not whole? */
static inline bool kam_smtp_reply_begun(const struct kam_smtp_reply *r)
{
  return r->lines > 0 || r->at > 0;
}

/* Reads some of s, and says in *used how many bytes. */
enum kam_smtp_replied kam_smtp_reply_read(struct kam_smtp_reply *r,
                                          const char *s, size_t len,
                                          size_t *used);

/* Does a reply to EHLO offer an extension, whose name is in capitals? */
bool kam_smtp_reply_offers(const struct kam_smtp_reply *r, const char *name);

#endif
