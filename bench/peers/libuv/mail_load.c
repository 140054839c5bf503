/* mail_load WHAT PORT SINK PIDS CONNECTIONS COUNT: loads of the mail rows, from
 * one process. PIDS are the server's processes, with commas between: what they
 * and all that they have started took of a processor is printed.
 *
 *     turned_away  COUNT sessions by CONNECTIONS at once, each with a recipient
 *                  that is new, and hence refused for now
 *     proxied      COUNT sessions with a mail of 4 KB each to a recipient that
 *                  is known
 *     late         COUNT of them one after another, by turns through PORT and
 *                  straight to SINK: what 99 of 100 take longer at most
 *     idle_mail    CONNECTIONS that say nothing behind EHLO: resident bytes
 *
 * The client is 127.0.0.2, as no server treats it as itself. */

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MAIL = 4096, REPLY = 2048, LONG_LINE = 78 };

/* What is said when a reply has come, and what the reply must begin with. */
struct step {
  char expected;
  const char *say;
};

static const struct step turned_away[] = {
    {'2', "EHLO client.example\r\n"},
    {'2', "MAIL FROM:<s%lu@client.example>\r\n"},
    {'2', "RCPT TO:<new@test.example>\r\n"},
    {'4', "QUIT\r\n"},
    {'2', NULL}};

static const struct step proxied[] = {
    {'2', "EHLO client.example\r\n"},
    {'2', "MAIL FROM:<known@client.example>\r\n"},
    {'2', "RCPT TO:<known@test.example>\r\n"},
    {'2', "DATA\r\n"},
    {'3', "mail"},
    {'2', "QUIT\r\n"},
    {'2', NULL}};

static const struct step idle_mail[] = {{'2', "EHLO client.example\r\n"},
                                        {'2', NULL}};

struct talk {
  int fd;
  unsigned step, len;
  char reply[REPLY];
};

static char mail[MAIL + 8];
static size_t mail_len;
static int ep;
static char *pids;
static uint64_t serial;

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

/* --- what the server took --- */

static unsigned long memory_of(const char *pid)
{
  char path[64], line[256];
  unsigned long kib = 0;
  FILE *f;
  snprintf(path, sizeof path, "/proc/%s/status", pid);
  f = fopen(path, "r");
  if (!f)
    return 0;
  while (fgets(line, sizeof line, f))
    if (sscanf(line, "VmRSS: %lu", &kib) == 1)
      break;
  fclose(f);
  return kib * 1024;
}

/* Ticks of a process, of those of its children that have ended, and, by
 * schedstat in nanoseconds, of what lives. */
static uint64_t cpu_of(const char *pid)
{
  char path[600], line[1024], *at;
  unsigned long dead = 0, dead_system = 0, ns;
  uint64_t all = 0;
  struct dirent *e;
  FILE *f;
  DIR *d;
  snprintf(path, sizeof path, "/proc/%s/stat", pid);
  f = fopen(path, "r");
  if (!f)
    return 0;
  at = fgets(line, sizeof line, f) ? strrchr(line, ')') : NULL;
  if (at)
    sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %lu %lu",
           &dead, &dead_system);
  fclose(f);
  all += (uint64_t)(dead + dead_system) * (1000000000u / 100);
  snprintf(path, sizeof path, "/proc/%s/task", pid);
  d = opendir(path);
  while (d && (e = readdir(d))) {
    char child[32];
    if (e->d_name[0] == '.')
      continue;
    snprintf(path, sizeof path, "/proc/%s/task/%s/schedstat", pid, e->d_name);
    f = fopen(path, "r");
    if (f && fscanf(f, "%lu", &ns) == 1)
      all += ns;
    if (f)
      fclose(f);
    snprintf(path, sizeof path, "/proc/%s/task/%s/children", pid, e->d_name);
    f = fopen(path, "r");
    while (f && fscanf(f, "%31s", child) == 1)
      all += cpu_of(child);
    if (f)
      fclose(f);
  }
  if (d)
    closedir(d);
  return all;
}

static uint64_t sum(bool memory)
{
  char *list = strdup(pids), *p, *rest = list;
  uint64_t all = 0;
  while ((p = strsep(&rest, ",")))
    all += memory ? memory_of(p) : cpu_of(p);
  free(list);
  return all;
}

/* --- talking --- */

static int dial(int port)
{
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons((uint16_t)port),
                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct sockaddr_in from = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1)};
  int one = 1, tries, fd;
  for (tries = 0; tries < 500; tries++) {
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
      die("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&from, sizeof from))
      die("bind");
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
      return fd;
    close(fd);
    usleep(10000);
  }
  die("connect");
  return -1;
}

static void say(int fd, const char *text)
{
  char line[128];
  int n = snprintf(line, sizeof line, text, (unsigned long)++serial);
  bool is_mail = strcmp(text, "mail") == 0;
  size_t len = is_mail ? mail_len : (size_t)n;
  if (write(fd, is_mail ? mail : line, len) != (ssize_t)len)
    die("write");
}

/* Reads what is there. Is the reply whole? */
static bool hear(struct talk *t)
{
  ssize_t n = read(t->fd, t->reply + t->len, sizeof t->reply - t->len - 1);
  char *line;
  if (n <= 0)
    die("the server has closed");
  t->len += (unsigned)n;
  t->reply[t->len] = '\0';
  if (t->reply[t->len - 1] != '\n')
    return false;
  t->reply[t->len - 1] = '\0';
  line = strrchr(t->reply, '\n');
  line = line ? line + 1 : t->reply;
  t->reply[t->len - 1] = '\n';
  return strlen(line) > 3 && line[3] != '-';
}

