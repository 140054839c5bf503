/* values: one byte says what comes, and how long it is. */
#include "spec/fuzz/values.h"

#include <stdio.h>
#include <string.h>

enum { KINDS = 8, DEEPEST = KAM_TAPE_DEPTH - 1, KEY = 24 };

struct source {
  const unsigned char *bytes;
  size_t len, at;
  unsigned flags, depth;
};

static unsigned next_byte(struct source *s)
{
  return s->at < s->len ? s->bytes[s->at++] : 0;
}

/* Eight bytes, or as many as there are. */
static uint64_t next_word(struct source *s)
{
  uint64_t word = 0;
  size_t n = s->len - s->at < sizeof word ? s->len - s->at : sizeof word;
  if (n)
    memcpy(&word, s->bytes + s->at, n);
  s->at += n;
  return word;
}

static void put_bytes(struct source *s, struct kam_tape *t, size_t n)
{
  if (n > s->len - s->at)
    n = s->len - s->at;
  kam_tape_bytes(t, n ? s->bytes + s->at : (const unsigned char *)"", n);
  s->at += n;
}

/* A key like no other: it ends with its number. */
static void put_key(struct source *s, struct kam_tape *t, unsigned number)
{
  unsigned head = next_byte(s);
  char text[KEY + 16];
  size_t n = head % KEY, i = 0;
  if (s->flags & VALUES_KEYS && head >= 0xf0) {
    kam_tape_int(t, (int64_t)number - 3);
    return;
  }
  while (i < n && s->at < s->len && s->bytes[s->at])
    text[i++] = (char)s->bytes[s->at++];
  snprintf(text + i, sizeof text - i, ":%u", number);
  kam_tape_text(t, number || head & 1 ? text : "a");
}

static void put_value(struct source *s, struct kam_tape *t);

static void put_items(struct source *s, struct kam_tape *t, unsigned n,
                      bool keys)
{
  unsigned i;
  s->depth++;
  if (keys)
    kam_tape_table(t);
  else
    kam_tape_list(t);
  for (i = 0; i < n && s->at < s->len; i++) {
    if (keys)
      put_key(s, t, i);
    put_value(s, t);
  }
  kam_tape_end(t);
  s->depth--;
}

static void put_value(struct source *s, struct kam_tape *t)
{
  unsigned head = next_byte(s), most = s->flags & VALUES_FLAT ? 1 : DEEPEST;
  uint64_t word;
  double number;
  switch (head % KINDS) {
  case 0:
    kam_tape_null(t);
    break;
  case 1:
    kam_tape_bool(t, head & 0x80);
    break;
  case 2:
    kam_tape_int(t, (int64_t)(head & 0x80 ? next_word(s) : head));
    break;
  case 3:
    word = next_word(s);
    memcpy(&number, &word, sizeof number);
    kam_tape_number(t, head & 0x80 ? number : head / 16.0);
    break;
  case 4:
  case 5:
    put_bytes(s, t, head / KINDS);
    break;
  default:
    if (s->depth < most)
      put_items(s, t, head / KINDS, head % KINDS == 6);
    else
      kam_tape_null(t);
  }
}

void values_of(const struct input *in, unsigned flags, struct kam_tape *t)
{
  struct source s = {in->bytes, in->len, 0, flags, 0};
  while (s.at < s.len)
    put_value(&s, t);
}
