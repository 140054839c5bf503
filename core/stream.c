/* stream: libuv's streams, read and written for a component. */
#include "core/stream.h"

#include "core/extent.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  CHUNK = 65536,
  PROBE = 4096,
  WAITING = 256 << 10 /* bytes that wait to be written: the kernel has more */
};

/* A write that was not done at once. */
struct kam_stream_write {
  uv_write_t req; /* must be first */
  struct kam_stream *s;
  unsigned n; /* messages */
  struct kam_msg msgs[KAM_STREAM_BATCH];
  uv_buf_t bufs[KAM_STREAM_BATCH];
};

static int begin(struct kam_stream *s, struct kam_component *c, int err)
{
  if (err)
    return KAM_EIO;
  s->c = c;
  s->open = true;
  s->active = c->party.world->now;
  c->party.in[KAM_INBOX].max_bytes = WAITING;
  kam_component_hold(c);
  return 0;
}

int kam_stream_init_tcp(struct kam_stream *s, struct kam_component *c)
{
  memset(s, 0, sizeof *s);
  return begin(s, c, uv_tcp_init(kam_uv(c), &s->uv.tcp));
}

int kam_stream_init_pipe(struct kam_stream *s, struct kam_component *c)
{
  memset(s, 0, sizeof *s);
  return begin(s, c, uv_pipe_init(kam_uv(c), &s->uv.pipe, 0));
}

static void wake(struct kam_stream *s)
{
  if (s->c->state < KAM_ENDED)
    kam_party_wake(&s->c->party);
}

static void broke(struct kam_stream *s, int err)
{
  if (!s->error)
    s->error = err;
  s->over = true;
}

/* --- reading --- */

/* All streams of a loop read into one buffer, until one of them keeps it. */
static struct kam_bytes **room_of(struct kam_stream *s)
{
  return &((struct kam_loop *)(void *)s->c->party.world)->room;
}

static void give_room(uv_handle_t *handle, size_t wish, uv_buf_t *buf)
{
  struct kam_stream *s = (struct kam_stream *)(void *)handle;
  struct kam_bytes **room = room_of(s);
  (void)wish;
  if (!*room)
    *room = kam_bytes_new(kam_mem_of(s->c), CHUNK);
  *buf =
      *room ? uv_buf_init((char *)(*room)->data, CHUNK) : uv_buf_init(NULL, 0);
}

/* The first n bytes of the room; a small part does not keep all of it. NULL
 * when memory is out. */
static struct kam_bytes *take_room(struct kam_stream *s, size_t n)
{
  struct kam_bytes **room = room_of(s), *b = *room;
  if (n < CHUNK / 8)
    return kam_bytes_copy(kam_mem_of(s->c), b->data, n);
  *room = NULL;
  b->len = n;
  return b;
}

static void stop_reading(struct kam_stream *s)
{
  uv_read_stop(&s->uv.stream);
  s->reading = false;
}

static void pass_on(struct kam_stream *s, struct kam_bytes *b)
{
  struct kam_msg m = kam_msg_bytes(b);
  int r = kam_outbox_try(&s->c->party.out[KAM_OUTBOX], m);
  if (r == KAM_FULL) {
    s->chunk = b;
    stop_reading(s);
    wake(s);
  } else if (r == KAM_NOBODY) {
    s->discards = true;
  } else if (r < 0) {
    broke(s, UV_ENOMEM);
    wake(s);
  }
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
  struct kam_stream *s = (struct kam_stream *)(void *)stream;
  struct kam_bytes *b;
  (void)buf;
  if (n == 0)
    return;
  s->active = s->c->party.world->now;
  if (n > 0 && s->discards)
    return;
  if (n > 0 && (b = take_room(s, (size_t)n))) {
    pass_on(s, b);
    return;
  }
  stop_reading(s);
  s->over = true;
  if (n != UV_EOF)
    broke(s, n > 0 ? UV_ENOMEM : (int)n);
  wake(s);
}

int kam_stream_read(struct kam_stream *s)
{
  int r = 0;
  if (kam_is_held(s->c))
    return 0;
  if (s->chunk) {
    struct kam_msg m = kam_msg_bytes(s->chunk);
    s->chunk = NULL;
    r = kam_send(s->c, KAM_OUTBOX, m);
  }
  if (r != KAM_SENT || s->reading || s->over || !s->open)
    return r < 0 ? r : 0;
  r = uv_read_start(&s->uv.stream, give_room, on_read);
  if (r)
    broke(s, r);
  s->reading = r == 0;
  return 0;
}

