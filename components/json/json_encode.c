/* JSONEncode: values as JSON texts (RFC 8259).
 *
 * jansson writes 0.1 as 0.10000000000000001, so the text is written here, from
 * the tape as it comes. */
#include "core/feed.h"
#include "core/tape.h"
#include "core/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct json_encode {
  struct kam_component comp; /* must be first */
  int64_t indent;            /* option */
  char *empty;               /* option */
  struct kam_feed feed;
  struct kam_tape tape;
  size_t at;       /* in the tape */
  const char *bad; /* what cannot be written, or NULL */
  char *text;
  size_t len, size;
  unsigned depth;
};

static void put(struct json_encode *j, const char *s, size_t n)
{
  size_t size = j->size ? j->size : 1024;
  char *text;
  while (size - j->len < n)
    size *= 2;
  if (size != j->size) {
    text = realloc(j->text, size);
    if (!text) {
      j->bad = "";
      return;
    }
    j->text = text;
    j->size = size;
  }
  memcpy(j->text + j->len, s, n);
  j->len += n;
}

static void put_text(struct json_encode *j, const char *s)
{
  put(j, s, strlen(s));
}

/* A new line of the depth that it has, if it is indented. */
static void put_line(struct json_encode *j)
{
  static const char spaces[] = "        ";
  unsigned i;
  if (!j->indent)
    return;
  put(j, "\n", 1);
  for (i = 0; i < j->depth; i++)
    put(j, spaces, (size_t)j->indent);
}

static void put_escaped(struct json_encode *j, unsigned char ch)
{
  static const char short_of[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
  const char *at = ch ? strchr(short_of, ch) : NULL;
  char text[8];
  if (at)
    snprintf(text, sizeof text, "\\%c", letters[at - short_of]);
  else
    snprintf(text, sizeof text, "\\u%04x", ch);
  put_text(j, text);
}

static void put_string(struct json_encode *j, const char *s, size_t n)
{
  size_t i = 0, begun = 0, len;
  put(j, "\"", 1);
  while (i < n) {
    unsigned char ch = (unsigned char)s[i];
    if (ch < 0x20 || ch == '"' || ch == '\\') {
      put(j, s + begun, i - begun);
      put_escaped(j, ch);
      begun = ++i;
      continue;
    }
    len = kam_utf8_sequence((const unsigned char *)s + i, n - i);
    if (len == 0) {
      j->bad = "a string that is not UTF-8";
      return;
    }
    i += len;
  }
  put(j, s + begun, i - begun);
  put(j, "\"", 1);
}

/* The shortest text that reads as the same number. */
static void put_number(struct json_encode *j, double n)
{
  char text[40];
  int digits;
  if (!isfinite(n)) {
    j->bad = isnan(n) ? "a number that is none (nan)" : "an infinite number";
    return;
  }
  for (digits = 15; digits < 18; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, n);
    if (strtod(text, NULL) == n)
      break;
  }
  put_text(j, text);
  if (!strpbrk(text, ".e"))
    put_text(j, ".0");
}

static void put_value(struct json_encode *j);

static bool at_end(struct json_encode *j)
{
  size_t ahead = j->at;
  struct kam_tape_item item;
  if (!kam_tape_next(&j->tape, &ahead, &item) || item.type != KAM_TAPE_END)
    return false;
  j->at = ahead;
  return true;
}

static void put_key(struct json_encode *j)
{
  struct kam_tape_item item;
  kam_tape_next(&j->tape, &j->at, &item);
  if (item.type != KAM_TAPE_BYTES) {
    j->bad = "a table with keys that are numbers, but not 1 to n (a list with "
             "a hole, or a list with names)";
    return;
  }
  put_string(j, item.bytes, item.len);
  put_text(j, j->indent ? ": " : ":");
}

/* What is between the brackets, and the closing one. */
static void put_items(struct json_encode *j, bool keys)
{
  bool first = true;
  j->depth++;
  while (!j->bad && !at_end(j)) {
    if (!first)
      put(j, ",", 1);
    first = false;
    put_line(j);
    if (keys)
      put_key(j);
    if (!j->bad)
      put_value(j);
  }
  j->depth--;
  put_line(j);
}

