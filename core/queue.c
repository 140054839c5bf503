/* queue: growing the ring. */
#include "core/queue.h"

#include "core/err.h"

int kam_queue_reserve(struct kam_queue *q, struct kam_mem *mem, size_t n)
{
  size_t size = q->size ? q->size : 64, len = kam_queue_len(q), i;
  void **slots;
  if (n <= q->size)
    return 0;
  while (size < n)
    size *= 2;
  slots = kam_mem_alloc(mem, size * sizeof *slots);
  if (!slots)
    return KAM_ENOMEM;
  for (i = 0; i < len; i++)
    slots[i] = q->slots[(q->head + i) & (q->size - 1)];
  kam_queue_fini(q, mem);
  *q = (struct kam_queue){.slots = slots, .size = size, .tail = len};
  return 0;
}

void kam_queue_fini(struct kam_queue *q, struct kam_mem *mem)
{
  kam_mem_free(mem, q->slots, q->size * sizeof *q->slots);
  *q = (struct kam_queue){0};
}
