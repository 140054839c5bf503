/* ZstdCompress: a stream of bytes as one Zstandard frame (RFC 8878). */
#include "core/feed.h"

#include <zstd.h>

enum {
  PIECE = 16 << 10, /* bytes compressed between two looks at the others */
  ROOM = 64 << 10
};

struct zstd_compress {
  struct kam_component comp; /* must be first */
  int64_t level;             /* option */
  bool flush;                /* option */
  struct kam_feed feed;
  ZSTD_CCtx *z;
  bool finished;
  unsigned char out[ROOM];
};

static int zstd_compress_open(struct kam_component *c)
{
  struct zstd_compress *g = (struct zstd_compress *)c;
  g->z = ZSTD_createCCtx();
  if (!g->z)
    return KAM_ENOMEM;
  ZSTD_CCtx_setParameter(g->z, ZSTD_c_compressionLevel, (int)g->level);
  ZSTD_CCtx_setParameter(g->z, ZSTD_c_checksumFlag, 1);
  return 0;
}

/* Compresses n bytes of data, or ends; sends what has become of them. *took is
 * how many bytes it took. */
static int run(struct zstd_compress *g, const unsigned char *data, size_t n,
               ZSTD_EndDirective how, size_t *took)
{
  ZSTD_inBuffer in = {data, n, 0};
  ZSTD_outBuffer out = {g->out, ROOM, 0};
  size_t rest = ZSTD_compressStream2(g->z, &out, &in, how);
  *took = in.pos;
  if (ZSTD_isError(rest))
    return KAM_ENOMEM; /* nothing else can happen to any bytes */
  g->finished = how == ZSTD_e_end && rest == 0;
  g->feed.more = how == ZSTD_e_flush ? rest > 0 : out.pos == ROOM;
  return out.pos ? kam_feed_send(&g->comp, g->out, out.pos, false) : 0;
}

static int work(struct kam_component *c)
{
  struct zstd_compress *g = (struct zstd_compress *)c;
  size_t left, took;
  const unsigned char *data = kam_feed_data(&g->feed, &left);
  bool last = left <= PIECE;
  int r = run(g, data, last ? left : PIECE,
              last && g->flush ? ZSTD_e_flush : ZSTD_e_continue, &took);
  g->feed.at += took;
  return r;
}

static int finish(struct kam_component *c)
{
  struct zstd_compress *g = (struct zstd_compress *)c;
  size_t took;
  return g->finished ? KAM_FEED_OVER : run(g, NULL, 0, ZSTD_e_end, &took);
}

static int zstd_compress_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct zstd_compress *)c)->feed, work, finish);
}

static void zstd_compress_close(struct kam_component *c)
{
  struct zstd_compress *g = (struct zstd_compress *)c;
  kam_feed_fini(c, &g->feed);
  ZSTD_freeCCtx(g->z);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "bytes in any cut", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "the same, compressed, in pieces of up to 64 KiB",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_INT(struct zstd_compress, level, 3, 1, 19,
            "1: fastest; 19: smallest, and slow"),
    KAM_FLAG(struct zstd_compress, flush, false,
             "each message can be decompressed as soon as it has been sent; "
             "this costs some bytes each"),
    {0}};

KAM_COMPONENT(zstd_compress) = {
    .name = "ZstdCompress",
    .family = "compress",
    .summary = "Compresses a stream of bytes as zstd does.",
    .doc = "All that comes becomes one Zstandard frame (RFC 8878) with a "
           "checksum. Without `flush`, bytes may be kept until more have come. "
           "Of nothing it makes the frame of nothing.",
    .ends = "When its inbox has ended, after it has sent what is left.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { \"good morning, \", \"good day\" },\n"
               "  kam.ZstdCompress { level = 9 },\n"
               "  kam.ZstdDecompress(),\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> good morning, good day\n",
    .first = "level",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct zstd_compress),
    .open = zstd_compress_open,
    .step = zstd_compress_step,
    .close = zstd_compress_close,
};