/* --- writing --- */

static void drop(struct kam_stream *s, const struct kam_msg *msgs, unsigned n)
{
  unsigned i;
  for (i = 0; i < n; i++)
    kam_msg_drop(&s->c->party.world->host, msgs[i]);
}

static void on_written(uv_write_t *req, int status)
{
  struct kam_stream_write *w = (struct kam_stream_write *)(void *)req;
  struct kam_stream *s = w->s;
  drop(s, w->msgs, w->n);
  s->write = NULL;
  s->active = s->c->party.world->now;
  kam_mem_free(kam_mem_of(s->c), w, sizeof *w);
  if (status < 0 && status != UV_ECANCELED)
    broke(s, status);
  wake(s);
}

/* Takes messages for one write, up to a part of a file; gives their bytes. */
static size_t gather(struct kam_stream *s, struct kam_msg *msgs, uv_buf_t *bufs,
                     unsigned *n)
{
  const struct kam_host *host = &s->c->party.world->host;
  size_t len, all = 0;
  const void *bytes;
  struct kam_msg m;
  for (*n = 0; *n < KAM_STREAM_BATCH && kam_take(s->c, KAM_INBOX, &m);) {
    if (kam_msg_get_extent(m)) {
      s->extent = m;
      s->sent = 0;
      break;
    }
    bytes = kam_msg_view(host, m, &len);
    msgs[*n] = m;
    bufs[(*n)++] = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)len);
    all += len;
  }
  return all;
}

/* What is behind the first done bytes is written when there is room. */
static int write_rest(struct kam_stream *s, const struct kam_msg *msgs,
                      const uv_buf_t *bufs, unsigned n, size_t done)
{
  struct kam_stream_write *w = kam_mem_alloc(kam_mem_of(s->c), sizeof *w);
  unsigned i = 0;
  int err;
  if (!w)
    return UV_ENOMEM;
  w->s = s;
  w->n = n;
  memcpy(w->msgs, msgs, n * sizeof *msgs);
  memcpy(w->bufs, bufs, n * sizeof *bufs);
  while (done >= w->bufs[i].len)
    done -= w->bufs[i++].len;
  w->bufs[i].base += done;
  w->bufs[i].len -= done;
  err = uv_write(&w->req, &s->uv.stream, w->bufs + i, n - i, on_written);
  if (err)
    kam_mem_free(kam_mem_of(s->c), w, sizeof *w);
  else
    s->write = w;
  return err;
}

/* Writes what there is room for: bytes, or libuv's error. What is in front of a
 * part of a file waits in the kernel for that, to leave in one packet. */
static int try_write(struct kam_stream *s, const uv_buf_t *bufs, unsigned n)
{
  struct msghdr m = {.msg_iov = (struct iovec *)(uintptr_t)bufs,
                     .msg_iovlen = n};
  uv_os_fd_t fd;
  ssize_t r;
  if (s->extent.tag == KAM_NOTHING)
    return uv_try_write(&s->uv.stream, bufs, n);
  uv_fileno(&s->uv.handle, &fd);
  do
    r = sendmsg(fd, &m, MSG_MORE | MSG_NOSIGNAL | MSG_DONTWAIT);
  while (r < 0 && errno == EINTR);
  return r < 0 ? uv_translate_sys_error(errno) : (int)r;
}

/* The messages, in one write; false: it is not yet done, or has failed. */
static bool write_msgs(struct kam_stream *s, const struct kam_msg *msgs,
                       const uv_buf_t *bufs, unsigned n, size_t all)
{
  size_t done;
  int r = all ? try_write(s, bufs, n) : 0;
  done = r < 0 ? 0 : (size_t)r;
  if (r < 0 && r != UV_EAGAIN)
    broke(s, r);
  else if (done < all)
    r = write_rest(s, msgs, bufs, n, done);
  if (s->write)
    return false;
  if (done < all && !s->error)
    broke(s, r);
  drop(s, msgs, n);
  return !s->error;
}

/* The next bytes of the part, up to max, are read, and written as others are:
 * what tells when there is room in a socket that is full. */