/* A reply is there: goes on. Is it over? */
static bool go_on(struct talk *t, const struct step *steps)
{
  const struct step *s = &steps[t->step++];
  if (t->reply[0] != s->expected) {
    fprintf(stderr, "step %u: %s", t->step, t->reply);
    exit(1);
  }
  t->len = 0;
  if (s->say)
    say(t->fd, s->say);
  return !s->say;
}

static void open_talk(struct talk *t, int port, uint32_t i)
{
  struct epoll_event e = {.events = EPOLLIN, .data.u32 = i};
  t->step = t->len = 0;
  t->fd = dial(port);
  if (epoll_ctl(ep, EPOLL_CTL_ADD, t->fd, &e))
    die("epoll_ctl");
}

/* count sessions, n at once. */
static void run(const struct step *steps, int port, int n, uint64_t count)
{
  struct talk *talks = calloc((size_t)n, sizeof *talks);
  struct epoll_event events[64];
  uint64_t begun = 0, ended = 0;
  int i, k;
  for (i = 0; i < n && begun < count; i++, begun++)
    open_talk(&talks[i], port, (uint32_t)i);
  while (ended < count) {
    k = epoll_wait(ep, events, 64, 30000);
    if (k <= 0)
      die("nothing comes");
    for (i = 0; i < k; i++) {
      struct talk *t = &talks[events[i].data.u32];
      if (!hear(t) || !go_on(t, steps))
        continue;
      close(t->fd);
      ended++;
      if (begun++ < count)
        open_talk(t, port, events[i].data.u32);
    }
  }
  free(talks);
}

/* The recipient of `proxied` is tried until it is known. */
static void get_known(int port)
{
  int tries;
  for (tries = 0; tries < 30; tries++) {
    struct talk t = {.fd = dial(port)};
    char got = 0;
    for (unsigned i = 0; i < 4; i++) {
      while (!hear(&t))
        ;
      got = t.reply[0];
      t.len = 0;
      say(t.fd, i < 3 ? proxied[i].say : "QUIT\r\n");
    }
    close(t.fd);
    if (got == '2')
      return;
    usleep(500000);
  }
  die("the recipient stays unknown");
}

static int by_size(const void *a, const void *b)
{
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static void result(uint64_t cpu, uint64_t ops, uint64_t wall, const char *key,
                   int64_t value)
{
  printf("RESULT cpu_ns=%lu ops=%lu wall_ns=%lu %s=%ld\n", cpu, ops, wall, key,
         value);
}

static void late(int port, int sink, uint64_t count)
{
  uint64_t *times[2], i;
  int which;
  for (which = 0; which < 2; which++)
    times[which] = calloc(count, sizeof **times);
  for (i = 0; i < count; i++)
    for (which = 0; which < 2; which++) {
      uint64_t start = now();
      run(proxied, which ? sink : port, 1, 1);
      times[which][i] = now() - start;
    }
  for (which = 0; which < 2; which++)
    qsort(times[which], count, sizeof **times, by_size);
  i = count * 99 / 100;
  result(0, count, 0, "late_ns", (int64_t)(times[0][i] - times[1][i]));
}

static void idle(int port, int n)
{
  struct talk *talks = calloc((size_t)n, sizeof *talks);
  uint64_t before;
  int i;
  run(turned_away, port, 10, 200); /* what comes once only */
  usleep(500000);
  before = sum(true);
  for (i = 0; i < n; i++) {
    open_talk(&talks[i], port, (uint32_t)i);
    do
      while (!hear(&talks[i]))
        ;
    while (!go_on(&talks[i], idle_mail));
  }
  usleep(500000);
  result(0, (uint64_t)n, 0, "rss", (int64_t)(sum(true) - before));
}

static void write_mail(void)
{
  size_t i;
  mail_len = (size_t)sprintf(mail, "Subject: load\r\n\r\n");
  for (i = 0; mail_len + 2 < MAIL; i++) {
    memcpy(mail + mail_len, i % LONG_LINE == LONG_LINE - 1 ? "\r\n" : "xx", 2);
    mail_len += 2;
  }
  memcpy(mail + mail_len, "\r\n.\r\n", 5);
  mail_len += 5;
}

int main(int argc, char **argv)
{
  struct rlimit files;
  uint64_t begun, start, count;
  const struct step *steps;
  int port, sink, n;
  if (argc != 7)
    return 2;
  signal(SIGPIPE, SIG_IGN);
  port = atoi(argv[2]);
  sink = atoi(argv[3]);
  pids = argv[4];
  n = atoi(argv[5]);
  count = strtoull(argv[6], NULL, 10);
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  ep = epoll_create1(0);
  write_mail();
  serial = now();
  if (strcmp(argv[1], "idle_mail") == 0) {
    idle(port, n);
    return 0;
  }
  steps = strcmp(argv[1], "turned_away") == 0 ? turned_away : proxied;
  if (steps == proxied)
    get_known(port);
  if (strcmp(argv[1], "late") == 0) {
    late(port, sink, count);
    return 0;
  }
  run(steps, port, n, (uint64_t)n * 2); /* what comes once only */
  begun = sum(false);
  start = now();
  run(steps, port, n, count);
  result(sum(false) - begun, count, now() - start, "n", 0);
  return 0;
}
