/* GzipDecompress: gzip members (RFC 1952), one after another, by zlib. */
#include "components/compress/bomb.h"
#include "core/feed.h"

#define ZLIB_CONST
#include <zlib.h>

enum {
  PIECE = 16 << 10, /* bytes decompressed between two looks at the others */
  ROOM = 64 << 10,
  GZIP = 16 /* to be added to the bits of the window: gzip's header only */
};

/* Where in the file it is. */
enum place { START, BETWEEN, INSIDE, PADDING };

struct gzip_decompress {
  struct kam_component comp; /* must be first */
  struct bomb bomb;          /* options */
  struct kam_feed feed;
  z_stream z;
  enum place place;
  uint64_t began; /* where in the file the member began */
  bool opened, damaged;
  unsigned char out[ROOM];
};

static int gzip_decompress_open(struct kam_component *c)
{
  struct gzip_decompress *g = (struct gzip_decompress *)c;
  if (inflateInit2(&g->z, MAX_WBITS + GZIP) != Z_OK)
    return KAM_ENOMEM;
  g->opened = true;
  return 0;
}

static int wrong(struct gzip_decompress *g)
{
  if (g->place == PADDING || (g->z.total_in < 10 && g->began > 0))
    return kam_failf(&g->comp,
                     "error[E0652]: what follows the last gzip member, from "
                     "byte %llu on, is no gzip",
                     (unsigned long long)g->began);
  return kam_failf(&g->comp, "error[E0650]: no gzip at byte %llu: %s",
                   (unsigned long long)g->bomb.in,
                   g->z.msg ? g->z.msg : "it is damaged");
}

/* Zero bytes after the last member, with which tapes are filled up: passes over
 * them. False if something else comes. */
static bool pad(struct gzip_decompress *g, const unsigned char *data, size_t n)
{
  size_t i = 0;
  while (i < n && data[i] == 0)
    i++;
  g->feed.at += i;
  g->bomb.in += i;
  if (i > 0)
    g->place = PADDING;
  return i == n;
}

static int work(struct kam_component *c)
{
  struct gzip_decompress *g = (struct gzip_decompress *)c;
  size_t left, n;
  const unsigned char *data = kam_feed_data(&g->feed, &left);
  int r;
  if (g->damaged)
    return wrong(g);
  if ((g->place == BETWEEN || g->place == PADDING) && !g->feed.more) {
    if (pad(g, data, left))
      return 0;
    data = kam_feed_data(&g->feed, &left);
    if (g->place == PADDING) {
      g->began = g->bomb.in;
      return wrong(g);
    }
    inflateReset(&g->z);
    g->began = g->bomb.in;
  }
  n = left < PIECE ? left : PIECE;
  if (n == 0 && !g->feed.more)
    return 0;
  g->z.next_in = data;
  g->z.avail_in = (uInt)n;
  g->z.next_out = g->out;
  g->z.avail_out = ROOM;
  r = inflate(&g->z, Z_NO_FLUSH);
  if (r == Z_MEM_ERROR)
    return KAM_ENOMEM;
  n -= g->z.avail_in;
  g->feed.at += n;
  g->bomb.in += n;
  g->damaged = r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR;
  if (g->damaged) {
    g->feed.more = true; /* first goes what is whole */
    return bomb_send(c, &g->bomb, g->out, ROOM - g->z.avail_out);
  }
  g->place = r == Z_STREAM_END ? BETWEEN : INSIDE;
  g->feed.more = g->place == INSIDE && g->z.avail_out == 0;
  return bomb_send(c, &g->bomb, g->out, ROOM - g->z.avail_out);
}

static int finish(struct kam_component *c)
{
  struct gzip_decompress *g = (struct gzip_decompress *)c;
  if (g->place == BETWEEN || g->place == PADDING)
    return KAM_FEED_OVER;
  return kam_failf(c,
                   "error[E0651]: the gzip ends too early, after %llu bytes, "
                   "of which %llu came",
                   (unsigned long long)g->bomb.in,
                   (unsigned long long)g->bomb.out);
}

static int gzip_decompress_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct gzip_decompress *)c)->feed, work, finish);
}

static void gzip_decompress_close(struct kam_component *c)
{
  struct gzip_decompress *g = (struct gzip_decompress *)c;
  kam_feed_fini(c, &g->feed);
  if (g->opened)
    inflateEnd(&g->z);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "a gzip file in any cut", .kinds = KAM_BYTES},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "what it holds, in pieces of up to 64 KiB",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    BOMB_OPTIONS(struct gzip_decompress), {0}};

KAM_COMPONENT(gzip_decompress) = {
    .name = "GzipDecompress",
    .family = "compress",
    .summary = "Decompresses gzip files.",
    .doc = "Members that follow one another (RFC 1952) give their bytes one "
           "after another; zero bytes after the last one are passed over. "
           "Damage, other bytes after the last member, a file that ends too "
           "early (also one of no bytes), and more than `limit` or `ratio` "
           "allow are errors; what was whole until then has been sent. It "
           "decompresses no faster than its receiver takes, so that a small "
           "file that becomes a very large one fills no memory here.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { \"hello\" },\n"
               "  kam.GzipCompress(),\n"
               "  kam.GzipDecompress { limit = 1000 },\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> hello\n",
    .first = "limit",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct gzip_decompress),
    .open = gzip_decompress_open,
    .step = gzip_decompress_step,
    .close = gzip_decompress_close,
};
