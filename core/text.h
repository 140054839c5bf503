/* text: bytes that are written one after the other.
 *
 * Writing never fails at once: failed tells that memory ran out, after which
 * nothing more is written. */
#ifndef KAM_TEXT_H
#define KAM_TEXT_H

#include "core/mem.h"

#include <stdbool.h>

struct kam_text {
  struct kam_mem *mem;
  char *s; /* not ended by a zero; NULL while nothing was written */
  size_t len, size;
  bool failed;
};

static inline void kam_text_init(struct kam_text *t, struct kam_mem *mem)
{
  *t = (struct kam_text){.mem = mem};
}

/* Gives its memory back; it may be written to again. */
void kam_text_fini(struct kam_text *t);

void kam_text_put(struct kam_text *t, const void *bytes, size_t len);
void kam_text_puts(struct kam_text *t, const char *s);

/* As printf, up to 255 bytes at a time. */
void kam_text_printf(struct kam_text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
