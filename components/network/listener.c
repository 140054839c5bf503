/* listener: sockets of the kernel, which libuv watches. */
#define _GNU_SOURCE /* accept4 */

#include "components/network/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

static int reserve(void)
{
  return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void kam_listener_init(struct kam_listener *l)
{
  l->fd = l->spare = -1;
}

static void close_fd(int *fd)
{
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

static int listen_on(struct kam_listener *l, const struct sockaddr *a,
                     socklen_t size, int backlog)
{
  int on = 1, off = 0, err;
  l->fd = socket(a->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (l->fd >= 0 &&
      (a->sa_family == AF_UNIX ||
       !setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on)) &&
      (a->sa_family != AF_INET6 ||
       !setsockopt(l->fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off)) &&
      !bind(l->fd, a, size) && !listen(l->fd, backlog)) {
    l->spare = reserve();
    return 0;
  }
  err = -errno;
  close_fd(&l->fd);
  return err;
}

int kam_listener_bind(struct kam_listener *l, const struct sockaddr *a,
                      int backlog)
{
  return listen_on(l, a,
                   a->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                            : sizeof(struct sockaddr_in),
                   backlog);
}

int kam_listener_bind_path(struct kam_listener *l, const char *path,
                           int backlog)
{
  struct sockaddr_un a = {.sun_family = AF_UNIX};
  size_t n = strlen(path);
  int err;
  if (n >= sizeof a.sun_path)
    return UV_ENAMETOOLONG;
  memcpy(a.sun_path, path, n);
  err = listen_on(l, (const struct sockaddr *)&a, sizeof a, backlog);
  l->path = err ? NULL : path;
  return err;
}

void kam_listener_tune(const struct kam_listener *l, bool no_delay,
                       bool keep_alive)
{
  int on = 1, idle = 60 /* seconds */, every = 1, count = 10;
  if (no_delay)
    setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (!keep_alive)
    return;
  setsockopt(l->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(l->fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(l->fd, IPPROTO_TCP, TCP_KEEPINTVL, &every, sizeof every);
  setsockopt(l->fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
}

static int watch(struct kam_listener *l)
{
  return uv_poll_start(&l->poll, UV_READABLE, l->ready);
}

int kam_listener_start(struct kam_listener *l, uv_loop_t *loop,
                       uv_poll_cb ready)
{
  int err = uv_poll_init(loop, &l->poll, l->fd);
  l->ready = ready;
  l->started = err == 0;
  return err ? err : watch(l);
}

/* Not the listener's: what happened to a peer, or on the way to it. */
static bool is_passing(int err)
{
  return err == EINTR || err == ECONNABORTED || err == EPROTO || err == EPERM ||
         err == ENETDOWN || err == ENETUNREACH || err == EHOSTDOWN ||
         err == EHOSTUNREACH || err == ENOPROTOOPT || err == EOPNOTSUPP ||
         err == ENONET;
}

static int accept_one(struct kam_listener *l, struct sockaddr_storage *a)
{
  socklen_t size = sizeof *a;
  int fd;
  a->ss_family = AF_UNSPEC;
  do
    fd = accept4(l->fd, (struct sockaddr *)a, &size,
                 SOCK_NONBLOCK | SOCK_CLOEXEC);
  while (fd < 0 && is_passing(errno));
  return fd < 0 ? -errno : fd;
}

/* Accepts one with the spare descriptor and closes it. 0 or an error. */
static int refuse(struct kam_listener *l, struct sockaddr_storage *a)
{
  int fd;
  close_fd(&l->spare);
  fd = accept_one(l, a);
  if (fd >= 0)
    close(fd);
  l->spare = reserve();
  return fd < 0 ? fd : 0;
}

int kam_listener_accept(struct kam_listener *l, struct sockaddr_storage *a)
{
  int fd = accept_one(l, a), err = fd;
  if ((fd == UV_EMFILE || fd == UV_ENFILE) && l->spare >= 0)
    err = refuse(l, a);
  if (err >= 0)
    return fd;
  if (err != UV_EAGAIN) {
    l->rests = true;
    uv_poll_stop(&l->poll);
  }
  return err;
}

void kam_listener_go_on(struct kam_listener *l)
{
  l->rests = false;
  if (l->spare < 0)
    l->spare = reserve();
  watch(l);
}

void kam_listener_close(struct kam_listener *l, uv_close_cb closed)
{
  if (l->started)
    uv_close((uv_handle_t *)&l->poll, closed);
  l->started = false;
  if (l->path)
    unlink(l->path);
  l->path = NULL;
  close_fd(&l->fd);
  close_fd(&l->spare);
}
