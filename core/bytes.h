/* bytes: a counted buffer, and slices of it that copy nothing.
 *
 *     kam_bytes ──> data (capacity bytes)
 *       ^ parent
 *     kam_bytes (slice) ──> data + offset
 *
 * Its maker may write into data until it is sent; from then on it is
 * immutable. All calls are for the loop's thread. */
#ifndef KAM_BYTES_H
#define KAM_BYTES_H

#include "core/msg.h"

struct kam_bytes {
  struct kam_object object; /* must be first */
  struct kam_mem *mem;
  struct kam_bytes *parent; /* whose data this is a part of, or NULL */
  unsigned char *data;
  size_t len;
  size_t capacity; /* of its own data; 0 for a slice */
  size_t cuts;     /* slices that lie behind it, in its own memory */
};

/* A buffer for size bytes, with len = size; the caller owns it. NULL when
 * memory is out. */
struct kam_bytes *kam_bytes_new(struct kam_mem *mem, size_t size);

/* The same, filled with a copy of len bytes. */
struct kam_bytes *kam_bytes_copy(struct kam_mem *mem, const void *data,
                                 size_t len);

/* len bytes of b from offset on, which must be within it; the caller owns the
 * slice, and b lives on while it does. NULL when memory is out. */
struct kam_bytes *kam_bytes_slice(struct kam_bytes *b, size_t offset,
                                  size_t len);

/* A buffer with room for n slices of it that cost no memory of their own: for
 * what cuts a buffer into many small parts, and sends them one after the other.
 * The buffer lives while one of them does. */
struct kam_bytes *kam_bytes_new_cut(struct kam_mem *mem, size_t size, size_t n);

/* The slice in place i of such a buffer, which must not be in use: the caller
 * owns what kam_bytes_cut then makes of it. It changes only that place, so that
 * a worker may do it while nobody else uses the buffer; the reference to the
 * buffer that each slice holds is then added by kam_bytes_keep. */
static inline struct kam_bytes *kam_bytes_place(struct kam_bytes *b, size_t i)
{
  return b + 1 + i;
}
void kam_bytes_cut(struct kam_bytes *b, size_t i, size_t offset, size_t len);

/* n slices of b that were cut are about to be sent. */
static inline void kam_bytes_keep(struct kam_bytes *b, size_t n)
{
  b->object.refs += (uint32_t)n;
}

void kam_bytes_unref(struct kam_bytes *b);

/* A message of b; takes the caller's reference. */
struct kam_msg kam_msg_bytes(struct kam_bytes *b);

/* The buffer of a message, borrowed; NULL if it is something else. */
struct kam_bytes *kam_msg_get_bytes(struct kam_msg m);

/* A slice under an eighth of its buffer would keep the rest alive: makes m a
 * copy, if memory allows. Called by what sends. */
void kam_bytes_compact(struct kam_msg *m);

#endif
