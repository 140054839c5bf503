/* target: a file that is written on a worker, in place or as a whole.
 *
 * In place, bytes go into the file as they come. As a whole (atomic), they go
 * into a new file in the same folder, which takes the place of the old one when
 * all is there and on the disk: whoever reads the file sees the old or the new
 * one, and after a crash as well. All calls but _init may block: they are for
 * workers. Each gives 0 or an errno. */
#ifndef KAM_FILE_TARGET_H
#define KAM_FILE_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

enum kam_target_mode {
  KAM_TARGET_WRITE,  /* what was there goes */
  KAM_TARGET_APPEND, /* it is written behind what is there */
  KAM_TARGET_NEW     /* there must be none */
};

struct kam_target {
  const char *path; /* borrowed */
  enum kam_target_mode mode;
  bool atomic, sync, mkdir;
  bool stop; /* set from another thread: do not wait for a reader any more */
  int fd;    /* -1: not open */
  char place[PATH_MAX]; /* where the file is, links followed */
  char temp[PATH_MAX];  /* what is written while atomic, or "" */
};

void kam_target_init(struct kam_target *t, const char *path);
int kam_target_open(struct kam_target *t);

/* Writes all; iov is changed. */
int kam_target_write(struct kam_target *t, struct iovec *iov, int n);

/* Writes len bytes of another file, from there on; ENODATA: it has fewer. */
int kam_target_copy(struct kam_target *t, int from, off_t at, size_t len);

/* All is written: it is closed, and if atomic takes its place. */
int kam_target_finish(struct kam_target *t);

/* Closed as it is; if atomic, the old file stays and the new one goes. */
void kam_target_abandon(struct kam_target *t);

#endif
