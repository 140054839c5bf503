/* JSONDecode: JSON texts (RFC 8259) as values, by jansson.
 *
 * jansson recurses as deep as a text does, and so the text is looked at first;
 * the same look finds the ends of texts in a stream. */
#include "components/json/scan.h"
#include "core/feed.h"
#include "core/tape.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_OUTBOX = KAM_OUTBOX, OUT_ERROR = KAM_OUT_EXTRA };

struct json_decode {
  struct kam_component comp; /* must be first */
  bool stream;               /* option */
  int64_t limit;             /* option */
  struct kam_feed feed;
  struct json_scan scan;
  struct kam_tape tape;
  char *held; /* the start of a text, in a stream */
  size_t len, size;
  uint64_t texts; /* so far */
};

static void put_value(struct kam_tape *t, json_t *v);

static void put_array(struct kam_tape *t, json_t *array)
{
  size_t i;
  kam_tape_list(t);
  for (i = 0; i < json_array_size(array); i++)
    put_value(t, json_array_get(array, i));
  kam_tape_end(t);
}

static void put_object(struct kam_tape *t, json_t *object)
{
  const char *key;
  json_t *v;
  kam_tape_table(t);
  json_object_foreach(object, key, v)
  {
    kam_tape_text(t, key);
    put_value(t, v);
  }
  kam_tape_end(t);
}

static void put_value(struct kam_tape *t, json_t *v)
{
  switch (json_typeof(v)) {
  case JSON_OBJECT:
    put_object(t, v);
    break;
  case JSON_ARRAY:
    put_array(t, v);
    break;
  case JSON_STRING:
    kam_tape_bytes(t, json_string_value(v), json_string_length(v));
    break;
  case JSON_INTEGER:
    kam_tape_int(t, json_integer_value(v));
    break;
  case JSON_REAL:
    kam_tape_number(t, json_real_value(v));
    break;
  case JSON_TRUE:
  case JSON_FALSE:
    kam_tape_bool(t, json_is_true(v));
    break;
  case JSON_NULL:
    kam_tape_null(t);
    break;
  }
}

static int send_tape(struct json_decode *j, unsigned out)
{
  struct kam_msg m;
  int err = kam_tape_msg(&j->comp.party.world->host, kam_mem_of(&j->comp),
                         &j->tape, &m);
  return err ? err : kam_send(&j->comp, out, m);
}

/* A text is wrong: to the box error, if somebody is there, else c fails. */
static int wrong(struct json_decode *j, const char *text, size_t n,
                 const char *why)
{
  if (!kam_outbox_heard(&j->comp.party.out[OUT_ERROR]))
    return kam_failf(&j->comp, "error[E0657]: no JSON in %s %llu: %s",
                     j->stream ? "text" : "message",
                     (unsigned long long)j->texts, why);
  kam_tape_clear(&j->tape);
  kam_tape_table(&j->tape);
  kam_tape_text(&j->tape, "error");
  kam_tape_text(&j->tape, why);
  kam_tape_text(&j->tape, "text");
  kam_tape_bytes(&j->tape, text, n);
  kam_tape_end(&j->tape);
  return send_tape(j, OUT_ERROR);
}

static int unreadable(struct json_decode *j, const char *text, size_t n,
                      const json_error_t *error)
{
  char why[JSON_ERROR_TEXT_LENGTH + 100];
  enum json_error_code code = json_error_code(error);
  bool early = code == json_error_premature_end_of_input && !j->stream;
  snprintf(why, sizeof why, "%s, at line %d, column %d%s", error->text,
           error->line, error->column,
           early ? "; if texts come in pieces: stream = true" : "");
  return code == json_error_out_of_memory ? KAM_ENOMEM : wrong(j, text, n, why);
}

/* Sends the value of one text. */
static int decode(struct json_decode *j, const char *text, size_t n)
{
  json_error_t error;
  json_t *v;
  if (memchr(text, 0, n)) /* jansson passes over one */
    return wrong(j, text, n, "a zero byte");
  v = json_loadb(text, n,
                 JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL,
                 &error);
  if (!v)
    return unreadable(j, text, n, &error);
  kam_tape_clear(&j->tape);
  put_value(&j->tape, v);
  json_decref(v);
  return send_tape(j, OUT_OUTBOX);
}

static int too_long(struct json_decode *j)
{
  return kam_failf(&j->comp,
                   "error[E0658]: %s %llu is longer than %lld bytes (its "
                   "option limit)",
                   j->stream ? "text" : "message", (unsigned long long)j->texts,
                   (long long)j->limit);
}