static void put_table(struct json_encode *j, bool list)
{
  if (at_end(j)) {
    put_text(j, !list && j->empty[0] == 'o' ? "{}" : "[]");
    return;
  }
  put(j, list ? "[" : "{", 1);
  put_items(j, !list);
  put(j, list ? "]" : "}", 1);
}

static void put_value(struct json_encode *j)
{
  struct kam_tape_item item;
  char text[24];
  kam_tape_next(&j->tape, &j->at, &item);
  switch (item.type) {
  case KAM_TAPE_NULL:
    put_text(j, "null");
    break;
  case KAM_TAPE_BOOL:
    put_text(j, item.b ? "true" : "false");
    break;
  case KAM_TAPE_INT:
    snprintf(text, sizeof text, "%lld", (long long)item.i);
    put_text(j, text);
    break;
  case KAM_TAPE_NUMBER:
    put_number(j, item.n);
    break;
  case KAM_TAPE_BYTES:
    put_string(j, item.bytes, item.len);
    break;
  case KAM_TAPE_LIST:
  case KAM_TAPE_TABLE:
    put_table(j, item.type == KAM_TAPE_LIST);
    break;
  case KAM_TAPE_END:
    break;
  }
}

static int refuse(struct json_encode *j, const char *what)
{
  return kam_failf(&j->comp, "error[E0659]: message %llu cannot be JSON: %s",
                   (unsigned long long)j->feed.number, what);
}

static int work(struct kam_component *c)
{
  struct json_encode *j = (struct json_encode *)c;
  int err;
  j->feed.at = j->feed.len;
  kam_tape_clear(&j->tape);
  err = kam_tape_of(&c->party.world->host, j->feed.msg, &j->tape);
  if (err == KAM_ELIMIT)
    return refuse(j, "it is deeper than 64 tables, or contains itself");
  if (err == KAM_EKIND)
    return refuse(j, "it holds a function, a component, or a key that is "
                     "neither a text nor a whole number");
  if (err)
    return err;
  j->at = j->len = j->depth = 0;
  j->bad = NULL;
  put_value(j);
  if (j->bad)
    return *j->bad ? refuse(j, j->bad) : KAM_ENOMEM;
  return kam_feed_send(c, j->text, j->len, true);
}

static int json_encode_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct json_encode *)c)->feed, work, NULL);
}

static void json_encode_close(struct kam_component *c)
{
  struct json_encode *j = (struct json_encode *)c;
  kam_feed_fini(c, &j->feed);
  kam_tape_fini(&j->tape);
  free(j->text);
}

static const char *const empties[] = {"array", "object", NULL};

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "values"}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "a text for each, without an end of line",
     .kinds = KAM_BYTES | KAM_LINE},
    {0}};
static const struct kam_option_spec options[] = {
    {.name = "empty",
     .doc = "what an empty table is: Lua does not tell them apart",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct json_encode, empty),
     .fallback = {.type = KAM_OPTION_STRING, .s = "array"},
     .one_of = empties},
    KAM_INT(struct json_encode, indent, 0, 0, 8,
            "spaces for each depth, on lines of their own; 0: all on one line"),
    {0}};

KAM_COMPONENT(json_encode) = {
    .name = "JSONEncode",
    .family = "json",
    .summary = "Writes each value as a JSON text.",
    .doc =
        "Each message becomes one text (RFC 8259). A table with the keys 1 to "
        "n is an array, one with texts as keys an object, with its names in "
        "order; an empty table is what `empty` says; kam.null is null. A "
        "number keeps its value, and a float a fraction or exponent, so that "
        "JSONDecode gives the same again. Strings have to be UTF-8. What JSON "
        "cannot say is an error: functions, components, nan and inf, other "
        "keys, more than 64 tables in one another.",
    .ends = "When its inbox has ended.",
    .example =
        "kam.Pipeline {\n"
        "  kam.DataSource { { name = \"Ann\", sizes = { 1, 2.5, 3.0 } } },\n"
        "  kam.JSONEncode(),\n"
        "  kam.ConsoleEchoer(),\n"
        "}:run()\n"
        "--> {\"name\":\"Ann\",\"sizes\":[1,2.5,3.0]}\n",
    .first = "indent",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .answers = true,
    .size = sizeof(struct json_encode),
    .step = json_encode_step,
    .close = json_encode_close,
};
