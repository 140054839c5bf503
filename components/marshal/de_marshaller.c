/* DeMarshaller: what a Marshaller has written, as values again. */
#include "components/marshal/scan.h"
#include "core/feed.h"
#include "core/tape.h"

#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD = 4 /* bytes of a length */ };

struct de_marshaller {
  struct kam_component comp; /* must be first */
  int64_t limit;             /* option */
  struct kam_feed feed;
  struct kam_tape tape;
  unsigned char head[HEAD]; /* n_head bytes of it have come */
  size_t n_head;
  char *held; /* len bytes of a value, if it comes in pieces */
  size_t len, size;
  uint64_t values; /* so far */
};

/* --- values --- */

static const char *put_value(struct kam_tape *t, const msgpack_object *v);

/* Keys in an order, strings and binary alike: in Lua they are the same. */
static int compare(const msgpack_object *a, const msgpack_object *b)
{
  bool a_text = a->type == MSGPACK_OBJECT_STR || a->type == MSGPACK_OBJECT_BIN;
  bool b_text = b->type == MSGPACK_OBJECT_STR || b->type == MSGPACK_OBJECT_BIN;
  size_t n;
  int order;
  if (a_text != b_text)
    return a_text ? 1 : -1;
  if (!a_text)
    return (a->via.i64 > b->via.i64) - (a->via.i64 < b->via.i64);
  n = a->via.str.size < b->via.str.size ? a->via.str.size : b->via.str.size;
  order = n ? memcmp(a->via.str.ptr, b->via.str.ptr, n) : 0;
  return order ? order
               : (a->via.str.size > b->via.str.size) -
                     (a->via.str.size < b->via.str.size);
}

static int compare_keys(const void *a, const void *b)
{
  return compare(&((const msgpack_object_kv *)a)->key,
                 &((const msgpack_object_kv *)b)->key);
}

static const char *check_key(const msgpack_object *key)
{
  switch (key->type) {
  case MSGPACK_OBJECT_STR:
  case MSGPACK_OBJECT_BIN:
  case MSGPACK_OBJECT_NEGATIVE_INTEGER:
    return NULL;
  case MSGPACK_OBJECT_POSITIVE_INTEGER:
    return key->via.u64 <= INT64_MAX ? NULL : "an integer above 2^63 - 1";
  default:
    return "a key that is neither a text nor an integer";
  }
}

/* The map is put in the order of its keys, in which the same are neighbours. */
static const char *put_map(struct kam_tape *t, msgpack_object_map map)
{
  const char *bad = NULL;
  bool sorted = true;
  uint32_t i;
  for (i = 0; i < map.size && !bad; i++)
    bad = check_key(&map.ptr[i].key);
  if (bad)
    return bad;
  for (i = 1; i < map.size && sorted; i++)
    sorted = compare(&map.ptr[i - 1].key, &map.ptr[i].key) < 0;
  if (!sorted)
    qsort(map.ptr, map.size, sizeof *map.ptr, compare_keys);
  kam_tape_table(t);
  for (i = 0; i < map.size && !bad; i++) {
    if (i && compare(&map.ptr[i - 1].key, &map.ptr[i].key) == 0)
      return "one key twice";
    bad = put_value(t, &map.ptr[i].key);
    if (!bad)
      bad = put_value(t, &map.ptr[i].val);
  }
  kam_tape_end(t);
  return bad;
}

static const char *put_array(struct kam_tape *t, msgpack_object_array array)
{
  const char *bad = NULL;
  uint32_t i;
  kam_tape_list(t);
  for (i = 0; i < array.size && !bad; i++)
    bad = put_value(t, &array.ptr[i]);
  kam_tape_end(t);
  return bad;
}

/* What keeps it from being a value here, or NULL. */
static const char *put_value(struct kam_tape *t, const msgpack_object *v)
{
  switch (v->type) {
  case MSGPACK_OBJECT_NIL:
    kam_tape_null(t);
    return NULL;
  case MSGPACK_OBJECT_BOOLEAN:
    kam_tape_bool(t, v->via.boolean);
    return NULL;
  case MSGPACK_OBJECT_POSITIVE_INTEGER:
    if (v->via.u64 > INT64_MAX)
      return "an integer above 2^63 - 1";
    kam_tape_int(t, (int64_t)v->via.u64);
    return NULL;
  case MSGPACK_OBJECT_NEGATIVE_INTEGER:
    kam_tape_int(t, v->via.i64);
    return NULL;
  case MSGPACK_OBJECT_FLOAT32:
  case MSGPACK_OBJECT_FLOAT64:
    kam_tape_number(t, v->via.f64);
    return NULL;
  case MSGPACK_OBJECT_STR:
    kam_tape_bytes(t, v->via.str.ptr, v->via.str.size);
    return NULL;
  case MSGPACK_OBJECT_BIN:
    kam_tape_bytes(t, v->via.bin.ptr, v->via.bin.size);
    return NULL;
  case MSGPACK_OBJECT_ARRAY:
    return put_array(t, v->via.array);
  case MSGPACK_OBJECT_MAP:
    return put_map(t, v->via.map);
  case MSGPACK_OBJECT_EXT:
    break;
  }
  return "an extension type";
}

/* --- frames --- */

static int wrong(struct de_marshaller *d, const char *why)
{
  return kam_failf(&d->comp,
                   "error[E0850]: value %llu cannot be read: it has %s; do the "
                   "bytes come from a Marshaller?",
                   (unsigned long long)d->values, why);
}

