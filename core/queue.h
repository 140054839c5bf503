/* queue: a ring of pointers that grows; the run queue is one. */
#ifndef KAM_QUEUE_H
#define KAM_QUEUE_H

#include "core/mem.h"

#include <stdbool.h>

struct kam_queue {
  void **slots;
  size_t size;       /* a power of two, or 0 */
  size_t head, tail; /* count up; slot = index & (size - 1) */
};

/* Makes room for n entries in all, so that n pushes cannot fail.
 * 0 or KAM_ENOMEM. */
int kam_queue_reserve(struct kam_queue *q, struct kam_mem *mem, size_t n);

void kam_queue_fini(struct kam_queue *q, struct kam_mem *mem);

static inline size_t kam_queue_len(const struct kam_queue *q)
{
  return q->tail - q->head;
}

/* Room must have been reserved. */
static inline void kam_queue_push(struct kam_queue *q, void *entry)
{
  q->slots[q->tail++ & (q->size - 1)] = entry;
}

/* Takes the entry that stands n places behind the first; the first takes its
 * place. n must be less than the length. */
static inline void *kam_queue_take(struct kam_queue *q, size_t n)
{
  size_t mask = q->size - 1, first = q->head++ & mask, at = (first + n) & mask;
  void *entry = q->slots[at];
  q->slots[at] = q->slots[first];
  return entry;
}

#endif
