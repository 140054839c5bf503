/* stream: a socket or pipe of libuv between the inbox and the outbox of a
 * component, which must be duplex.
 *
 *     peer ──> what is read ──> outbox         reading stops while it is full
 *     peer <── one writev a turn <── inbox     taking stops while it is full
 *
 * What is read goes straight to the receiver; only what it has no room for is
 * kept, and sent by the component's step. Parts of files go to the peer by
 * sendfile, without being read here. A stream counts as held by its
 * component from its init until it is closed. */
#ifndef KAM_STREAM_H
#define KAM_STREAM_H

#include "core/loop.h"

enum { KAM_STREAM_BATCH = 64 }; /* messages in one write */

struct kam_stream_write;

struct kam_stream {
  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
  } uv; /* must be first */
  struct kam_component *c;
  struct kam_bytes *chunk;              /* came when its receiver had no room */
  struct kam_stream_write *write;       /* under way, or NULL */
  struct kam_msg extent;                /* a part of a file to write next */
  size_t sent;                          /* bytes of it */
  uint64_t written;                     /* bytes given to libuv or the kernel */
  uint64_t active;                      /* when bytes came or went last */
  int error;                            /* libuv's, of what broke it, or 0 */
  void (*closed)(struct kam_stream *s); /* may open it anew; or NULL */
  bool open;
  bool reading;
  bool over;     /* nothing more will come */
  bool discards; /* what comes is wanted no longer */
  bool shut;     /* the peer was told that no more will come */
};

/* 0 or KAM_EIO. */
int kam_stream_init_tcp(struct kam_stream *s, struct kam_component *c);
int kam_stream_init_pipe(struct kam_stream *s, struct kam_component *c);

/* For a step: sends what was kept, and reads on if there is room. 0, or a
 * negative code of the send. */
int kam_stream_read(struct kam_stream *s);

/* For a step: writes what waits in the inbox, a bounded part of it. True if
 * there is more, and it can be written at once. */
bool kam_stream_write(struct kam_stream *s);

/* How many of the bytes that were written the peer has not yet taken, as far
 * as the kernel knows. */
size_t kam_stream_left(const struct kam_stream *s);

/* Tells the peer that no more will come, behind all that was written. */
void kam_stream_shut(struct kam_stream *s);

/* Closes it, if it is open. What is kept or not yet written is gone. */
void kam_stream_close(struct kam_stream *s);

/* The same, and what the peer has not taken is gone at once: the kernel keeps
 * nothing for it, and tells it so. */
void kam_stream_reset(struct kam_stream *s);

#endif
