/* GzipCompress: a stream of bytes as one gzip member (RFC 1952), by zlib. */
#include "core/feed.h"

#define ZLIB_CONST
#include <zlib.h>

enum {
  PIECE = 16 << 10, /* bytes compressed between two looks at the others */
  ROOM = 64 << 10,
  GZIP = 16 /* to be added to the bits of the window: with gzip's header */
};

struct gzip_compress {
  struct kam_component comp; /* must be first */
  int64_t level;             /* option */
  bool flush;                /* option */
  struct kam_feed feed;
  z_stream z;
  bool opened, finished;
  unsigned char out[ROOM];
};

static int gzip_compress_open(struct kam_component *c)
{
  struct gzip_compress *g = (struct gzip_compress *)c;
  if (deflateInit2(&g->z, (int)g->level, Z_DEFLATED, MAX_WBITS + GZIP, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    return KAM_ENOMEM;
  g->opened = true;
  return 0;
}

/* Compresses n bytes of data, or ends; sends what has become of them. */
static int run(struct gzip_compress *g, const unsigned char *data, size_t n,
               int how)
{
  int r;
  g->z.next_in = data;
  g->z.avail_in = (uInt)n;
  g->z.next_out = g->out;
  g->z.avail_out = ROOM;
  r = deflate(&g->z, how);
  g->finished = r == Z_STREAM_END;
  g->feed.more = g->z.avail_out == 0;
  if (g->z.avail_out == ROOM)
    return 0;
  return kam_feed_send(&g->comp, g->out, ROOM - g->z.avail_out, false);
}

static int work(struct kam_component *c)
{
  struct gzip_compress *g = (struct gzip_compress *)c;
  size_t left;
  const unsigned char *data = kam_feed_data(&g->feed, &left);
  bool last = left <= PIECE;
  int r = run(g, data, last ? left : PIECE,
              last && g->flush ? Z_SYNC_FLUSH : Z_NO_FLUSH);
  g->feed.at += (last ? left : PIECE) - g->z.avail_in;
  return r;
}

static int finish(struct kam_component *c)
{
  struct gzip_compress *g = (struct gzip_compress *)c;
  return g->finished ? KAM_FEED_OVER : run(g, NULL, 0, Z_FINISH);
}

static int gzip_compress_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct gzip_compress *)c)->feed, work, finish);
}

static void gzip_compress_close(struct kam_component *c)
{
  struct gzip_compress *g = (struct gzip_compress *)c;
  kam_feed_fini(c, &g->feed);
  if (g->opened)
    deflateEnd(&g->z);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "bytes in any cut", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "the same, compressed, in pieces of up to 64 KiB",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_INT(struct gzip_compress, level, 6, 0, 9,
            "0: stored as it is; 1: fastest; 9: smallest"),
    KAM_FLAG(struct gzip_compress, flush, false,
             "each message can be decompressed as soon as it has been sent; "
             "this costs some bytes each"),
    {0}};

KAM_COMPONENT(gzip_compress) = {
    .name = "GzipCompress",
    .family = "compress",
    .summary = "Compresses a stream of bytes as gzip does.",
    .doc = "All that comes becomes one gzip file (RFC 1952), without a name or "
           "a time in it, so that the same bytes always give the same file. "
           "Without `flush`, bytes may be kept until more have come. Of "
           "nothing it makes the gzip file of nothing.",
    .ends = "When its inbox has ended, after it has sent what is left.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { \"good morning, \", \"good day\" },\n"
               "  kam.GzipCompress { level = 9 },\n"
               "  kam.GzipDecompress(),\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> good morning, good day\n",
    .first = "level",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct gzip_compress),
    .open = gzip_compress_open,
    .step = gzip_compress_step,
    .close = gzip_compress_close,
};
