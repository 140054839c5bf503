/* smtp_request: what an SMTP client is to do, from its table to its line.
 *
 *     { command = "MAIL", from = "a@b", parameters = "SIZE=9" }
 *     MAIL FROM:<a@b> SIZE=9 CRLF */
#ifndef KAM_MAIL_SMTP_REQUEST_H
#define KAM_MAIL_SMTP_REQUEST_H

#include "core/tape.h"
#include "core/text.h"

enum kam_smtp_do {
  KAM_SMTP_DO_CONNECT, /* no line: the greeting is awaited */
  KAM_SMTP_DO_EHLO,    /* and HELO */
  KAM_SMTP_DO_MAIL,
  KAM_SMTP_DO_RCPT,
  KAM_SMTP_DO_DATA,
  KAM_SMTP_DO_END,   /* no line: what ends the mail */
  KAM_SMTP_DO_ABORT, /* no line either */
  KAM_SMTP_DO_RSET,
  KAM_SMTP_DO_STARTTLS,
  KAM_SMTP_DO_QUIT,
  KAM_SMTP_DO_OTHER
};

/* Reads a request, and writes its line, if it has one. NULL, or what is wrong
 * with it, when it would say something else than it means. */
const char *kam_smtp_request_write(const struct kam_tape *t,
                                   enum kam_smtp_do *verb,
                                   struct kam_text *line);

#endif