/* Each message is a text. */
static int one(struct json_decode *j)
{
  size_t n = j->feed.len, at = 0;
  const char *text = (const char *)j->feed.data;
  struct json_scan scan = {0};
  enum json_scan_end end = JSON_MORE;
  j->texts++;
  j->feed.at = n;
  if (n > (size_t)j->limit)
    return too_long(j);
  while (at < n && end != JSON_DEEP)
    at += json_scan(&scan, j->feed.data + at, n - at, &end);
  if (end == JSON_DEEP)
    return wrong(j, text, n, "deeper than 64 arrays and objects");
  return decode(j, text, n);
}

/* Keeps the start of a text. */
static int hold(struct json_decode *j, const unsigned char *data, size_t n)
{
  size_t size = j->size ? j->size : 4096;
  char *held;
  while (size < j->len + n)
    size *= 2;
  if (size != j->size) {
    held = realloc(j->held, size);
    if (!held)
      return KAM_ENOMEM;
    j->held = held;
    j->size = size;
  }
  if (n)
    memcpy(j->held + j->len, data, n);
  j->len += n;
  return 0;
}

static int send_held(struct json_decode *j)
{
  size_t n = j->len;
  j->len = 0;
  return decode(j, j->held, n);
}

/* The next text of a stream, or the start of one. */
static int next(struct json_decode *j)
{
  size_t left, n;
  const unsigned char *data = kam_feed_data(&j->feed, &left);
  enum json_scan_end end;
  int err;
  if (!j->scan.begun) { /* limit and places count from the text's own start */
    n = json_spaces(data, left);
    j->feed.at += n;
    data += n;
    left -= n;
    if (left == 0)
      return 0;
    j->texts++;
  }
  n = json_scan(&j->scan, data, left, &end);
  j->feed.at += n;
  if (end == JSON_DEEP && n <= (size_t)j->limit - j->len)
    return kam_failf(&j->comp,
                     "error[E0657]: no JSON in text %llu: deeper than 64 "
                     "arrays and objects",
                     (unsigned long long)j->texts);
  if (end == JSON_DEEP || n > (size_t)j->limit - j->len)
    return too_long(j); /* whichever comes first */
  if (end == JSON_WHOLE && j->len == 0)
    return decode(j, (const char *)data, n);
  err = hold(j, data, n);
  return err || end == JSON_MORE ? err : send_held(j);
}

static int work(struct kam_component *c)
{
  struct json_decode *j = (struct json_decode *)c;
  if (!j->stream)
    return one(j);
  return j->feed.len ? next(j) : 0;
}

static int finish(struct kam_component *c)
{
  struct json_decode *j = (struct json_decode *)c;
  if (j->len == 0)
    return KAM_FEED_OVER;
  return send_held(j); /* a number that the end ends, or half a text */
}

static int json_decode_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct json_decode *)c)->feed, work, finish);
}

static void json_decode_close(struct kam_component *c)
{
  struct json_decode *j = (struct json_decode *)c;
  kam_feed_fini(c, &j->feed);
  kam_tape_fini(&j->tape);
  free(j->held);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "JSON, in UTF-8", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "the values"},
    {.name = "error",
     .doc = "if linked: wrong texts, as { text =, error = }",
     .kinds = KAM_TABLE,
     .optional = true},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_INT(struct json_decode, limit, 8 << 20, 1, 1 << 30,
            "bytes in a text; a longer one is an error"),
    KAM_FLAG(struct json_decode, stream, false,
             "texts follow one another in a stream of bytes, in any cut"),
    {0}};

KAM_COMPONENT(json_decode) = {
    .name = "JSONDecode",
    .family = "json",
    .summary = "Reads JSON texts and sends their values.",
    .doc =
        "Each message is one text (RFC 8259), and becomes one value; with "
        "`stream` the messages are bytes in any cut, and texts follow one "
        "another in them, with or without spaces and lines between. Objects "
        "and arrays become tables, null kam.null; numbers without a fraction "
        "or exponent are integers, and one too large for 64 bits is an error. "
        "An empty array and an empty object are the same empty table. "
        "Duplicate names, bytes that are not UTF-8, zero bytes in names, and "
        "more than 64 arrays and objects in one another are errors too. A "
        "wrong text goes to error if that is linked; else it ends the "
        "component, as does one longer than `limit`.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { '{\"n\": [1, 2.5]}', 'null' },\n"
               "  kam.JSONDecode(),\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> { n = { 1, 2.5 } }\n"
               "--> kam.null\n",
    .first = "stream",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .answers = true,
    .size = sizeof(struct json_decode),
    .step = json_decode_step,
    .close = json_decode_close,
};
