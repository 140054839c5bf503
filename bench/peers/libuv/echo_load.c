/* echo_load PORT PID CONNECTIONS TOGETHER COUNT: asks a TCP echo server for
 * COUNT echoes of 64 bytes, TOGETHER of them in one write, by so many
 * connections at a time; prints what processor time its process PID took for
 * them, all threads, system included. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 64, TOGETHER = 64 };

static char out[SIZE * TOGETHER], in[SIZE * TOGETHER];

static void die(const char *what)
{
  perror(what);
  exit(1);
}

/* Nanoseconds on a processor, of all threads. */
static uint64_t cpu_of(const char *pid)
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

static int dial(int port)
{
  struct sockaddr_in a = {.sin_family = AF_INET,
                          .sin_port = htons((uint16_t)port),
                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
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

int main(int argc, char **argv)
{
  struct rlimit files;
  struct epoll_event *events, e = {.events = EPOLLIN};
  struct timespec t0, t1;
  uint64_t begun, cpu, asked = 0, done = 0, count;
  int i, n, ep, connections, together, *fds;
  size_t size, *got;
  if (argc != 6)
    return 2;
  connections = atoi(argv[3]);
  together = atoi(argv[4]);
  count = strtoull(argv[5], NULL, 10);
  size = (size_t)together * SIZE;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  events = calloc((size_t)connections, sizeof *events);
  fds = calloc((size_t)connections, sizeof *fds);
  got = calloc((size_t)connections, sizeof *got);
  ep = epoll_create1(0);
  memset(out, 'x', sizeof out);
  for (i = 0; i < connections; i++) {
    fds[i] = dial(atoi(argv[1]));
    e.data.u32 = (uint32_t)i;
    epoll_ctl(ep, EPOLL_CTL_ADD, fds[i], &e);
  }
  usleep(300000);
  begun = cpu_of(argv[2]);
  clock_gettime(CLOCK_MONOTONIC, &t0);
  for (i = 0; i < connections && asked < count;
       i++, asked += (unsigned)together)
    if (write(fds[i], out, size) != (ssize_t)size)
      die("write");
  while (done < asked) {
    n = epoll_wait(ep, events, connections, 10000);
    if (n <= 0)
      die("epoll_wait");
    for (i = 0; i < n; i++) {
      uint32_t k = events[i].data.u32;
      ssize_t r = read(fds[k], in, size - got[k]);
      if (r <= 0)
        die("read");
      got[k] += (size_t)r;
      if (got[k] < size)
        continue;
      got[k] = 0;
      done += (unsigned)together;
      if (asked >= count)
        continue;
      if (write(fds[k], out, size) != (ssize_t)size)
        die("write");
      asked += (unsigned)together;
    }
  }
  clock_gettime(CLOCK_MONOTONIC, &t1);
  cpu = cpu_of(argv[2]) - begun;
  printf("RESULT cpu_ns=%lu ops=%lu wall_ns=%lu\n", cpu, done,
         (uint64_t)(t1.tv_sec - t0.tv_sec) * 1000000000u +
             (uint64_t)t1.tv_nsec - (uint64_t)t0.tv_nsec);
  return 0;
}
