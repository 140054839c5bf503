/* Chunker: a stream of bytes cut into chunks of one size.
 *
 * What comes whole is passed on as a slice; only what crosses the border of a
 * message is copied. The reference component of its family, and the one to copy
 * for hot components that change bytes. */
#include "core/component.h"

#include <string.h>

enum { IN_INBOX = KAM_INBOX, OUT_OUTBOX = KAM_OUTBOX, BATCH = 64 };

struct chunker {
  struct kam_component comp; /* must be first */
  int64_t size;              /* option */
  struct kam_msg rest;       /* what has come and is not yet cut, or nothing */
  size_t offset;             /* how much of rest is done */
  struct kam_bytes *part;    /* the start of the next chunk, or NULL */
};

static const struct kam_host *host(const struct chunker *k)
{
  return &k->comp.party.world->host;
}

static void drop_rest(struct chunker *k)
{
  kam_msg_drop(host(k), k->rest);
  k->rest = (struct kam_msg){0};
}

/* Copies from data into the chunk that was begun, as far as it goes. */
static int fill(struct chunker *k, const unsigned char *data, size_t left)
{
  size_t size = (size_t)k->size, room;
  if (!k->part) {
    k->part = kam_bytes_new(kam_mem_of(&k->comp), size);
    if (!k->part)
      return KAM_ENOMEM;
    k->part->len = 0;
  }
  room = size - k->part->len;
  if (left > room)
    left = room;
  memcpy(k->part->data + k->part->len, data, left);
  k->part->len += left;
  k->offset += left;
  return 0;
}

static int send_part(struct chunker *k)
{
  struct kam_bytes *part = k->part;
  k->part = NULL;
  return kam_send(&k->comp, OUT_OUTBOX, kam_msg_bytes(part));
}

/* One chunk out of rest, if it holds one; else keeps its end in part. */
static int cut(struct chunker *k)
{
  size_t len, size = (size_t)k->size;
  const unsigned char *data = kam_msg_view(host(k), k->rest, &len);
  struct kam_bytes *whole = kam_msg_get_bytes(k->rest), *slice;
  int err;
  if (whole && !k->part && len - k->offset >= size) {
    slice = kam_bytes_slice(whole, k->offset, size);
    if (!slice)
      return KAM_ENOMEM;
    k->offset += size;
    return kam_send(&k->comp, OUT_OUTBOX, kam_msg_bytes(slice));
  }
  err = len > k->offset ? fill(k, data + k->offset, len - k->offset) : 0;
  if (!err && k->offset == len)
    drop_rest(k);
  if (!err && k->part && k->part->len == size)
    return send_part(k);
  return err;
}

/* Nothing more comes: the last chunk may be short. */
static int finish(struct chunker *k)
{
  if (k->part && k->part->len > 0 && k->comp.party.told != KAM_SHUTDOWN &&
      send_part(k) == KAM_WAIT)
    return KAM_BLOCKED;
  return KAM_DONE;
}

static int chunker_step(struct kam_component *c)
{
  struct chunker *k = (struct chunker *)c;
  int i, r;
  for (i = 0; i < BATCH; i++) {
    if (k->rest.tag == KAM_NOTHING) {
      if (!kam_take(c, IN_INBOX, &k->rest))
        return kam_over(c, IN_INBOX) ? finish(k) : KAM_PAUSE;
      k->offset = 0;
    }
    r = cut(k);
    if (r == KAM_WAIT)
      return KAM_BLOCKED;
    if (r < 0)
      return r;
  }
  return KAM_AGAIN;
}

static void chunker_close(struct kam_component *c)
{
  struct chunker *k = (struct chunker *)c;
  drop_rest(k);
  if (k->part)
    kam_bytes_unref(k->part);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "strings or buffers of any length",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "the same bytes in chunks; the last may be shorter",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_INT(struct chunker, size, 188, 1, 1 << 24, "bytes in a chunk"), {0}};

KAM_COMPONENT(chunker) = {
    .name = "Chunker",
    .family = "text",
    .summary = "Cuts a stream of bytes into chunks of one size.",
    .doc = "Joins and cuts what comes so that every message it sends is `size` "
           "bytes long, but for the last. Bytes are neither added nor lost. A "
           "message that is no string or buffer is refused at its sender.",
    .ends = "When its inbox has ended, after it has sent what is left.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { \"abc\", \"defg\" },\n"
               "  kam.Chunker(3),\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> abc\n"
               "--> def\n"
               "--> g\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct chunker),
    .step = chunker_step,
    .close = chunker_close,
};
