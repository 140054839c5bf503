/* Base64Decode: text of 64 characters as the bytes that it stands for (RFC
 * 4648), strictly. */
#include "core/feed.h"

#include <string.h>

enum {
  PIECE = 32 << 10, /* characters in at once */
  ROOM = 24 << 10,
  NONE = 255
};

struct base64_decode {
  struct kam_component comp; /* must be first */
  bool each, url, spaces;    /* options */
  struct kam_feed feed;
  uint32_t bits;            /* of the characters of four that have come */
  unsigned have, fill;      /* how many of them, and how many = */
  bool over;                /* after =: nothing may follow */
  uint64_t at;              /* characters that have come */
  const char *bad;          /* what is wrong at the last one, or NULL */
  unsigned char value[256]; /* of a character, or NONE */
  unsigned char out[ROOM + 8];
};

static int base64_decode_open(struct kam_component *c)
{
  static const char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  struct base64_decode *b = (struct base64_decode *)c;
  unsigned i;
  memset(b->value, NONE, sizeof b->value);
  for (i = 0; digits[i]; i++)
    b->value[(unsigned char)digits[i]] = (unsigned char)i;
  b->value[(unsigned char)(b->url ? '-' : '+')] = 62;
  b->value[(unsigned char)(b->url ? '_' : '/')] = 63;
  return 0;
}

static bool is_space(unsigned char ch)
{
  return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

static int wrong(struct base64_decode *b, const char *what)
{
  if (b->each)
    return kam_failf(&b->comp,
                     "error[E0655]: %s, at character %llu of message "
                     "%llu",
                     what, (unsigned long long)b->at,
                     (unsigned long long)b->feed.number);
  return kam_failf(&b->comp, "error[E0655]: %s, at character %llu", what,
                   (unsigned long long)b->at);
}

/* Writes the bytes of four characters; the last ones may be =. 0, or what is
 * wrong. */
static const char *three(struct base64_decode *b, size_t *len)
{
  unsigned n = 3 - b->fill;
  if (b->bits & ((1u << (8 * b->fill)) - 1))
    return "its last character has bits that nothing could have set";
  b->out[(*len)++] = (unsigned char)(b->bits >> 16);
  if (n > 1)
    b->out[(*len)++] = (unsigned char)(b->bits >> 8);
  if (n > 2)
    b->out[(*len)++] = (unsigned char)b->bits;
  b->over = b->fill > 0;
  b->bits = 0;
  b->have = b->fill = 0;
  return NULL;
}

/* One character: NULL, or what is wrong with it. */
static const char *one(struct base64_decode *b, unsigned char ch, size_t *len)
{
  unsigned value = b->value[ch];
  b->at++;
  if (b->spaces && is_space(ch))
    return NULL;
  if (b->over)
    return "no base64: something follows its end";
  if (ch == '=' && b->have >= 2 && !b->url) {
    value = 0;
    b->fill++;
  } else if (value == NONE && is_space(ch)) {
    return "no base64: a space or an end of line (option spaces)";
  } else if (value == NONE || b->fill) {
    return "no base64: a character that it does not have there";
  }
  b->bits = b->bits << 6 | value;
  return ++b->have == 4 ? three(b, len) : NULL;
}

/* Nothing more comes: NULL, or what is wrong with the end. */
static const char *last(struct base64_decode *b, size_t *len)
{
  const char *bad = NULL;
  if (b->have == 1 || (b->have > 0 && (!b->url || b->fill)))
    return "base64 that ends too early";
  if (b->have > 0) {
    b->fill = 4 - b->have;
    b->bits <<= 6 * b->fill;
    bad = three(b, len);
  }
  b->over = false;
  return bad;
}

static int work(struct kam_component *c)
{
  struct base64_decode *b = (struct base64_decode *)c;
  size_t left, n, i, len = 0;
  const unsigned char *data = kam_feed_data(&b->feed, &left);
  if (b->bad)
    return wrong(b, b->bad);
  n = left < PIECE ? left : PIECE;
  if (b->each && b->feed.at == 0)
    b->at = 0;
  for (i = 0; i < n && !b->bad; i++)
    b->bad = one(b, data[i], &len);
  b->feed.at += n;
  if (!b->bad && b->each && n == left)
    b->bad = last(b, &len);
  if (b->bad && (b->each || len == 0))
    return wrong(b, b->bad);
  b->feed.more = b->bad != NULL; /* first goes what is whole */
  if (len == 0 && !(b->each && n == left))
    return 0;
  return kam_feed_send(c, b->out, len, false);
}

static int finish(struct kam_component *c)
{
  struct base64_decode *b = (struct base64_decode *)c;
  size_t len = 0;
  const char *bad = last(b, &len);
  if (bad)
    return wrong(b, bad);
  return len ? kam_feed_send(c, b->out, len, false) : KAM_FEED_OVER;
}

static int base64_decode_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct base64_decode *)c)->feed, work, finish);
}

static void base64_decode_close(struct kam_component *c)
{
  kam_feed_fini(c, &((struct base64_decode *)c)->feed);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "base64 in any cut", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "the bytes that it stands for",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_FLAG(struct base64_decode, each, false,
             "each message is a whole text, decoded to one message"),
    KAM_FLAG(struct base64_decode, spaces, false,
             "spaces and ends of lines are passed over"),
    KAM_FLAG(struct base64_decode, url, false,
             "- and _ instead of + and /, and no = at the end"),
    {0}};

KAM_COMPONENT(base64_decode) = {
    .name = "Base64Decode",
    .family = "crypto",
    .summary = "Reads bytes written as text of 64 characters.",
    .doc = "Base64 of RFC 4648, section 4, or 5 with `url`. The messages are "
           "one text, and it does not matter how it is cut, but with `each`. "
           "It is strict: what Base64Encode would not have written is an error "
           "that names the place (other characters, bytes after the end, a "
           "missing `=`, bits that are left over). `spaces` allows the ends of "
           "lines that mail has.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { \"aGVsbG8=\", \"aGVsbG8gYWdhaW4=\" },\n"
               "  kam.Base64Decode { each = true },\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> hello\n"
               "--> hello again\n",
    .first = "each",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct base64_decode),
    .open = base64_decode_open,
    .step = base64_decode_step,
    .close = base64_decode_close,
};
