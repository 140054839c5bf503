/* Base64Encode: bytes as text (RFC 4648). */
#include "core/feed.h"

#include <string.h>

enum {
  PIECE = 24 << 10, /* bytes in at once; a multiple of 3 */
  ROOM = 32 << 10   /* as many as 4 of 3 */
};

struct base64_encode {
  struct kam_component comp; /* must be first */
  bool each, url;            /* options */
  struct kam_feed feed;
  unsigned char held[3]; /* what does not yet make three */
  size_t n_held;
  char out[ROOM + 8];
};

static const char standard[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t four(const struct base64_encode *b, const unsigned char *s,
                   char *out)
{
  const char *digits = b->url ? for_urls : standard;
  out[0] = digits[s[0] >> 2];
  out[1] = digits[(s[0] & 3) << 4 | s[1] >> 4];
  out[2] = digits[(s[1] & 15) << 2 | s[2] >> 6];
  out[3] = digits[s[2] & 63];
  return 4;
}

/* Writes the last one or two bytes, filled up with `=`, not so for URLs. */
static size_t last(struct base64_encode *b, char *out)
{
  unsigned char s[3] = {0};
  size_t n = b->n_held;
  b->n_held = 0;
  if (n == 0)
    return 0;
  memcpy(s, b->held, n);
  four(b, s, out);
  if (b->url)
    return n + 1;
  memset(out + n + 1, '=', 3 - n);
  return 4;
}

/* Encodes n bytes; what does not make three is held. Gives how many chars. */
static size_t encode(struct base64_encode *b, const unsigned char *s, size_t n)
{
  size_t len = 0;
  while (n > 0 && b->n_held > 0 && b->n_held < 3) {
    b->held[b->n_held++] = *s++;
    n--;
  }
  if (b->n_held == 3) {
    len += four(b, b->held, b->out);
    b->n_held = 0;
  }
  for (; n >= 3; n -= 3, s += 3)
    len += four(b, s, b->out + len);
  while (n-- > 0)
    b->held[b->n_held++] = *s++;
  return len;
}

static int work(struct kam_component *c)
{
  struct base64_encode *b = (struct base64_encode *)c;
  size_t left, n, len;
  const unsigned char *data = kam_feed_data(&b->feed, &left);
  n = left < PIECE ? left : PIECE;
  len = encode(b, data, n);
  b->feed.at += n;
  if (b->each && n == left)
    len += last(b, b->out + len);
  else if (len == 0)
    return 0;
  return kam_feed_send(c, b->out, len, b->each);
}

static int finish(struct kam_component *c)
{
  struct base64_encode *b = (struct base64_encode *)c;
  size_t len = last(b, b->out);
  return len ? kam_feed_send(c, b->out, len, false) : KAM_FEED_OVER;
}

static int base64_encode_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct base64_encode *)c)->feed, work, finish);
}

static void base64_encode_close(struct kam_component *c)
{
  kam_feed_fini(c, &((struct base64_encode *)c)->feed);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "bytes in any cut", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "the same as text, without ends of lines",
     .kinds = KAM_BYTES | KAM_LINE},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_FLAG(struct base64_encode, each, false,
             "each message is encoded by itself, to one message"),
    KAM_FLAG(struct base64_encode, url, false,
             "- and _ instead of + and /, and no = at the end"),
    {0}};

KAM_COMPONENT(base64_encode) = {
    .name = "Base64Encode",
    .family = "crypto",
    .summary = "Writes bytes as text of 64 characters.",
    .doc =
        "Base64 of RFC 4648, section 4, or 5 with `url`. The messages are one "
        "stream of bytes, and it does not matter how they are cut, but with "
        "`each`. For lines of a length, as mail wants them, put a Chunker "
        "after it, and LineJoin.",
    .ends = "When its inbox has ended, after it has sent what is left.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { \"hello\", \"hello again\" },\n"
               "  kam.Base64Encode { each = true },\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> aGVsbG8=\n"
               "--> aGVsbG8gYWdhaW4=\n",
    .first = "each",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct base64_encode),
    .step = base64_encode_step,
    .close = base64_encode_close,
};
