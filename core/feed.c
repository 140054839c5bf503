/* feed: steps of codecs and parsers. */
#include "core/feed.h"

#include <stdarg.h>
#include <stdio.h>

enum { PIECES = 64 /* in one step */ };

static void drop(struct kam_component *c, struct kam_feed *f)
{
  kam_msg_drop(&c->party.world->host, f->msg);
  f->msg = (struct kam_msg){0};
  f->data = NULL;
  f->len = f->at = 0;
  f->more = false;
}

void kam_feed_fini(struct kam_component *c, struct kam_feed *f)
{
  drop(c, f);
}

/* Takes the next message; false if there is none now. */
static bool next(struct kam_component *c, struct kam_feed *f)
{
  if (!kam_take(c, KAM_INBOX, &f->msg))
    return false;
  f->data = kam_msg_view(&c->party.world->host, f->msg, &f->len);
  if (!f->data)
    f->len = 0;
  f->at = 0;
  f->number++;
  return true;
}

/* What a step says after work or finish gave r. */
static int said(int r)
{
  return r < 0 ? r : r == KAM_WAIT ? KAM_BLOCKED : KAM_AGAIN;
}

static int over(struct kam_component *c, kam_feed_fn finish)
{
  int r;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  r = finish ? finish(c) : KAM_FEED_OVER;
  return r == KAM_FEED_OVER ? KAM_DONE : said(r);
}

int kam_feed_step(struct kam_component *c, struct kam_feed *f, kam_feed_fn work,
                  kam_feed_fn finish)
{
  int i, r;
  for (i = 0; i < PIECES; i++) {
    if (f->msg.tag != KAM_NOTHING && f->at == f->len && !f->more)
      drop(c, f); /* what it was viewed for is sent */
    if (f->msg.tag == KAM_NOTHING && !next(c, f))
      return kam_over(c, KAM_INBOX) ? over(c, finish) : KAM_PAUSE;
    if (c->party.told == KAM_SHUTDOWN)
      return KAM_DONE;
    r = work(c);
    if (r < 0 || r == KAM_WAIT)
      return said(r);
  }
  return KAM_AGAIN;
}

int kam_feed_send(struct kam_component *c, const void *bytes, size_t len,
                  bool line)
{
  struct kam_bytes *b = kam_bytes_copy(kam_mem_of(c), bytes, len);
  struct kam_msg m;
  if (!b)
    return KAM_ENOMEM;
  m = kam_msg_bytes(b);
  if (line)
    m.kind |= KAM_LINE;
  return kam_send(c, KAM_OUTBOX, m);
}

int kam_failf(struct kam_component *c, const char *format, ...)
{
  char text[512];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  kam_component_fail(c, text);
  return KAM_EFAILED;
}
