/* mem: free lists over arenas. */
#include "core/mem.h"

#include "core/err.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef KAM_NO_POOL
enum { POOLED = 0 };
#else
enum { POOLED = 1 };
#endif

/* A free block holds the next free one in its first word. */
static void push(void **list, void *block)
{
  memcpy(block, list, sizeof *list);
  *list = block;
}

static void *pop(void **list)
{
  void *block = *list;
  memcpy(list, block, sizeof *list);
  return block;
}

/* The index of the smallest large size that holds size. */
static unsigned large_class(size_t size)
{
  unsigned i = 0;
  while (((size_t)KAM_MEM_SMALL << i) < size)
    i++;
  return i;
}

/* The first arenas are small; a runtime that needs more gets pages of 2 MiB,
 * if the kernel has them, since to fault in 512 small ones costs more than to
 * use them. */
static char *get_arena(struct kam_mem *m, size_t *size)
{
  void *arena = NULL;
  *size = KAM_MEM_ARENA;
  if (m->n_arenas < KAM_MEM_FEW)
    return malloc(*size);
  *size = KAM_MEM_HUGE;
  if (posix_memalign(&arena, *size, *size))
    return NULL;
  madvise(arena, *size, MADV_HUGEPAGE);
  return arena;
}

static int new_arena(struct kam_mem *m)
{
  size_t rest = (size_t)(m->end - m->next), size;
  char *arena = get_arena(m, &size);
  if (!arena)
    return KAM_ENOMEM;
  m->n_arenas++;
  if (rest >= 16)
    push(&m->small[rest / 16], m->next);
  push(&m->arenas, arena);
  m->next = arena + 16; /* the first word links the arenas */
  m->end = arena + size;
  return 0;
}

static void *alloc_small(struct kam_mem *m, size_t size)
{
  size_t class = (size + 15) / 16;
  char *block;
  if (m->small[class])
    return pop(&m->small[class]);
  if ((size_t)(m->end - m->next) < class * 16 && new_arena(m))
    return NULL;
  block = m->next;
  m->next += class * 16;
  return block;
}

static void *alloc_large(struct kam_mem *m, size_t size)
{
  unsigned i = large_class(size);
  if (!m->spares[i])
    return malloc((size_t)KAM_MEM_SMALL << i);
  m->spares[i]--;
  return pop(&m->large[i]);
}

static void *alloc_raw(struct kam_mem *m, size_t size)
{
  if (!POOLED)
    return malloc(size);
  if (size <= KAM_MEM_SMALL)
    return alloc_small(m, size);
  return size <= KAM_MEM_LARGE ? alloc_large(m, size) : malloc(size);
}

/* To give a large block back to the system and to fault in the next one costs
 * more than to copy into it. */
static int has_enough(const struct kam_mem *m, unsigned i)
{
  return m->spares[i] == KAM_MEM_SPARES ||
         m->spares[i] == (KAM_MEM_KEPT / KAM_MEM_SMALL) >> i;
}

static void free_raw(struct kam_mem *m, void *p, size_t size)
{
  unsigned i;
  if (!POOLED || size > KAM_MEM_LARGE) {
    free(p);
    return;
  }
  if (size <= KAM_MEM_SMALL) {
    push(&m->small[(size + 15) / 16], p);
    return;
  }
  i = large_class(size);
  if (has_enough(m, i)) {
    free(p);
    return;
  }
  m->spares[i]++;
  push(&m->large[i], p);
}

/* Is this one to be refused, by order or by the limit? */
static int refused(struct kam_mem *m, size_t more)
{
  if (m->left && --m->left == 0)
    return 1;
  return m->limit && m->used + more > m->limit;
}

void kam_mem_init(struct kam_mem *m)
{
  memset(m, 0, sizeof *m);
}

void kam_mem_fini(struct kam_mem *m)
{
  kam_assert(m->used == 0);
  while (m->arenas)
    free(pop(&m->arenas));
  for (unsigned i = 0; i < KAM_MEM_SIZES; i++)
    while (m->large[i])
      free(pop(&m->large[i]));
}

void *kam_mem_alloc(struct kam_mem *m, size_t size)
{
  void *p;
  if (size == 0)
    size = 1;
  if (refused(m, size))
    return NULL;
  p = alloc_raw(m, size);
  if (p)
    m->used += size;
  return p;
}

void *kam_mem_zalloc(struct kam_mem *m, size_t size)
{
  void *p = kam_mem_alloc(m, size);
  if (p)
    memset(p, 0, size);
  return p;
}

void *kam_mem_realloc(struct kam_mem *m, void *p, size_t old, size_t size)
{
  void *q;
  if (!p)
    return kam_mem_alloc(m, size);
  if (POOLED && size <= KAM_MEM_SMALL && (old + 15) / 16 == (size + 15) / 16) {
    m->used += size - old;
    return p;
  }
  q = kam_mem_alloc(m, size);
  if (!q && size <= old) { /* to shrink never fails: the block is only large */
    m->used -= old - size;
    return p;
  }
  if (!q)
    return NULL;
  memcpy(q, p, old < size ? old : size);
  kam_mem_free(m, p, old);
  return q;
}

void kam_mem_free(struct kam_mem *m, void *p, size_t size)
{
  if (!p)
    return;
  if (size == 0)
    size = 1;
  m->used -= size;
  free_raw(m, p, size);
}

char *kam_mem_strdup(struct kam_mem *m, const char *s)
{
  size_t size = strlen(s) + 1;
  char *copy = kam_mem_alloc(m, size);
  if (copy)
    memcpy(copy, s, size);
  return copy;
}

void kam_mem_strfree(struct kam_mem *m, char *s)
{
  if (s)
    kam_mem_free(m, s, strlen(s) + 1);
}
