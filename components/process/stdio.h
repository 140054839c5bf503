/* stdio: our ends of a child's standard input, output and error.
 *
 * A reader has a few chunks that were not yet sent, and reads no more before
 * there is room for one; a writer has at most one write under way. Each counts
 * as held by its component from _init until it is closed. */
#ifndef KAM_PROCESS_STDIO_H
#define KAM_PROCESS_STDIO_H

#include "core/loop.h"

enum {
  KAM_STDIO_BATCH = 64, /* messages in one write */
  KAM_STDIO_CHUNKS = 8  /* that wait to be sent */
};

struct kam_stdio_reader {
  uv_pipe_t pipe; /* must be first */
  struct kam_component *c;
  struct kam_bytes *room;                     /* to be read into, or NULL */
  struct kam_bytes *chunks[KAM_STDIO_CHUNKS]; /* what has come: a ring */
  unsigned first, n;
  bool open;
  bool over;     /* nothing more will come */
  bool failed;   /* for another reason than the end */
  bool discards; /* what comes is wanted no longer */
};

struct kam_stdio_writer {
  uv_pipe_t pipe; /* must be first */
  struct kam_component *c;
  uv_write_t req;
  struct kam_msg msgs[KAM_STDIO_BATCH];
  uv_buf_t bufs[KAM_STDIO_BATCH];
  unsigned n;
  bool open, busy;
  bool deaf; /* the child takes no more */
};

/* 0 or KAM_EIO. */
int kam_stdio_reader_init(struct kam_stdio_reader *r, struct kam_component *c);
int kam_stdio_writer_init(struct kam_stdio_writer *w, struct kam_component *c);

/* Reads on, if there is room for a chunk: 0 or KAM_EIO. */
int kam_stdio_read(struct kam_stdio_reader *r);

/* The oldest chunk that has come, or NULL; the caller owns it. */
struct kam_bytes *kam_stdio_take(struct kam_stdio_reader *r);

/* Writes what waits in the component's inbox, a bounded part of it: true if
 * there is more, and it can be written at once. */
bool kam_stdio_write(struct kam_stdio_writer *w);

/* Closes it, if it is open. What was not taken is gone. */
void kam_stdio_reader_close(struct kam_stdio_reader *r);
void kam_stdio_writer_close(struct kam_stdio_writer *w);

#endif
