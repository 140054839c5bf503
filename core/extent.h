/* extent: a part of an open file, as a message of bytes.
 *
 * A stream hands it to the kernel as it is, by sendfile, and so does what
 * writes a file, on a worker; for all others its bytes are read when they are
 * first looked at. Who makes one for others than those that copy on a worker
 * (kind.h) sees to it that the bytes are in the kernel's memory by then: the
 * loop may not wait for a disk. */
#ifndef KAM_EXTENT_H
#define KAM_EXTENT_H

#include "core/msg.h"

/* An open file, which is closed when nobody needs it any more. */
struct kam_open_file {
  struct kam_mem *mem;
  uint32_t refs;
  int fd;
};

struct kam_extent {
  struct kam_object object; /* must be first */
  struct kam_open_file *file;
  int64_t from;
  size_t len;
  unsigned char *data; /* once it was looked at, or NULL */
};

/* Takes fd. NULL when memory is out: then fd is the caller's still. */
struct kam_open_file *kam_open_file_new(struct kam_mem *mem, int fd);
void kam_open_file_unref(struct kam_open_file *f);

/* A message of len bytes of f from there on: 0 or KAM_ENOMEM. What the file
 * then lacks of them is an error of whoever reads them: kam_msg_view gives
 * NULL. */
int kam_extent_msg(struct kam_open_file *f, int64_t from, size_t len,
                   struct kam_msg *out);

/* The part of a file that a message is, borrowed; NULL if it is none. */
struct kam_extent *kam_msg_get_extent(struct kam_msg m);

#endif
