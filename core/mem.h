/* mem: the memory of one runtime, counted, limited, and made to fail on demand.
 *
 * Blocks up to KAM_MEM_SMALL bytes come from free lists, one for each 16 bytes
 * of size, cut from arenas; those up to KAM_MEM_LARGE from a few kept spares of
 * a power of two; the rest from malloc. Who frees a block says its size.
 * Built with KAM_NO_POOL, all goes to malloc, so that sanitizers see each
 * block.
 *
 * One thread, the loop's, uses a kam_mem. */
#ifndef KAM_MEM_H
#define KAM_MEM_H

#include <stddef.h>
#include <stdint.h>

enum {
  KAM_MEM_SMALL = 2048,
  KAM_MEM_LARGE = 1 << 20,
  KAM_MEM_ARENA = 1 << 20, /* bytes in each of the first arenas */
  KAM_MEM_HUGE = 1 << 21,  /* and in the others */
  KAM_MEM_FEW = 8,         /* how many are the first */
  KAM_MEM_SIZES = 10,      /* of large blocks: 2 KiB << i */
  KAM_MEM_SPARES = 64,     /* blocks kept of each of them, at most */
  KAM_MEM_KEPT = 1 << 22   /* bytes in those of one size, at most */
};

struct kam_mem {
  void *small[KAM_MEM_SMALL / 16 + 1]; /* free lists by size / 16 */
  char *next, *end;                    /* what is left of the newest arena */
  void *arenas;                        /* all arenas, linked by first word */
  unsigned n_arenas;
  void *large[KAM_MEM_SIZES]; /* spare blocks */
  unsigned spares[KAM_MEM_SIZES];
  size_t used;   /* bytes handed out */
  size_t limit;  /* at most so many; 0: no limit */
  uint64_t left; /* allocations until the one that fails; 0: none fails */
};

void kam_mem_init(struct kam_mem *m);

/* Gives everything back. All blocks must have been freed: kam_mem.used is 0. */
void kam_mem_fini(struct kam_mem *m);

/* size bytes, not zeroed, aligned to 16; NULL when there are none. */
void *kam_mem_alloc(struct kam_mem *m, size_t size);

/* The same, zeroed. */
void *kam_mem_zalloc(struct kam_mem *m, size_t size);

/* p may be NULL with old = 0. On NULL the old block is as it was; to shrink
 * never fails. */
void *kam_mem_realloc(struct kam_mem *m, void *p, size_t old, size_t size);

/* p may be NULL. size is what it was allocated with. */
void kam_mem_free(struct kam_mem *m, void *p, size_t size);

/* A copy of a string in memory of m; its size is strlen + 1. */
char *kam_mem_strdup(struct kam_mem *m, const char *s);
void kam_mem_strfree(struct kam_mem *m, char *s);

#endif
