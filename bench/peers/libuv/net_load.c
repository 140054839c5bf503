/* net_load WHAT PORT PID CONNECTIONS COUNT: loads of the network's rows, from
 * one process; prints what processor time the server's process PID took.
 *
 *     broadcast  CONNECTIONS WebSockets; the first says a text of 64 bytes
 *                COUNT times, up to 8 before all have got the first of them
 *     relay_tcp  CONNECTIONS that send COUNT bytes in all, in pieces of 64 KiB,
 *                through PORT to a sink of our own at PORT + 1
 *     idle_tcp   CONNECTIONS that say nothing, after an echo each: resident
 *                bytes of the server, less those before
 *     connect    CONNECTIONS at once: the longest time until one has its echo
 */

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 65536, TEXT = 64, AHEAD = 8 };

static char room[1 << 20];
static int connections, port, ep;
static const char *pid;
static uint64_t count;

static void die(const char *what)
{
  perror(what);
  exit(1);
}

static uint64_t now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Nanoseconds on a processor, of all threads. */
static uint64_t cpu(void)
{
  char path[512];
  uint64_t all = 0, ns;
  struct dirent *e;
  FILE *f;
  DIR *d;
  snprintf(path, sizeof path, "/proc/%s/task", pid);
  d = opendir(path);
  if (!d)
    die(path);
  while ((e = readdir(d))) {
    snprintf(path, sizeof path, "/proc/%s/task/%s/schedstat", pid, e->d_name);
    f = e->d_name[0] == '.' ? NULL : fopen(path, "r");
    if (f && fscanf(f, "%lu", &ns) == 1)
      all += ns;
    if (f)
      fclose(f);
  }
  closedir(d);
  return all;
}

static uint64_t resident(void)
{
  char path[64], line[256];
  unsigned long kib = 0;
  FILE *f;
  snprintf(path, sizeof path, "/proc/%s/status", pid);
  f = fopen(path, "r");
  if (!f)
    die(path);
  while (fgets(line, sizeof line, f))
    if (sscanf(line, "VmRSS: %lu", &kib) == 1)
      break;
  fclose(f);
  return kib * 1024;
}

static struct sockaddr_in local(int at)
{
  return (struct sockaddr_in){.sin_family = AF_INET,
                              .sin_port = htons((uint16_t)at),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int dial(void)
{
  struct sockaddr_in a = local(port);
  int one = 1, tries, fd;
  for (tries = 0; tries < 500; tries++) {
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
      die("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
      return fd;
    close(fd);
    usleep(10000);
  }
  die("connect");
  return -1;
}

static void watch(int fd, uint32_t what, uint32_t i)
{
  struct epoll_event e = {.events = what, .data.u32 = i};
  if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e))
    die("epoll_ctl");
}

static void echo(int fd)
{
  char text[TEXT];
  size_t n = 0;
  memset(text, 'x', TEXT);
  if (write(fd, text, TEXT) != TEXT)
    die("write");
  while (n < TEXT) {
    ssize_t r = read(fd, text + n, TEXT - n);
    if (r <= 0)
      die("read");
    n += (size_t)r;
  }
}

static void result(uint64_t cpu_ns, uint64_t ops, uint64_t wall,
                   const char *key, uint64_t value)
{
  printf("RESULT cpu_ns=%lu ops=%lu wall_ns=%lu %s=%ld\n", cpu_ns, ops, wall,
         key, (long)value);
}

/* --- */

static void open_web_socket(int fd)
{
  static const char ask[] =
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  size_t n = 0;
  if (write(fd, ask, sizeof ask - 1) != sizeof ask - 1)
    die("write");
  while (!(n > 4 && memcmp(room + n - 4, "\r\n\r\n", 4) == 0)) {
    ssize_t r = read(fd, room + n, 1); /* no frame */
    if (r <= 0)
      die("no WebSocket");
    n++;
  }
}

static void broadcast(void)
{
  unsigned char frame[6 + TEXT] = {0x81, 0x80 | TEXT}; /* a mask of zeros */
  int *fds = calloc((size_t)connections, sizeof *fds), i, n;
  struct epoll_event *events = calloc((size_t)connections, sizeof *events);
  uint64_t of_one = (uint64_t)connections * (TEXT + 2), begun, start, said, got;
  memset(frame + 6, 'x', TEXT);
  for (i = 0; i < connections; i++) {
    open_web_socket(fds[i] = dial());
    watch(fds[i], EPOLLIN, (uint32_t)i);
  }
  usleep(500000);
  begun = cpu();
  start = now();
  for (said = got = 0; got < count * of_one;) {
    for (; said < count && said * of_one < got + AHEAD * of_one; said++)
      if (write(fds[0], frame, sizeof frame) != sizeof frame)
        die("write");
    n = epoll_wait(ep, events, connections, 10000);
    if (n <= 0)
      die("not all have got it");
    for (i = 0; i < n; i++) {
      ssize_t r = read(fds[events[i].data.u32], room, sizeof room);
      if (r <= 0)
        die("read");
      got += (uint64_t)r;
    }
  }
  if (got != count * of_one)
    die("more than was said");
  result(cpu() - begun, count * (uint64_t)connections, now() - start, "n", 0);
}

static int listen_at(int at)
{
  struct sockaddr_in a = local(at);
  int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&a, sizeof a) || listen(fd, 512))
    die("bind");
  return fd;
}

