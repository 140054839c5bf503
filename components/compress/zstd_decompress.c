/* ZstdDecompress: Zstandard frames (RFC 8878), one after another. */
#include "components/compress/bomb.h"
#include "core/feed.h"

#include <zstd.h>
#include <zstd_errors.h>

enum {
  PIECE = 16 << 10, /* bytes decompressed between two looks at the others */
  ROOM = 64 << 10
};

struct zstd_decompress {
  struct kam_component comp; /* must be first */
  struct bomb bomb;          /* options */
  struct kam_feed feed;
  ZSTD_DCtx *z;
  bool whole;     /* the last frame has ended */
  uint64_t began; /* where in the file the frame began */
  unsigned char out[ROOM];
};

static int zstd_decompress_open(struct kam_component *c)
{
  struct zstd_decompress *g = (struct zstd_decompress *)c;
  g->z = ZSTD_createDCtx();
  return g->z ? 0 : KAM_ENOMEM;
}

static int wrong(struct zstd_decompress *g, size_t code)
{
  if (ZSTD_getErrorCode(code) == ZSTD_error_prefix_unknown && g->began > 0)
    return kam_failf(&g->comp,
                     "error[E0652]: what follows the last zstd frame, from "
                     "byte %llu on, is no zstd",
                     (unsigned long long)g->began);
  return kam_failf(&g->comp,
                   "error[E0650]: no zstd in the frame from byte %llu on: %s",
                   (unsigned long long)g->began, ZSTD_getErrorName(code));
}

static int work(struct kam_component *c)
{
  struct zstd_decompress *g = (struct zstd_decompress *)c;
  size_t left, rest;
  const unsigned char *data = kam_feed_data(&g->feed, &left);
  ZSTD_inBuffer in = {data, left < PIECE ? left : PIECE, 0};
  ZSTD_outBuffer out = {g->out, ROOM, 0};
  if (in.size == 0 && !g->feed.more)
    return 0;
  if (g->whole)
    g->began = g->bomb.in;
  rest = ZSTD_decompressStream(g->z, &out, &in);
  g->feed.at += in.pos;
  g->bomb.in += in.pos;
  if (ZSTD_isError(rest))
    return wrong(g, rest);
  g->whole = rest == 0;
  g->feed.more = !g->whole && out.pos == ROOM;
  return bomb_send(c, &g->bomb, g->out, out.pos);
}

static int finish(struct kam_component *c)
{
  struct zstd_decompress *g = (struct zstd_decompress *)c;
  if (g->whole)
    return KAM_FEED_OVER;
  return kam_failf(c,
                   "error[E0651]: the zstd ends too early, after %llu bytes, "
                   "of which %llu came",
                   (unsigned long long)g->bomb.in,
                   (unsigned long long)g->bomb.out);
}

static int zstd_decompress_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct zstd_decompress *)c)->feed, work, finish);
}

static void zstd_decompress_close(struct kam_component *c)
{
  struct zstd_decompress *g = (struct zstd_decompress *)c;
  kam_feed_fini(c, &g->feed);
  ZSTD_freeDCtx(g->z);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "a zstd file in any cut", .kinds = KAM_BYTES},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "what it holds, in pieces of up to 64 KiB",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    BOMB_OPTIONS(struct zstd_decompress), {0}};

KAM_COMPONENT(zstd_decompress) = {
    .name = "ZstdDecompress",
    .family = "compress",
    .summary = "Decompresses Zstandard files.",
    .doc = "Frames that follow one another (RFC 8878) give their bytes one "
           "after another. Damage, other bytes after the last frame, a file "
           "that ends too early (also one of no bytes), a window of more than "
           "128 MiB, and more than `limit` or `ratio` allow are errors; what "
           "was whole until then has been sent. It decompresses no faster than "
           "its receiver takes, so that a small file that becomes a very large "
           "one fills no memory here.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { \"hello\" },\n"
               "  kam.ZstdCompress(),\n"
               "  kam.ZstdDecompress { limit = 1000 },\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> hello\n",
    .first = "limit",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct zstd_decompress),
    .open = zstd_decompress_open,
    .step = zstd_decompress_step,
    .close = zstd_decompress_close,
};
