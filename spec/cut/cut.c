/* cut: what a host sees of a network at its worst. Preloaded into kam, it lets
 * every other read and write of a stream say that it is to come again, and cuts
 * the others to one byte:
 *
 *     LD_PRELOAD=$PWD/build/cut.so ./kam test spec/components/http
 *
 * So it is for the first bytes of each socket, where heads and handshakes are;
 * what follows is cut to a few, as bulk would take hours. Other programs that
 * are started from there, and datagrams, are left alone. */
#define _GNU_SOURCE /* RTLD_NEXT, accept4 */

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
  SOCKETS = 65536,
  ONE_BY_ONE = 4096, /* bytes of each socket, of both ways */
  FEW = 1500         /* at most at once behind them */
};

static struct {
  uint64_t cookie; /* which socket it is about */
  uint32_t bytes;
  uint32_t calls; /* a number that goes on with each */
} seen[SOCKETS];

static bool is_kam(void)
{
  static int known; /* 1: it is, 2: it is another program */
  char path[4096];
  ssize_t n;
  if (!known) {
    n = readlink("/proc/self/exe", path, sizeof path - 1);
    path[n < 0 ? 0 : n] = '\0';
    known = n >= 4 && strcmp(path + n - 4, "/kam") == 0 ? 1 : 2;
  }
  return known == 1;
}

/* Is it a socket of a stream? If so, what was seen of it is its own. */
static bool is_cut(int fd)
{
  int type = 0, before = errno;
  socklen_t size = sizeof type;
  uint64_t cookie = 0;
  bool is = is_kam() && fd >= 0 && fd < SOCKETS &&
            !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) &&
            type == SOCK_STREAM;
  size = sizeof cookie;
  if (is && !getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) &&
      cookie != seen[fd].cookie) {
    memset(&seen[fd], 0, sizeof seen[fd]);
    seen[fd].cookie = cookie;
  }
  errno = before;
  return is;
}

/* About every other call: a strict turn could be in step with who calls. */
static bool comes_again(int fd)
{
  uint32_t *x = &seen[fd].calls;
  *x = (*x + 1) * 2654435761u;
  if (*x >> 31)
    errno = EAGAIN;
  return *x >> 31;
}

/* libuv takes a short read from a stream that is hung up for the last. */
static bool is_hung_up(int fd)
{
  struct pollfd p = {.fd = fd};
  return poll(&p, 1, 0) > 0 && (p.revents & POLLHUP);
}

static size_t most(int fd, size_t wish)
{
  size_t may = seen[fd].bytes < ONE_BY_ONE ? 1 : FEW;
  return wish < may ? wish : may;
}

static ssize_t count(int fd, ssize_t n)
{
  if (n > 0)
    seen[fd].bytes += (uint32_t)n;
  return n;
}

/* The function that this one stands before. */
static void *next(const char *name)
{
  void *f = dlsym(RTLD_NEXT, name);
  if (!f)
    abort();
  return f;
}

#define NEXT(type, name)                                                       \
  static type f;                                                               \
  if (!f) {                                                                    \
    void *found = next(name);                                                  \
    memcpy(&f, &found, sizeof f);                                              \
  }

typedef ssize_t (*read_fn)(int, void *, size_t);
typedef ssize_t (*write_fn)(int, const void *, size_t);
typedef ssize_t (*writev_fn)(int, const struct iovec *, int);
typedef ssize_t (*sendfile_fn)(int, int, off_t *, size_t);
typedef int (*accept_fn)(int, __SOCKADDR_ARG, socklen_t *restrict, int);

ssize_t read(int fd, void *buf, size_t n)
{
  NEXT(read_fn, "read")
  if (!is_cut(fd) || is_hung_up(fd))
    return f(fd, buf, n);
  return comes_again(fd) ? -1 : count(fd, f(fd, buf, most(fd, n)));
}

ssize_t write(int fd, const void *buf, size_t n)
{
  NEXT(write_fn, "write")
  if (!is_cut(fd))
    return f(fd, buf, n);
  return comes_again(fd) ? -1 : count(fd, f(fd, buf, most(fd, n)));
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
  NEXT(writev_fn, "writev")
  if (!is_cut(fd))
    return f(fd, parts, n);
  while (n > 1 && parts->iov_len == 0) {
    parts++;
    n--;
  }
  return write(fd, parts->iov_base, parts->iov_len);
}

ssize_t sendfile(int to, int from, off_t *at, size_t n)
{
  NEXT(sendfile_fn, "sendfile")
  if (!is_cut(to))
    return f(to, from, at, n);
  return comes_again(to) ? -1 : count(to, f(to, from, at, most(to, n)));
}

int accept4(int fd, __SOCKADDR_ARG a, socklen_t *restrict size, int flags)
{
  NEXT(accept_fn, "accept4")
  if (is_cut(fd) && comes_again(fd))
    return -1;
  return f(fd, a, size, flags);
}
