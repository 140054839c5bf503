/* smtp_command: one line of a peer's, as RFC 5321 (4.1) has them: the verb, the
 * path of MAIL and RCPT, and their parameters.
 *
 *     MAIL FROM:<a@b> SIZE=100 BODY=8BITMIME
 *     verb      path  parameters
 *
 * What is given are parts of the line, which the caller owns. */
#ifndef KAM_MAIL_SMTP_COMMAND_H
#define KAM_MAIL_SMTP_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(NAME): in the order of kam_smtp_verbs. */
#define KAM_SMTP_VERBS(X)                                                      \
  X(EHLO)                                                                      \
  X(HELO)                                                                      \
  X(MAIL)                                                                      \
  X(RCPT)                                                                      \
  X(DATA)                                                                      \
  X(RSET)                                                                      \
  X(NOOP)                                                                      \
  X(QUIT)                                                                      \
  X(VRFY)                                                                      \
  X(EXPN)                                                                      \
  X(HELP)                                                                      \
  X(STARTTLS)                                                                  \
  X(AUTH)                                                                      \
  X(BDAT)                                                                      \
  X(ETRN)                                                                      \
  X(TURN)                                                                      \
  X(XCLIENT)                                                                   \
  X(XFORWARD)                                                                  \
  X(LHLO)                                                                      \
  X(GET)                                                                       \
  X(HEAD)                                                                      \
  X(POST)                                                                      \
  X(PUT)                                                                       \
  X(OPTIONS)                                                                   \
  X(CONNECT)

enum kam_smtp_verb {
#define KAM_SMTP_VERB(name) KAM_SMTP_##name,
  KAM_SMTP_VERBS(KAM_SMTP_VERB)
#undef KAM_SMTP_VERB
      KAM_SMTP_UNKNOWN
};

/* A part of a line. */
struct kam_smtp_span {
  const char *s;
  size_t len;
};

/* The verb, in any case; *rest is what stands behind it, without blanks at its
 * ends. */
enum kam_smtp_verb kam_smtp_verb(struct kam_smtp_span line,
                                 struct kam_smtp_span *rest);

/* The name of a verb that is known. Static. */
const char *kam_smtp_verb_name(enum kam_smtp_verb verb);

/* Extensions, as a bit each. */
enum kam_smtp_extensions {
  KAM_SMTP_OFFERS_PIPELINING = 1,
  KAM_SMTP_OFFERS_SIZE = 2,
  KAM_SMTP_OFFERS_8BITMIME = 4,
  KAM_SMTP_OFFERS_SMTPUTF8 = 8,
  KAM_SMTP_OFFERS_DSN = 16,
  KAM_SMTP_OFFERS_ENHANCEDSTATUSCODES = 32
};

/* MAIL or RCPT. */
struct kam_smtp_path {
  struct kam_smtp_span address; /* without < >; empty for <> */
  struct kam_smtp_span parameters;
  uint64_t size;    /* of MAIL, if it has one */
  const char *body; /* "7BIT", "8BITMIME", or NULL; static */
  bool has_size;
  bool utf8;     /* SMTPUTF8 is asked for */
  bool is_ascii; /* the address is */
};

/* Reads what stands behind MAIL or RCPT. Gives NULL, or the reply that says
 * what is wrong, static. offered are kam_smtp_extensions. */
const char *kam_smtp_mail(struct kam_smtp_span rest, unsigned offered,
                          struct kam_smtp_path *p);
const char *kam_smtp_rcpt(struct kam_smtp_span rest, unsigned offered,
                          struct kam_smtp_path *p);

/* Is it what a peer may call itself in EHLO or HELO? */
bool kam_smtp_is_name(struct kam_smtp_span name);

/* Is it a mailbox: a local part, quoted if need be, an @, and a domain or an
 * address in brackets? */
bool kam_smtp_is_mailbox(struct kam_smtp_span address);

/* Are they the same, in any case? */
bool kam_smtp_is(struct kam_smtp_span span, const char *word);

#endif
