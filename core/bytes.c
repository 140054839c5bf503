/* bytes: headers apart from data, so that a slice is only a header. */
#include "core/bytes.h"

#include "core/err.h"

#include <string.h>

static void release(struct kam_object *o)
{
  struct kam_bytes *b = (struct kam_bytes *)o;
  if (b->parent)
    kam_object_unref(&b->parent->object);
  else
    kam_mem_free(b->mem, b->data, b->capacity);
  kam_mem_free(b->mem, b, sizeof *b);
}

static const void *view(struct kam_object *o, size_t *len)
{
  struct kam_bytes *b = (struct kam_bytes *)o;
  *len = b->len;
  return b->data;
}

static const struct kam_object_ops bytes_ops = {
    .name = "bytes", .release = release, .view = view};

static struct kam_bytes *new_header(struct kam_mem *mem)
{
  struct kam_bytes *b = kam_mem_zalloc(mem, sizeof *b);
  if (b) {
    b->object.ops = &bytes_ops;
    b->object.refs = 1;
    b->mem = mem;
  }
  return b;
}

struct kam_bytes *kam_bytes_new(struct kam_mem *mem, size_t size)
{
  struct kam_bytes *b = new_header(mem);
  if (!b)
    return NULL;
  b->data = kam_mem_alloc(mem, size);
  if (!b->data) {
    kam_mem_free(mem, b, sizeof *b);
    return NULL;
  }
  b->len = b->capacity = size;
  return b;
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
  struct kam_bytes *s;
  kam_assert(offset <= b->len && len <= b->len - offset);
  s = new_header(b->mem);
  if (!s)
    return NULL;
  s->parent = b->parent ? b->parent : b;
  kam_object_ref(&s->parent->object);
  s->data = b->data + offset;
  s->len = len;
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
  copy = kam_bytes_copy(b->mem, b->data, b->len);
  if (!copy) /* the slice itself is as right, only larger */
    return;
  kam_bytes_unref(b);
  *m = kam_msg_bytes(copy);
}
