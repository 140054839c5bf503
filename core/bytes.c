/* bytes: headers apart from data, so that a slice is only a header. */
#include "core/bytes.h"

#include "core/err.h"

#include <string.h>

static void release(struct kam_object *o)
{
  struct kam_bytes *b = (struct kam_bytes *)o;
  struct kam_mem *mem = b->mem;
  if (b->parent)
    kam_object_unref(&b->parent->object);
  else
    kam_mem_free(mem, b->data, b->capacity);
  if (mem) /* else it lies behind its parent, and has gone with it */
    kam_mem_free(mem, b, (1 + b->cuts) * sizeof *b);
}

static const void *view(struct kam_object *o, size_t *len)
{
  struct kam_bytes *b = (struct kam_bytes *)o;
  *len = b->len;
  return b->data;
}

static const struct kam_object_ops bytes_ops = {
    .name = "bytes", .release = release, .view = view};

struct kam_bytes *kam_bytes_new_cut(struct kam_mem *mem, size_t size, size_t n)
{
  struct kam_bytes *b = kam_mem_alloc(mem, (1 + n) * sizeof *b);
  if (!b)
    return NULL;
  *b = (struct kam_bytes){.object = {.ops = &bytes_ops, .refs = 1},
                          .mem = mem,
                          .data = kam_mem_alloc(mem, size),
                          .len = size,
                          .capacity = size,
                          .cuts = n};
  if (!b->data) {
    kam_mem_free(mem, b, (1 + n) * sizeof *b);
    return NULL;
  }
  return b;
}

struct kam_bytes *kam_bytes_new(struct kam_mem *mem, size_t size)
{
  return kam_bytes_new_cut(mem, size, 0);
}

void kam_bytes_cut(struct kam_bytes *b, size_t i, size_t offset, size_t len)
{
  kam_assert(i < b->cuts && offset <= b->len && len <= b->len - offset);
  *kam_bytes_place(b, i) =
      (struct kam_bytes){.object = {.ops = &bytes_ops, .refs = 1},
                         .parent = b,
                         .data = b->data + offset,
                         .len = len};
}

struct kam_bytes *kam_bytes_copy(struct kam_mem *mem, const void *data,
                                 size_t len)
{
  struct kam_bytes *b = kam_bytes_new(mem, len);
  if (b && len)
    memcpy(b->data, data, len);
  return b;
}

struct kam_bytes *kam_bytes_slice(struct kam_bytes *b, size_t offset,
                                  size_t len)
{
  struct kam_bytes *whole = b->parent ? b->parent : b, *s;
  kam_assert(offset <= b->len && len <= b->len - offset);
  s = kam_mem_alloc(whole->mem, sizeof *s);
  if (!s)
    return NULL;
  kam_object_ref(&whole->object);
  *s = (struct kam_bytes){.object = {.ops = &bytes_ops, .refs = 1},
                          .mem = whole->mem,
                          .parent = whole,
                          .data = b->data + offset,
                          .len = len};
  return s;
}

void kam_bytes_unref(struct kam_bytes *b)
{
  kam_object_unref(&b->object);
}

struct kam_msg kam_msg_bytes(struct kam_bytes *b)
{
  return (struct kam_msg){.tag = KAM_OBJECT,
                          .flags = b->parent ? KAM_MSG_SLICE : 0,
                          .kind = KAM_BYTES | KAM_BUFFER,
                          .len = b->len > UINT32_MAX ? UINT32_MAX
                                                     : (uint32_t)b->len,
                          .u = {.object = &b->object}};
}

struct kam_bytes *kam_msg_get_bytes(struct kam_msg m)
{
  if (m.tag != KAM_OBJECT || m.u.object->ops != &bytes_ops)
    return NULL;
  return (struct kam_bytes *)m.u.object;
}

void kam_bytes_compact(struct kam_msg *m)
{
  struct kam_bytes *b = kam_msg_get_bytes(*m), *copy;
  if (!b || !b->parent || b->len >= b->parent->capacity / 8)
    return;
  copy = kam_bytes_copy(b->parent->mem, b->data, b->len);
  if (!copy) /* the slice itself is as right, only larger */
    return;
  kam_bytes_unref(b);
  *m = kam_msg_bytes(copy);
}
