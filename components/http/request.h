/* request: requests as components give them, written as HTTP/1.1. */
#ifndef KAM_HTTP_REQUEST_H
#define KAM_HTTP_REQUEST_H

#include "components/http/reply.h"

struct kam_http_request {
  bool head, connects, upgrades; /* how the answer is to be read */
  bool streams;                  /* in pieces */
  bool closes;                   /* no request follows it */
  bool expects;                  /* to be told to send its body */
  bool more;                     /* pieces of the body follow */
  const char *body;              /* of the tape; or NULL */
  size_t body_len;
  enum kam_http_framing framing; /* of the body, set by writing */
  uint64_t left;                 /* bytes that follow, if LENGTH */
  const char *why;               /* it cannot be sent */
};

/* Reads what follows a request that said more: 0, or KAM_EFAILED with why. */
int kam_http_request_read(struct kam_http_request *r, const struct kam_tape *t);

/* Reads a request and writes its head to out; host is that of a request that
 * names none, or "". 0, or KAM_EFAILED with why. */
int kam_http_request_write(struct kam_http_request *r, const struct kam_tape *t,
                           const char *host, struct kam_text *out);

#endif
