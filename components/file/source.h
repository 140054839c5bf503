/* source: a file that is read ahead, and cut into lines or chunks.
 *
 *     block read by the worker [ carry | ............. ]
 *                                 ^ copied from the end of
 *     block being sent         [ line line line | li.. ]
 *
 * While the lines of one block are sent, a worker reads the next one and cuts
 * it. A line is a slice that lies behind its block: none is copied. What can
 * be polled, a pipe or a terminal, is read when it has something. Where the
 * receiver writes a file, what is behind the first block is not read at all. */
#ifndef KAM_FILE_SOURCE_H
#define KAM_FILE_SOURCE_H

#include "core/extent.h"
#include "core/worker.h"

enum kam_source_step {
  KAM_SOURCE_READY, /* a message is there */
  KAM_SOURCE_WAIT,  /* the component is woken when there is more */
  KAM_SOURCE_OVER   /* the file is read to its end */
};

/* What has gone wrong, to be told on the loop's thread. */
enum kam_source_trouble {
  KAM_SOURCE_FINE,
  KAM_SOURCE_OPEN, /* errno is in err */
  KAM_SOURCE_READ,
  KAM_SOURCE_SEEK,
  KAM_SOURCE_LONG /* a line over the limit */
};

struct kam_source {
  struct kam_job job; /* must be first */
  struct kam_component *c;
  /* What is wanted; set before kam_source_open. */
  const char *path; /* borrowed for as long as the component lives */
  bool lines;       /* cut into lines, else into chunks */
  bool crlf;        /* a \r before the end of a line goes as well */
  bool follow;      /* goes on when the file grows */
  bool eager;       /* reads ahead */
  bool extents;     /* sends parts of the file, unread, to who takes such */
  size_t chunk;     /* bytes, of chunks */
  size_t limit;     /* bytes, of a line */
  int64_t from;     /* bytes to skip; negative: from the end */
  int64_t left;     /* bytes to read at most */
  /* The worker's while job.busy, else the loop's. */
  int fd; /* -1 before it is open */
  bool polls, eof;
  bool full; /* the next block has been filled */
  enum kam_source_trouble trouble;
  int err;
  uint64_t number;         /* of lines that were cut */
  int64_t at;              /* the place in it up to where it was read */
  int64_t size;            /* when it was opened */
  struct kam_bytes *next;  /* being filled, or filled */
  size_t filled, cut, n;   /* its bytes, those of them cut, its slices */
  struct kam_bytes *carry; /* the block whose end begins the next one */
  size_t carry_at, carried;
  /* The loop's. */
  struct kam_open_file *file; /* of which parts are sent, or NULL */
  struct kam_bytes *now;      /* being sent */
  size_t sent, ready;         /* of its slices */
  size_t cuts;                /* slices in the next block */
  uv_poll_t poll;
  bool has_poll, waits, readable, sleeps;
};

/* Readies s for c; nothing is opened before the first kam_source_take. */
void kam_source_open(struct kam_source *s, struct kam_component *c);

/* The next line or chunk in *m, to be sent by kam_source_send: a
 * kam_source_step, or a negative code, and c has been told why it fails. */
int kam_source_take(struct kam_source *s, struct kam_msg *m);

/* Sends what was taken, as kam_send does. The parts of one block follow each
 * other in the receiver's box, so that none of them has to be copied. */
int kam_source_send(struct kam_source *s, struct kam_msg m);

/* Gives back what it has, now or when its worker is done. */
void kam_source_close(struct kam_source *s);

#endif
