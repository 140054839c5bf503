/* message: HTTP/1.1 requests and responses (RFC 9112), read by llhttp.
 *
 * llhttp forgives what others in front of us, or behind, may read in another
 * way. What is no body is therefore looked at a second time: each line ends
 * with CR LF, none is folded, and there are bounds on all. */
#ifndef KAM_HTTP_MESSAGE_H
#define KAM_HTTP_MESSAGE_H

#include "core/tape.h"
#include "core/text.h"

#include <llhttp.h>

enum {
  KAM_HTTP_HEADERS = 100,    /* in one message */
  KAM_HTTP_TARGET = 8 << 10, /* bytes of a request's target */
  KAM_HTTP_LINE = 8 << 10,   /* of one header, and of other lines */
  KAM_HTTP_HEAD = 32 << 10   /* of all lines before a body, or behind it */
};

/* What a read came to, or a status of 400 and more: it is refused. */
enum kam_http_read {
  KAM_HTTP_MORE,  /* it is not yet whole */
  KAM_HTTP_WHOLE, /* it is */
  KAM_HTTP_BODY,  /* with stops_at_body: one begins, how long may it be? */
  KAM_HTTP_PIECE, /* of a body that is streamed is here: read on, even if
                   * nothing is left */
  KAM_HTTP_NOMEM
};

/* A part of the text. */
struct kam_http_span {
  uint16_t at, len;
};

struct kam_http {
  llhttp_t p;
  struct kam_text text; /* the target or the reason, names and values */
  struct kam_text body; /* unless it is streamed */
  struct kam_http_span target, reason, name[KAM_HTTP_HEADERS],
      value[KAM_HTTP_HEADERS];
  unsigned n;         /* headers */
  uint64_t max_body;  /* of a message that is not streamed */
  uint64_t received;  /* bytes of the body */
  size_t line, head;  /* bytes of this line, and of all lines so far */
  const char *cursor; /* what is behind it has not been looked at */
  unsigned char last; /* the byte before */
  bool begun;         /* something of the message has come */
  bool in_first;      /* what is looked at is in its first line */
  bool in_head;       /* and before its body */
  bool has_head;      /* all headers are read */
  bool in_value;      /* of a header */
  bool expects;       /* it asks whether it may send its body */
  bool upgrades;      /* it asks for another protocol */
  bool stops_at_body;
  bool at_body;      /* it has just stopped there */
  bool streams;      /* set before it comes: its body is wanted in pieces */
  bool to_head;      /* the same: it answers HEAD */
  bool to_connect;   /* and CONNECT */
  const char *piece; /* of the body, in what was read last */
  size_t piece_len;
  int refused; /* a status, once there was something wrong */
  const char *why;
};

/* For requests, or for responses. */
void kam_http_init(struct kam_http *h, struct kam_mem *mem);
void kam_http_init_responses(struct kam_http *h, struct kam_mem *mem);
void kam_http_fini(struct kam_http *h);

/* Reads on in a message; used tells how much of data that took. */
int kam_http_read(struct kam_http *h, const char *data, size_t len,
                  size_t *used);

/* Nothing more comes: is the message whole by that? */
bool kam_http_ends(const struct kam_http *h);

/* Has the connection more for us behind this message? */
bool kam_http_goes_on(const struct kam_http *h);

/* Sets what the body may have: 0, or 413. */
int kam_http_bound(struct kam_http *h, uint64_t max_body);

/* The next one begins. */
void kam_http_next(struct kam_http *h);

/* The value of the first header of that name, in small letters, or NULL. */
const char *kam_http_header(const struct kam_http *h, const char *name,
                            size_t *len);

/* Writes the headers as a table: names in small letters, values of equal names
 * joined by a comma, but those of set-cookie a list. */
void kam_http_headers(const struct kam_http *h, struct kam_tape *t);

#endif
