/* text: bytes that are written one after the other. */
#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void kam_text_fini(struct kam_text *t)
{
  kam_mem_free(t->mem, t->s, t->size);
  kam_text_init(t, t->mem);
}

void kam_text_put(struct kam_text *t, const void *bytes, size_t len)
{
  size_t size = t->size ? t->size : 512;
  char *s;
  if (t->failed || len == 0)
    return;
  while (size - t->len < len)
    size *= 2;
  if (size != t->size) {
    s = kam_mem_realloc(t->mem, t->s, t->size, size);
    if (!s) {
      t->failed = true;
      return;
    }
    t->s = s;
    t->size = size;
  }
  memcpy(t->s + t->len, bytes, len);
  t->len += len;
}

void kam_text_puts(struct kam_text *t, const char *s)
{
  kam_text_put(t, s, strlen(s));
}

void kam_text_printf(struct kam_text *t, const char *format, ...)
{
  char buf[256];
  int n;
  va_list args;
  va_start(args, format);
  n = vsnprintf(buf, sizeof buf, format, args);
  va_end(args);
  if (n > 0)
    kam_text_put(t, buf, (size_t)n < sizeof buf ? (size_t)n : sizeof buf - 1);
}
