/* echo PORT: a TCP echo server on libuv, as one writes it by hand: what is read
 * is tried to be written at once, from one buffer of the loop's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

struct rest {
  uv_write_t req;
  char bytes[];
};

static char room[65536];

static void give_room(uv_handle_t *handle, size_t wish, uv_buf_t *buf)
{
  (void)handle;
  (void)wish;
  *buf = uv_buf_init(room, sizeof room);
}

static void on_closed(uv_handle_t *handle)
{
  free(handle);
}

static void on_written(uv_write_t *req, int status)
{
  (void)status;
  free(req);
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
  uv_buf_t b = uv_buf_init(buf->base, n > 0 ? (unsigned)n : 0);
  struct rest *rest;
  int r;
  if (n < 0)
    uv_close((uv_handle_t *)s, on_closed);
  if (n <= 0)
    return;
  r = uv_try_write(s, &b, 1);
  r = r < 0 ? 0 : r;
  if (r == n)
    return;
  rest = malloc(sizeof *rest + (size_t)(n - r));
  memcpy(rest->bytes, buf->base + r, (size_t)(n - r));
  b = uv_buf_init(rest->bytes, (unsigned)(n - r));
  uv_write(&rest->req, s, &b, 1, on_written);
}

static void on_connection(uv_stream_t *listener, int status)
{
  uv_tcp_t *s = malloc(sizeof *s);
  (void)status;
  uv_tcp_init(listener->loop, s);
  if (uv_accept(listener, (uv_stream_t *)s)) {
    uv_close((uv_handle_t *)s, on_closed);
    return;
  }
  uv_tcp_nodelay(s, 1);
  uv_read_start((uv_stream_t *)s, give_room, on_read);
}

int main(int argc, char **argv)
{
  uv_tcp_t listener;
  struct sockaddr_in a;
  if (argc != 2)
    return 2;
  uv_ip4_addr("127.0.0.1", atoi(argv[1]), &a);
  uv_tcp_init(uv_default_loop(), &listener);
  if (uv_tcp_bind(&listener, (const struct sockaddr *)&a, 0) ||
      uv_listen((uv_stream_t *)&listener, 4096, on_connection))
    return 1;
  return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
