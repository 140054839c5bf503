/* HexDecode: hex digits as the bytes that they stand for. */
#include "core/feed.h"

enum { PIECE = 32 << 10 /* digits in at once */ };

struct hex_decode {
  struct kam_component comp; /* must be first */
  bool spaces;               /* option */
  struct kam_feed feed;
  int high;    /* the first digit of a byte that has begun, or -1 */
  uint64_t at; /* characters that have come */
  bool bad;    /* the last one is no digit */
  unsigned char out[PIECE / 2 + 1];
};

static int hex_decode_open(struct kam_component *c)
{
  ((struct hex_decode *)c)->high = -1;
  return 0;
}

static int value(unsigned char ch)
{
  if (ch >= '0' && ch <= '9')
    return ch - '0';
  ch |= 32;
  return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

static bool is_space(unsigned char ch)
{
  return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

static void one(struct hex_decode *h, unsigned char ch, size_t *len)
{
  int v = value(ch);
  h->at++;
  if (v < 0) {
    h->bad = !h->spaces || !is_space(ch);
    return;
  }
  if (h->high >= 0)
    h->out[(*len)++] = (unsigned char)(h->high << 4 | v);
  h->high = h->high >= 0 ? -1 : v;
}

static int work(struct kam_component *c)
{
  struct hex_decode *h = (struct hex_decode *)c;
  size_t left, n, i, len = 0;
  const unsigned char *data = kam_feed_data(&h->feed, &left);
  n = left < PIECE ? left : PIECE;
  for (i = 0; i < n && !h->bad; i++)
    one(h, data[i], &len);
  h->feed.at += n;
  if (h->bad && len == 0)
    return kam_failf(c, "error[E0656]: no hex digit at character %llu",
                     (unsigned long long)h->at);
  h->feed.more = h->bad; /* first goes what is whole */
  return len ? kam_feed_send(c, h->out, len, false) : 0;
}

static int finish(struct kam_component *c)
{
  struct hex_decode *h = (struct hex_decode *)c;
  if (h->high < 0)
    return KAM_FEED_OVER;
  return kam_failf(c,
                   "error[E0656]: the hex digits end in the middle of a byte, "
                   "after %llu characters",
                   (unsigned long long)h->at);
}

static int hex_decode_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct hex_decode *)c)->feed, work, finish);
}

static void hex_decode_close(struct kam_component *c)
{
  kam_feed_fini(c, &((struct hex_decode *)c)->feed);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "hex digits in any cut", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "a byte for each two digits", .kinds = KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_FLAG(struct hex_decode, spaces, false,
             "spaces and ends of lines are passed over"),
    {0}};

KAM_COMPONENT(hex_decode) = {
    .name = "HexDecode",
    .family = "crypto",
    .summary = "Reads bytes written as two hex digits each.",
    .doc = "The messages are one text, and it does not matter how it is cut. "
           "Digits may be of either case. Any other character, and half a byte "
           "at the end, is an error that names the place; `spaces` allows "
           "spaces and ends of lines.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { \"6b61\", \"6D\" }, kam.HexDecode(),\n"
               "  kam.Collate(), kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> { \"ka\", \"m\" }\n",
    .first = "spaces",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct hex_decode),
    .open = hex_decode_open,
    .step = hex_decode_step,
    .close = hex_decode_close,
};