/* Data of an event: the sender's number, or the sink's with the high bit. */
static void relay(void)
{
  int sink = listen_at(port + 1), i, n;
  int *from = calloc((size_t)connections, sizeof *from);
  int *to = calloc((size_t)connections, sizeof *to);
  uint64_t sent = 0, got = 0, begun, start;
  struct epoll_event events[64];
  for (i = 0; i < connections; i++) {
    from[i] = dial();
    if (write(from[i], "x", 1) != 1)
      die("write");
    to[i] = accept(sink, NULL, NULL);
    if (to[i] < 0 || read(to[i], room, 1) != 1)
      die("accept");
    fcntl(from[i], F_SETFL, O_NONBLOCK);
    fcntl(to[i], F_SETFL, O_NONBLOCK);
    watch(from[i], EPOLLOUT, (uint32_t)i);
    watch(to[i], EPOLLIN, (uint32_t)i | 1u << 31);
  }
  begun = cpu();
  start = now();
  while (got < count) {
    n = epoll_wait(ep, events, 64, 10000);
    if (n <= 0)
      die("nothing comes");
    for (i = 0; i < n; i++) {
      uint32_t k = events[i].data.u32;
      ssize_t r;
      if (k >> 31) {
        r = read(to[k & 0x7fffffff], room, sizeof room);
        got += r > 0 ? (uint64_t)r : 0;
        if (r == 0)
          die("read");
      } else if (sent < count) {
        r = write(from[k], room, PIECE);
        sent += r > 0 ? (uint64_t)r : 0;
      } else {
        epoll_ctl(ep, EPOLL_CTL_DEL, from[k], NULL);
      }
    }
  }
  result(cpu() - begun, got / PIECE, now() - start, "bytes", got);
}

static void idle(void)
{
  uint64_t before;
  int i;
  for (i = 0; i < 100; i++) { /* what comes once only */
    int fd = dial();
    echo(fd);
    close(fd);
  }
  usleep(300000);
  before = resident();
  for (i = 0; i < connections; i++)
    echo(dial());
  usleep(300000);
  result(0, (uint64_t)connections, 0, "rss", resident() - before);
}

static void connect_all(void)
{
  int *fds = calloc((size_t)connections, sizeof *fds), i, n, left = connections;
  struct epoll_event events[64];
  struct sockaddr_in a = local(port);
  uint64_t start, worst = 0;
  char text[TEXT];
  close(dial()); /* it listens */
  usleep(300000);
  start = now();
  for (i = 0; i < connections; i++) {
    fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (connect(fds[i], (struct sockaddr *)&a, sizeof a) &&
        errno != EINPROGRESS)
      die("connect");
    watch(fds[i], EPOLLOUT, (uint32_t)i);
  }
  while (left) {
    n = epoll_wait(ep, events, 64, 20000);
    if (n <= 0)
      die("no echo");
    for (i = 0; i < n; i++) {
      int k = (int)events[i].data.u32;
      struct epoll_event e = {.events = EPOLLIN, .data.u32 = (uint32_t)k};
      if (events[i].events & EPOLLIN) {
        if (read(fds[k], text, TEXT) <= 0)
          die("read");
        worst = now() - start;
        left--;
        epoll_ctl(ep, EPOLL_CTL_DEL, fds[k], NULL);
        continue;
      }
      if (write(fds[k], text, TEXT) != TEXT)
        die("write");
      epoll_ctl(ep, EPOLL_CTL_MOD, fds[k], &e);
    }
  }
  result(0, (uint64_t)connections, worst, "worst_ns", worst);
}

int main(int argc, char **argv)
{
  struct rlimit files;
  if (argc != 6)
    return 2;
  signal(SIGPIPE, SIG_IGN);
  port = atoi(argv[2]);
  pid = argv[3];
  connections = atoi(argv[4]);
  count = strtoull(argv[5], NULL, 10);
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  ep = epoll_create1(0);
  if (strcmp(argv[1], "broadcast") == 0)
    broadcast();
  else if (strcmp(argv[1], "relay_tcp") == 0)
    relay();
  else if (strcmp(argv[1], "idle_tcp") == 0)
    idle();
  else
    connect_all();
  return 0;
}
