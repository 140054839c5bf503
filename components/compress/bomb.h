/* bomb: what decompressors allow: a few bytes must not become too many.
 *
 * A component of this family holds a struct bomb for its options limit and
 * ratio, and sends by bomb_send. */
#ifndef KAM_COMPRESS_BOMB_H
#define KAM_COMPRESS_BOMB_H

#include "core/component.h"

struct bomb {
  int64_t limit; /* option: bytes that may come out; 0: any number */
  int64_t ratio; /* option: of bytes out to bytes in; 0: any */
  uint64_t in, out;
};

/* The options of a component whose struct has a field bomb. */
#define BOMB_OPTIONS(type_)                                                    \
  {.name = "limit",                                                            \
   .doc = "bytes that may come out, more is an error; 0: any number",          \
   .type = KAM_OPTION_INTEGER,                                                 \
   .offset = offsetof(type_, bomb) + offsetof(struct bomb, limit),             \
   .fallback = {.type = KAM_OPTION_INTEGER, .i = 0},                           \
   .max = 9e15},                                                               \
  {                                                                            \
    .name = "ratio",                                                           \
    .doc = "times as many bytes out as in, more (above 1 MiB) is an error; "   \
           "0: any number",                                                    \
    .type = KAM_OPTION_INTEGER,                                                \
    .offset = offsetof(type_, bomb) + offsetof(struct bomb, ratio),            \
    .fallback = {.type = KAM_OPTION_INTEGER, .i = 0}, .max = 1e9               \
  }

/* Sends n bytes, none if n is 0; fails c if they are too many. */
int bomb_send(struct kam_component *c, struct bomb *b, const void *data,
              size_t n);

#endif
