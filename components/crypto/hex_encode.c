/* HexEncode: bytes as hex digits. */
#include "core/feed.h"

enum { PIECE = 16 << 10 /* bytes in at once */ };

struct hex_encode {
  struct kam_component comp; /* must be first */
  bool upper;                /* option */
  struct kam_feed feed;
  char out[2 * PIECE];
};

static int work(struct kam_component *c)
{
  struct hex_encode *h = (struct hex_encode *)c;
  const char *digits = h->upper ? "0123456789ABCDEF" : "0123456789abcdef";
  size_t left, n, i;
  const unsigned char *data = kam_feed_data(&h->feed, &left);
  n = left < PIECE ? left : PIECE;
  for (i = 0; i < n; i++) {
    h->out[2 * i] = digits[data[i] >> 4];
    h->out[2 * i + 1] = digits[data[i] & 15];
  }
  h->feed.at += n;
  return kam_feed_send(c, h->out, 2 * n, true);
}

static int hex_encode_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct hex_encode *)c)->feed, work, NULL);
}

static void hex_encode_close(struct kam_component *c)
{
  kam_feed_fini(c, &((struct hex_encode *)c)->feed);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "bytes in any cut", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "two digits for each byte",
     .kinds = KAM_BYTES | KAM_LINE},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_FLAG(struct hex_encode, upper, false, "A to F, not a to f"), {0}};

KAM_COMPONENT(hex_encode) = {
    .name = "HexEncode",
    .family = "crypto",
    .summary = "Writes each byte as two hex digits.",
    .doc = "Each message becomes one with twice as many characters; one of "
           "more than 16 KiB becomes several.",
    .ends = "When its inbox has ended.",
    .example =
        "kam.Pipeline {\n"
        "  kam.DataSource { \"kam\" }, kam.HexEncode(), kam.ConsoleEchoer(),\n"
        "}:run()\n"
        "--> 6b616d\n",
    .first = "upper",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct hex_encode),
    .step = hex_encode_step,
    .close = hex_encode_close,
};
