/* tape: one byte of type, then what belongs to it, unaligned. */
#include "core/tape.h"

#include "core/bytes.h"
#include "core/err.h"

#include <stdlib.h>
#include <string.h>

void kam_tape_init(struct kam_tape *t)
{
  *t = (struct kam_tape){0};
}

void kam_tape_fini(struct kam_tape *t)
{
  free(t->data);
  kam_tape_init(t);
}

void kam_tape_clear(struct kam_tape *t)
{
  t->len = 0;
  t->depth = 0;
  t->err = 0;
}

/* Room for n bytes more, or NULL. */
static unsigned char *extend(struct kam_tape *t, size_t n)
{
  size_t size = t->size ? t->size : 256;
  unsigned char *data;
  if (t->err)
    return NULL;
  while (size - t->len < n && size <= SIZE_MAX / 2)
    size *= 2;
  if (size != t->size) {
    data = size - t->len < n ? NULL : realloc(t->data, size);
    if (!data) {
      t->err = KAM_ENOMEM;
      return NULL;
    }
    t->data = data;
    t->size = size;
  }
  data = t->data + t->len;
  t->len += n;
  return data;
}

static void put(struct kam_tape *t, enum kam_tape_type type, const void *value,
                size_t n)
{
  unsigned char *p = extend(t, 1 + n);
  if (!p)
    return;
  *p = (unsigned char)type;
  if (n)
    memcpy(p + 1, value, n);
}

void kam_tape_null(struct kam_tape *t)
{
  put(t, KAM_TAPE_NULL, NULL, 0);
}

void kam_tape_bool(struct kam_tape *t, bool b)
{
  put(t, KAM_TAPE_BOOL, &b, sizeof b);
}

void kam_tape_int(struct kam_tape *t, int64_t i)
{
  put(t, KAM_TAPE_INT, &i, sizeof i);
}

void kam_tape_number(struct kam_tape *t, double n)
{
  put(t, KAM_TAPE_NUMBER, &n, sizeof n);
}

void kam_tape_bytes(struct kam_tape *t, const void *bytes, size_t len)
{
  unsigned char *p;
  put(t, KAM_TAPE_BYTES, &len, sizeof len);
  p = extend(t, len);
  if (p && len)
    memcpy(p, bytes, len);
}

void kam_tape_text(struct kam_tape *t, const char *s)
{
  kam_tape_bytes(t, s, strlen(s));
}

static void open(struct kam_tape *t, enum kam_tape_type type)
{
  if (t->depth == KAM_TAPE_DEPTH && !t->err)
    t->err = KAM_ELIMIT;
  if (t->err)
    return;
  t->depth++;
  put(t, type, NULL, 0);
}

void kam_tape_list(struct kam_tape *t)
{
  open(t, KAM_TAPE_LIST);
}

void kam_tape_table(struct kam_tape *t)
{
  open(t, KAM_TAPE_TABLE);
}

void kam_tape_end(struct kam_tape *t)
{
  if (t->err)
    return;
  kam_assert(t->depth > 0);
  t->depth--;
  put(t, KAM_TAPE_END, NULL, 0);
}

int kam_tape_error(const struct kam_tape *t)
{
  return t->err;
}

static void get(const struct kam_tape *t, size_t *at, void *value, size_t n)
{
  kam_assert(n <= t->len - *at);
  memcpy(value, t->data + *at, n);
  *at += n;
}

bool kam_tape_next(const struct kam_tape *t, size_t *at,
                   struct kam_tape_item *item)
{
  if (*at >= t->len)
    return false;
  *item = (struct kam_tape_item){.type = (enum kam_tape_type)t->data[(*at)++]};
  switch (item->type) {
  case KAM_TAPE_BOOL:
    get(t, at, &item->b, sizeof item->b);
    break;
  case KAM_TAPE_INT:
    get(t, at, &item->i, sizeof item->i);
    break;
  case KAM_TAPE_NUMBER:
    get(t, at, &item->n, sizeof item->n);
    break;
  case KAM_TAPE_BYTES:
    get(t, at, &item->len, sizeof item->len);
    kam_assert(item->len <= t->len - *at);
    item->bytes = (const char *)t->data + *at;
    *at += item->len;
    break;
  case KAM_TAPE_NULL:
  case KAM_TAPE_LIST:
  case KAM_TAPE_TABLE:
  case KAM_TAPE_END:
    break;
  }
  return true;
}

void kam_tape_skip(const struct kam_tape *t, size_t *at)
{
  struct kam_tape_item item;
  unsigned depth = 0;
  while (kam_tape_next(t, at, &item)) {
    if (item.type == KAM_TAPE_LIST || item.type == KAM_TAPE_TABLE)
      depth++;
    else if (item.type == KAM_TAPE_END)
      depth--;
    if (depth == 0)
      return;
  }
}

int kam_tape_msg(const struct kam_host *host, struct kam_mem *mem,
                 const struct kam_tape *t, struct kam_msg *out)
{
  struct kam_tape_item item;
  struct kam_bytes *b;
  size_t at = 0;
  if (t->err)
    return t->err;
  kam_assert(t->depth == 0);
  if (!kam_tape_next(t, &at, &item))
    return KAM_EINVAL;
  switch (item.type) {
  case KAM_TAPE_BOOL:
    *out = kam_msg_bool(item.b);
    return 0;
  case KAM_TAPE_INT:
    *out = kam_msg_int(item.i);
    return 0;
  case KAM_TAPE_NUMBER:
    *out = kam_msg_number(item.n);
    return 0;
  case KAM_TAPE_BYTES:
    b = kam_bytes_copy(mem, item.bytes, item.len);
    if (!b)
      return KAM_ENOMEM;
    *out = kam_msg_bytes(b);
    return 0;
  case KAM_TAPE_NULL:
  case KAM_TAPE_LIST:
  case KAM_TAPE_TABLE:
  case KAM_TAPE_END:
    break;
  }
  return host->make ? host->make(host->ctx, t, out) : KAM_EKIND;
}

int kam_tape_of(const struct kam_host *host, struct kam_msg m,
                struct kam_tape *t)
{
  const void *bytes;
  size_t len;
  switch ((enum kam_tag)m.tag) {
  case KAM_BOOL:
    kam_tape_bool(t, m.u.b);
    return t->err;
  case KAM_INT:
    kam_tape_int(t, m.u.i);
    return t->err;
  case KAM_NUMBER:
    kam_tape_number(t, m.u.n);
    return t->err;
  case KAM_OBJECT:
    bytes = kam_msg_view(host, m, &len);
    if (!bytes)
      return KAM_EKIND;
    kam_tape_bytes(t, bytes, len);
    return t->err;
  case KAM_PARKED:
    return host->read ? host->read(host->ctx, m, t) : KAM_EKIND;
  case KAM_NOTHING:
  case KAM_SIGNAL:
    break;
  }
  return KAM_EKIND;
}

int kam_tape_of_fields(const struct kam_host *host, struct kam_msg m,
                       const char *const *names, struct kam_tape *t)
{
  if (m.tag != KAM_PARKED || !host->read_fields)
    return KAM_EKIND;
  return host->read_fields(host->ctx, m, names, t);
}
