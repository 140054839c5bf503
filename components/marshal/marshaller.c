/* Marshaller: values as MessagePack, each behind its length.
 *
 * msgpack-c writes them, from the tape. */
#include "components/marshal/scan.h"
#include "core/feed.h"
#include "core/tape.h"
#include "core/utf8.h"

#include <msgpack.h>

enum { HEAD = 4 /* bytes of a length */ };

struct marshaller {
  struct kam_component comp; /* must be first */
  int64_t limit;             /* option */
  struct kam_feed feed;
  struct kam_tape tape;
  size_t at; /* in the tape */
  msgpack_sbuffer out;
  msgpack_packer packer;
  unsigned depth;
  const char *bad; /* what cannot be written, or NULL */
  bool no_memory;
};

static void check(struct marshaller *m, int packed)
{
  if (packed)
    m->no_memory = true;
}

/* The items of a list, or keys and values of a table, from at on. */
static size_t count(const struct kam_tape *t, size_t at)
{
  struct kam_tape_item item;
  size_t n = 0, ahead = at;
  while (kam_tape_next(t, &ahead, &item) && item.type != KAM_TAPE_END) {
    kam_tape_skip(t, &at);
    ahead = at;
    n++;
  }
  return n;
}

static void pack_bytes(struct marshaller *m, const char *bytes, size_t len)
{
  if (len > UINT32_MAX) {
    m->bad = "a string of more than 4 GiB";
  } else if (kam_utf8_valid(bytes, len)) {
    check(m, msgpack_pack_str(&m->packer, len));
    check(m, msgpack_pack_str_body(&m->packer, bytes, len));
  } else {
    check(m, msgpack_pack_bin(&m->packer, len));
    check(m, msgpack_pack_bin_body(&m->packer, bytes, len));
  }
}

static void pack_value(struct marshaller *m);

/* An empty one is a list: Lua does not tell them apart. */
static void pack_table(struct marshaller *m, bool list)
{
  struct kam_tape_item end;
  size_t n = count(&m->tape, m->at), i;
  if (m->depth == MARSHAL_DEPTH) {
    m->bad = "more than 32 tables in one another";
    return;
  }
  m->depth++;
  if (list || n == 0)
    check(m, msgpack_pack_array(&m->packer, n));
  else
    check(m, msgpack_pack_map(&m->packer, n / 2));
  for (i = 0; i < n && !m->bad; i++)
    pack_value(m);
  kam_tape_next(&m->tape, &m->at, &end);
  m->depth--;
}

static void pack_value(struct marshaller *m)
{
  struct kam_tape_item item;
  kam_tape_next(&m->tape, &m->at, &item);
  switch (item.type) {
  case KAM_TAPE_NULL:
    check(m, msgpack_pack_nil(&m->packer));
    break;
  case KAM_TAPE_BOOL:
    check(m, item.b ? msgpack_pack_true(&m->packer)
                    : msgpack_pack_false(&m->packer));
    break;
  case KAM_TAPE_INT:
    check(m, msgpack_pack_int64(&m->packer, item.i));
    break;
  case KAM_TAPE_NUMBER:
    check(m, msgpack_pack_double(&m->packer, item.n));
    break;
  case KAM_TAPE_BYTES:
    pack_bytes(m, item.bytes, item.len);
    break;
  case KAM_TAPE_LIST:
  case KAM_TAPE_TABLE:
    pack_table(m, item.type == KAM_TAPE_LIST);
    break;
  case KAM_TAPE_END:
    break;
  }
}

static int refuse(struct marshaller *m, const char *what)
{
  return kam_failf(&m->comp,
                   "error[E0659]: message %llu cannot be marshalled: "
                   "%s",
                   (unsigned long long)m->feed.number, what);
}

static int send_out(struct marshaller *m)
{
  size_t len = m->out.size - HEAD, i;
  if (len > (size_t)m->limit)
    return kam_failf(&m->comp,
                     "error[E0658]: message %llu becomes %zu bytes, more than "
                     "%lld (its option limit)",
                     (unsigned long long)m->feed.number, len,
                     (long long)m->limit);
  for (i = 0; i < HEAD; i++)
    m->out.data[i] = (char)(len >> 8 * (HEAD - 1 - i));
  return kam_feed_send(&m->comp, m->out.data, m->out.size, false);
}

static int work(struct kam_component *c)
{
  struct marshaller *m = (struct marshaller *)c;
  int err;
  m->feed.at = m->feed.len;
  kam_tape_clear(&m->tape);
  err = kam_tape_of(&c->party.world->host, m->feed.msg, &m->tape);
  if (err == KAM_ELIMIT)
    return refuse(m, "it is deeper than 32 tables, or contains itself");
  if (err == KAM_EKIND)
    return refuse(m, "it is or holds a function, a component, or a key that is "
                     "neither a text nor a whole number");
  if (err)
    return err;
  m->at = m->depth = 0;
  m->bad = NULL;
  msgpack_sbuffer_clear(&m->out);
  check(m, msgpack_sbuffer_write(&m->out, "\0\0\0", HEAD));
  pack_value(m);
  if (m->no_memory)
    return KAM_ENOMEM;
  return m->bad ? refuse(m, m->bad) : send_out(m);
}

static int marshaller_open(struct kam_component *c)
{
  struct marshaller *m = (struct marshaller *)c;
  msgpack_sbuffer_init(&m->out);
  msgpack_packer_init(&m->packer, &m->out, msgpack_sbuffer_write);
  return 0;
}

static int marshaller_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct marshaller *)c)->feed, work, NULL);
}

static void marshaller_close(struct kam_component *c)
{
  struct marshaller *m = (struct marshaller *)c;
  kam_feed_fini(c, &m->feed);
  kam_tape_fini(&m->tape);
  msgpack_sbuffer_destroy(&m->out);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "values"}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "a message of bytes for each value",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_INT(struct marshaller, limit, 8 << 20, 1, 1 << 30,
            "bytes that a value may become; more are an error"),
    {0}};

KAM_COMPONENT(marshaller) = {
    .name = "Marshaller",
    .family = "marshal",
    .summary = "Writes values as bytes, for a connection or a file.",
    .doc =
        "Each message becomes one value of MessagePack behind its length, an "
        "unsigned integer of 4 bytes, the highest first; DeMarshaller reads it "
        "again, from bytes in any cut, and gives the same: strings, integers, "
        "floats, true, false, kam.null, lists, and tables with texts or "
        "integers as keys. Strings that are UTF-8 become strings of "
        "MessagePack, others binary; an empty table becomes an empty list. "
        "Functions, components, other keys, and more than 32 tables in one "
        "another are errors.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { { \"at\", x = 1 } },\n"
               "  kam.Marshaller(),\n"
               "  kam.HexEncode(),\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> 000000088201a26174a17801\n",
    .first = "limit",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .answers = true,
    .size = sizeof(struct marshaller),
    .open = marshaller_open,
    .step = marshaller_step,
    .close = marshaller_close,
};