static int decode(struct de_marshaller *d, const char *bytes, size_t n)
{
  msgpack_unpacked unpacked;
  const char *bad = marshal_scan((const unsigned char *)bytes, n);
  struct kam_msg m;
  int err;
  d->n_head = d->len = 0;
  if (bad)
    return wrong(d, bad);
  msgpack_unpacked_init(&unpacked);
  kam_tape_clear(&d->tape);
  if (msgpack_unpack_next(&unpacked, bytes, n, NULL) != MSGPACK_UNPACK_SUCCESS)
    err = KAM_ENOMEM; /* the rest has been looked for */
  else {
    bad = put_value(&d->tape, &unpacked.data);
    err = bad ? wrong(d, bad)
              : kam_tape_msg(&d->comp.party.world->host, kam_mem_of(&d->comp),
                             &d->tape, &m);
  }
  msgpack_unpacked_destroy(&unpacked);
  return err ? err : kam_send(&d->comp, KAM_OUTBOX, m);
}

/* Keeps a piece; room is made for what has come, not for what is promised. */
static int hold(struct de_marshaller *d, const unsigned char *data, size_t n)
{
  size_t size = d->size ? d->size : 256;
  char *held;
  while (size < d->len + n)
    size *= 2;
  if (size != d->size) {
    held = realloc(d->held, size);
    if (!held)
      return KAM_ENOMEM;
    d->held = held;
    d->size = size;
  }
  if (n)
    memcpy(d->held + d->len, data, n);
  d->len += n;
  return 0;
}

static size_t wanted(const struct de_marshaller *d)
{
  return (size_t)d->head[0] << 24 | (size_t)d->head[1] << 16 |
         (size_t)d->head[2] << 8 | d->head[3];
}

static void take_head(struct de_marshaller *d)
{
  size_t left;
  const unsigned char *data = kam_feed_data(&d->feed, &left);
  if (d->n_head == 0 && left > 0)
    d->values++;
  for (; d->n_head < HEAD && left > 0; left--, d->feed.at++)
    d->head[d->n_head++] = *data++;
}

static int work(struct kam_component *c)
{
  struct de_marshaller *d = (struct de_marshaller *)c;
  const unsigned char *data;
  size_t left, n;
  int err;
  if (d->n_head < HEAD)
    take_head(d);
  if (d->n_head < HEAD)
    return 0;
  n = wanted(d);
  if (n > (size_t)d->limit)
    return kam_failf(c,
                     "error[E0658]: value %llu has %zu bytes, more than %lld "
                     "(its option limit); do the bytes come from a Marshaller?",
                     (unsigned long long)d->values, n, (long long)d->limit);
  data = kam_feed_data(&d->feed, &left);
  if (d->len == 0 && left >= n) {
    d->feed.at += n;
    return decode(d, (const char *)data, n);
  }
  n = left < n - d->len ? left : n - d->len;
  d->feed.at += n;
  err = hold(d, data, n);
  return err || d->len < wanted(d) ? err : decode(d, d->held, d->len);
}

static int finish(struct kam_component *c)
{
  struct de_marshaller *d = (struct de_marshaller *)c;
  if (d->n_head == 0)
    return KAM_FEED_OVER;
  return kam_failf(
      c,
      "error[E0850]: the bytes end in value %llu: %zu of %zu bytes "
      "of its %s came",
      (unsigned long long)d->values, d->n_head < HEAD ? d->n_head : d->len,
      d->n_head < HEAD ? (size_t)HEAD : wanted(d),
      d->n_head < HEAD ? "length" : "data");
}

static int de_marshaller_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct de_marshaller *)c)->feed, work, finish);
}

static void de_marshaller_close(struct kam_component *c)
{
  struct de_marshaller *d = (struct de_marshaller *)c;
  kam_feed_fini(c, &d->feed);
  kam_tape_fini(&d->tape);
  free(d->held);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "what a Marshaller has written, in any cut",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "the values"}, {0}};
static const struct kam_option_spec options[] = {
    KAM_INT(struct de_marshaller, limit, 8 << 20, 1, 1 << 30,
            "bytes of a value; more are an error, before they have come"),
    {0}};

KAM_COMPONENT(de_marshaller) = {
    .name = "DeMarshaller",
    .family = "marshal",
    .summary = "Reads the values that a Marshaller has written.",
    .doc =
        "Values of MessagePack, each behind its length, an unsigned integer of "
        "4 bytes, the highest first. Lists and maps become tables, nil "
        "kam.null, strings and binary are strings. Integers above 2^63 - 1, "
        "extension types, keys that are neither text nor integer or are there "
        "twice, more than 32 lists and maps in one another, other bytes in a "
        "frame, one above `limit` and an end in the middle of one are errors: "
        "nothing that comes from outside is trusted.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { { name = \"Ann\", sizes = { 1, 2.5 } }, "
               "\"and\", 3 },\n"
               "  kam.Marshaller(),\n"
               "  kam.Chunker(5),\n"
               "  kam.DeMarshaller(),\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> { name = \"Ann\", sizes = { 1, 2.5 } }\n"
               "--> and\n"
               "--> 3\n",
    .first = "limit",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct de_marshaller),
    .step = de_marshaller_step,
    .close = de_marshaller_close,
};
