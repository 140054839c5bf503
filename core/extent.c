/* extent: a part of an open file, as a message of bytes. */
#include "core/extent.h"

#include "core/err.h"

#include <unistd.h>

struct kam_open_file *kam_open_file_new(struct kam_mem *mem, int fd)
{
  struct kam_open_file *f = kam_mem_alloc(mem, sizeof *f);
  if (f)
    *f = (struct kam_open_file){.mem = mem, .refs = 1, .fd = fd};
  return f;
}

void kam_open_file_unref(struct kam_open_file *f)
{
  if (--f->refs)
    return;
  close(f->fd);
  kam_mem_free(f->mem, f, sizeof *f);
}

static void release(struct kam_object *o)
{
  struct kam_extent *e = (struct kam_extent *)o;
  struct kam_open_file *f = e->file;
  struct kam_mem *mem = f->mem;
  kam_mem_free(mem, e->data, e->data ? e->len : 0);
  kam_mem_free(mem, e, sizeof *e);
  kam_open_file_unref(f);
}

static const void *view(struct kam_object *o, size_t *len)
{
  struct kam_extent *e = (struct kam_extent *)o;
  size_t done = 0;
  ssize_t n = 1;
  *len = 0;
  if (!e->data) {
    e->data = kam_mem_alloc(e->file->mem, e->len);
    while (e->data && done < e->len && n > 0) {
      n = pread(e->file->fd, e->data + done, e->len - done,
                e->from + (int64_t)done);
      done += n > 0 ? (size_t)n : 0;
    }
    if (e->data && done < e->len) {
      kam_mem_free(e->file->mem, e->data, e->len);
      e->data = NULL;
    }
  }
  *len = e->data ? e->len : 0;
  return e->data;
}

static const struct kam_object_ops extent_ops = {
    .name = "a part of a file", .release = release, .view = view};

int kam_extent_msg(struct kam_open_file *f, int64_t from, size_t len,
                   struct kam_msg *out)
{
  struct kam_extent *e = kam_mem_alloc(f->mem, sizeof *e);
  if (!e)
    return KAM_ENOMEM;
  kam_assert(len > 0 && len <= UINT32_MAX);
  f->refs++;
  *e = (struct kam_extent){.object = {.ops = &extent_ops, .refs = 1},
                           .file = f,
                           .from = from,
                           .len = len};
  *out = (struct kam_msg){.tag = KAM_OBJECT,
                          .kind = KAM_BYTES | KAM_BUFFER,
                          .len = (uint32_t)len,
                          .u = {.object = &e->object}};
  return 0;
}

struct kam_extent *kam_msg_get_extent(struct kam_msg m)
{
  if (m.tag != KAM_OBJECT || m.u.object->ops != &extent_ops)
    return NULL;
  return (struct kam_extent *)m.u.object;
}
