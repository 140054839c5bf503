/* reply: responses as components give them, written as HTTP/1.1. */
#ifndef KAM_HTTP_REPLY_H
#define KAM_HTTP_REPLY_H

#include "components/http/encode.h"
#include "components/http/fixed.h"
#include "core/tape.h"
#include "core/text.h"

/* What a response is written for. */
struct kam_http_terms {
  bool minor;  /* 1: of HTTP/1.1, else of 1.0 */
  bool head;   /* the request was HEAD: no body */
  bool closes; /* no more requests are read; set by what is written */
  enum kam_http_coding accepts; /* what the body may be compressed by */
  uint64_t compress;            /* bytes from which on it is; 0: never */
  const char *pages;            /* fixed responses by status, borrowed */
  size_t pages_len;
};

enum kam_http_framing {
  KAM_HTTP_NO_BODY,
  KAM_HTTP_LENGTH, /* so many bytes */
  KAM_HTTP_CHUNKS,
  KAM_HTTP_UNTIL_END /* of the connection */
};

struct kam_http_reply {
  int status;
  bool more;        /* pieces of the body follow */
  bool has_pieces;  /* it is only a mark: */
  bool pieces;      /* what follows, up to one of false, is one response */
  const char *body; /* of the tape; or NULL */
  size_t body_len;
  enum kam_http_framing framing; /* of what follows, set by writing */
  uint64_t left;                 /* bytes that follow, if LENGTH */
  enum kam_http_coding coding;   /* the caller is to compress the body so */
  char text[64];                 /* a body of our own */
  const char *why;               /* it cannot be sent */
};

/* Reads a response, or what follows one: 0, or KAM_EFAILED with why. */
int kam_http_reply_read(struct kam_http_reply *r, const struct kam_tape *t);

/* Reads a response and writes its head to out: 0, or KAM_EFAILED with why. */
int kam_http_reply_write(struct kam_http_reply *r, const struct kam_tape *t,
                         struct kam_http_terms *terms, struct kam_text *out);

/* The same for a response that is always the same. */
void kam_http_reply_fixed(struct kam_http_reply *r,
                          const struct kam_http_fixed *fixed,
                          struct kam_http_terms *terms, struct kam_text *out);

/* A response of our own with a short text, or the page for its status: an
 * error, which closes. */
void kam_http_reply_error(int status, const char *why,
                          struct kam_http_terms *terms, struct kam_text *out);

#endif
