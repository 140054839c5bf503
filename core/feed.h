/* feed: the step of a component that turns what comes, piece by piece, into
 * any number of messages: a codec, a parser.
 *
 *     inbox ──take──> in hand [ done | data ... ] ──work──> outbox
 *                                    ^ at
 *
 * work is called while something of a message is left, and does a bounded
 * piece; finish when nothing more comes. Both send at most one message a call,
 * as the last thing that they do. */
#ifndef KAM_FEED_H
#define KAM_FEED_H

#include "core/life.h"

struct kam_feed {
  struct kam_msg msg;        /* in hand, or nothing */
  const unsigned char *data; /* its bytes; NULL if it is no text or buffer */
  size_t len, at;            /* how many, and how many of them are done */
  uint64_t number;           /* messages that have come */
  bool more;                 /* set by work: it is not yet done with it */
};

/* Goes on with the message in hand: moves at on. 0, or what kam_send gave, or
 * a negative code. A message is done when work has left at = len and more
 * false; one without bytes is shown once. */
typedef int (*kam_feed_fn)(struct kam_component *c);

/* One step. finish gives what it sent as work does, and is called again until
 * it gives KAM_FEED_OVER; it is not called when c is told to end now. */
int kam_feed_step(struct kam_component *c, struct kam_feed *f, kam_feed_fn work,
                  kam_feed_fn finish);

enum { KAM_FEED_OVER = 100 };

/* What is left of the message in hand. */
static inline const unsigned char *kam_feed_data(const struct kam_feed *f,
                                                 size_t *left)
{
  *left = f->len - f->at;
  return f->data + f->at;
}

/* Gives the message in hand back: for close. */
void kam_feed_fini(struct kam_component *c, struct kam_feed *f);

/* Sends a copy of len bytes to outbox: as kam_send, or KAM_ENOMEM. line: they
 * are a text without an end of line. */
int kam_feed_send(struct kam_component *c, const void *bytes, size_t len,
                  bool line);

/* Makes c fail with a text as printf makes it: KAM_EFAILED, for its caller to
 * return. */
int kam_failf(struct kam_component *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