static int write_chunk(struct kam_stream *s, const struct kam_extent *e,
                       size_t max)
{
  size_t size = e->len - s->sent < max ? e->len - s->sent : max;
  struct kam_bytes *b = kam_bytes_new(kam_mem_of(s->c), size);
  ssize_t n =
      !b ? 0
         : pread(e->file->fd, b->data, size, (off_t)e->from + (off_t)s->sent);
  struct kam_msg m;
  uv_buf_t buf;
  int err;
  if (!b)
    return UV_ENOMEM;
  buf = uv_buf_init((char *)b->data, (unsigned)(n > 0 ? n : 0));
  m = kam_msg_bytes(b);
  err =
      n > 0 ? write_rest(s, &m, &buf, 1, 0) : UV_EIO; /* shorter than it was */
  if (err)
    kam_bytes_unref(b);
  else
    s->sent += (size_t)n;
  return err;
}

/* A socket that takes only a part is full. */
static bool write_extent(struct kam_stream *s)
{
  struct kam_extent *e = kam_msg_get_extent(s->extent);
  off_t at = (off_t)e->from + (off_t)s->sent;
  int err = 0;
  uv_os_fd_t fd;
  ssize_t n;
  uv_fileno(&s->uv.handle, &fd);
  n = sendfile(fd, e->file->fd, &at, e->len - s->sent);
  if (n > 0)
    s->sent += (size_t)n;
  if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
    err = uv_translate_sys_error(errno);
  else if (s->sent < e->len) /* or the kernel cannot do it for this file */
    err = write_chunk(s, e, n > 0 || errno == EAGAIN ? PROBE : CHUNK);
  if (err)
    broke(s, err);
  if (s->sent == e->len) {
    kam_msg_drop(&s->c->party.world->host, s->extent);
    s->extent = (struct kam_msg){0};
  }
  return !s->write && !s->error;
}

bool kam_stream_write(struct kam_stream *s)
{
  struct kam_msg msgs[KAM_STREAM_BATCH];
  uv_buf_t bufs[KAM_STREAM_BATCH];
  unsigned n = 0;
  size_t all = 0;
  if (!s->open || s->write || s->shut || s->error)
    return false;
  if (s->extent.tag == KAM_NOTHING)
    all = gather(s, msgs, bufs, &n);
  if (n == 0 && s->extent.tag == KAM_NOTHING)
    return false;
  s->active = s->c->party.world->now;
  s->written += all;
  if (n && !write_msgs(s, msgs, bufs, n, all))
    return false;
  return s->extent.tag == KAM_NOTHING || write_extent(s);
}

size_t kam_stream_left(const struct kam_stream *s)
{
  size_t left = uv_stream_get_write_queue_size(&s->uv.stream);
  uv_os_fd_t fd;
  int n = 0;
  if (s->uv.handle.type != UV_TCP || uv_fileno(&s->uv.handle, &fd) ||
      ioctl(fd, TIOCOUTQ, &n)) /* Unix sockets count with their overhead */
    n = 0;
  return left + (size_t)n;
}

static void on_shut(uv_shutdown_t *req, int status)
{
  struct kam_stream *s = req->data;
  (void)status;
  kam_mem_free(kam_mem_of(s->c), req, sizeof *req);
}

void kam_stream_shut(struct kam_stream *s)
{
  uv_shutdown_t *req;
  if (s->shut || !s->open)
    return;
  s->shut = true;
  req = kam_mem_alloc(kam_mem_of(s->c), sizeof *req);
  if (!req) {
    broke(s, UV_ENOMEM);
    return;
  }
  req->data = s;
  if (uv_shutdown(req, &s->uv.stream, on_shut))
    kam_mem_free(kam_mem_of(s->c), req, sizeof *req);
}

static void on_closed(uv_handle_t *handle)
{
  struct kam_stream *s = (struct kam_stream *)(void *)handle;
  struct kam_component *c = s->c;
  if (s->closed)
    s->closed(s);
  kam_component_unhold(c);
}

void kam_stream_close(struct kam_stream *s)
{
  if (!s->open)
    return;
  s->open = s->reading = false;
  s->over = true;
  if (s->chunk)
    kam_bytes_unref(s->chunk);
  s->chunk = NULL;
  kam_msg_drop(&s->c->party.world->host, s->extent);
  s->extent = (struct kam_msg){0};
  uv_close(&s->uv.handle, on_closed);
}

void kam_stream_reset(struct kam_stream *s)
{
  struct linger none = {.l_onoff = 1, .l_linger = 0};
  uv_os_fd_t fd;
  if (s->open && uv_fileno(&s->uv.handle, &fd) == 0)
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  kam_stream_close(s);
}
