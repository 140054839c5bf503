/* stdio: pipes of libuv. */
#include "components/process/stdio.h"

#include <string.h>

enum { CHUNK = 65536 };

static void drop(struct kam_bytes **b)
{
  if (*b)
    kam_bytes_unref(*b);
  *b = NULL;
}

/* --- reading --- */

static void give_room(uv_handle_t *handle, size_t wish, uv_buf_t *buf)
{
  struct kam_stdio_reader *r = (struct kam_stdio_reader *)handle;
  (void)wish;
  if (!r->room)
    r->room = kam_bytes_new(kam_mem_of(r->c), CHUNK);
  *buf = r->room ? uv_buf_init((char *)r->room->data, CHUNK)
                 : uv_buf_init(NULL, 0);
}

/* A small chunk does not keep all of its room. */
static void keep(struct kam_stdio_reader *r, size_t n)
{
  struct kam_bytes *chunk = NULL;
  if (n < CHUNK / 8)
    chunk = kam_bytes_copy(kam_mem_of(r->c), r->room->data, n);
  if (!chunk) {
    chunk = r->room;
    chunk->len = n;
    r->room = NULL;
  }
  r->chunks[(r->first + r->n++) % KAM_STDIO_CHUNKS] = chunk;
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
  struct kam_stdio_reader *r = (struct kam_stdio_reader *)stream;
  (void)buf;
  if (n == 0 || (n > 0 && r->discards))
    return;
  if (n > 0) {
    keep(r, (size_t)n);
    if (r->n == KAM_STDIO_CHUNKS)
      uv_read_stop(stream);
  } else {
    r->failed = n != UV_EOF;
    uv_read_stop(stream);
    r->over = true;
  }
  kam_party_wake(&r->c->party);
}

int kam_stdio_reader_init(struct kam_stdio_reader *r, struct kam_component *c)
{
  r->c = c;
  if (uv_pipe_init(kam_uv(c), &r->pipe, 0))
    return KAM_EIO;
  kam_component_hold(c);
  r->open = true;
  return 0;
}

int kam_stdio_read(struct kam_stdio_reader *r)
{
  int err;
  if (!r->open || r->over || r->n == KAM_STDIO_CHUNKS ||
      uv_is_active((uv_handle_t *)&r->pipe))
    return 0;
  err = uv_read_start((uv_stream_t *)&r->pipe, give_room, on_read);
  return err && err != UV_EALREADY ? KAM_EIO : 0;
}

struct kam_bytes *kam_stdio_take(struct kam_stdio_reader *r)
{
  struct kam_bytes *chunk;
  if (r->n == 0)
    return NULL;
  chunk = r->chunks[r->first];
  r->first = (r->first + 1) % KAM_STDIO_CHUNKS;
  r->n--;
  return chunk;
}

static void on_reader_closed(uv_handle_t *handle)
{
  struct kam_stdio_reader *r = (struct kam_stdio_reader *)handle;
  drop(&r->room);
  kam_component_unhold(r->c);
}

void kam_stdio_reader_close(struct kam_stdio_reader *r)
{
  struct kam_bytes *chunk;
  while ((chunk = kam_stdio_take(r)))
    kam_bytes_unref(chunk);
  r->over = true;
  if (!r->open)
    return;
  r->open = false;
  uv_close((uv_handle_t *)&r->pipe, on_reader_closed);
}

/* --- writing --- */

int kam_stdio_writer_init(struct kam_stdio_writer *w, struct kam_component *c)
{
  w->c = c;
  if (uv_pipe_init(kam_uv(c), &w->pipe, 0))
    return KAM_EIO;
  kam_component_hold(c);
  w->open = true;
  return 0;
}

static void drop_msgs(struct kam_stdio_writer *w)
{
  unsigned i;
  for (i = 0; i < w->n; i++)
    kam_msg_drop(&w->c->party.world->host, w->msgs[i]);
  w->n = 0;
}

static void on_written(uv_write_t *req, int status)
{
  struct kam_stdio_writer *w = req->data;
  drop_msgs(w);
  w->busy = false;
  w->deaf |= status < 0;
  if (w->c->state != KAM_ENDED)
    kam_party_wake(&w->c->party);
}

/* Takes messages into the buffers of a write; gives their bytes. */
static size_t gather(struct kam_stdio_writer *w)
{
  const struct kam_host *host = &w->c->party.world->host;
  size_t len, all = 0;
  const void *bytes;
  while (w->n < KAM_STDIO_BATCH && kam_take(w->c, KAM_INBOX, &w->msgs[w->n])) {
    bytes = kam_msg_view(host, w->msgs[w->n], &len);
    w->bufs[w->n++] = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)len);
    all += len;
  }
  return all;
}

/* The buffers after the first n bytes are written when there is room. */
static void write_rest(struct kam_stdio_writer *w, size_t n)
{
  unsigned i = 0;
  while (n >= w->bufs[i].len)
    n -= w->bufs[i++].len;
  w->bufs[i].base += n;
  w->bufs[i].len -= n;
  w->req.data = w;
  w->busy = true;
  if (uv_write(&w->req, (uv_stream_t *)&w->pipe, w->bufs + i, w->n - i,
               on_written))
    on_written(&w->req, UV_EPIPE);
}

bool kam_stdio_write(struct kam_stdio_writer *w)
{
  size_t all;
  int n;
  if (!w->open || w->busy || w->deaf)
    return false;
  all = gather(w);
  if (w->n == 0)
    return false;
  n = uv_try_write((uv_stream_t *)&w->pipe, w->bufs, w->n);
  if (n < 0 && n != UV_EAGAIN) {
    w->deaf = true;
    n = (int)all;
  }
  if (n < 0 || (size_t)n < all)
    write_rest(w, n < 0 ? 0 : (size_t)n);
  else
    drop_msgs(w);
  return !w->busy && !w->deaf;
}

static void on_writer_closed(uv_handle_t *handle)
{
  kam_component_unhold(((struct kam_stdio_writer *)handle)->c);
}

void kam_stdio_writer_close(struct kam_stdio_writer *w)
{
  if (!w->open)
    return;
  w->open = false;
  uv_close((uv_handle_t *)&w->pipe, on_writer_closed);
}
