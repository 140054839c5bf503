/* bench_timers VARIANT COUNT: sets one of 100,000 live timers of the wheel
 * anew, COUNT times, and prints the RESULT line. The same loop as in
 * bench/peers/libuv/timers.c. */
#include "core/err.h"
#include "core/timer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
  TIMERS = 100000,
  STRIDE = 40503, /* shares no divisor with TIMERS: all get their turn */
  TIMES = 65536
};

static struct kam_timer timers[TIMERS];
static uint64_t some_time[TIMES]; /* 30 to 60 s, in ns */

static void over(struct kam_timer *t)
{
  (void)t;
  abort();
}

static uint64_t at_random(size_t i)
{
  return some_time[i % TIMES];
}

/* 1 ms later at each turn */
static uint64_t later(size_t i)
{
  return (60000 + i / TIMERS) * KAM_TICK;
}

static int64_t cpu(void)
{
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * INT64_C(1000000000) +
         (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * INT64_C(1000);
}

int main(int argc, char **argv)
{
  uint64_t (*time)(size_t);
  struct kam_wheel wheel;
  size_t count, i, k;
  int64_t start, spent;
  if (argc != 3)
    return 2;
  time = strcmp(argv[1], "later") ? at_random : later;
  count = strtoul(argv[2], NULL, 10);
  kam_wheel_init(&wheel, over);
  for (i = 0; i < TIMES; i++)
    some_time[i] = (30000 + (uint64_t)rand() % 30000) * KAM_TICK;
  for (k = 0; k < TIMERS; k++) {
    kam_timer_init(&timers[k], NULL);
    kam_timer_set(&wheel, &timers[k], at_random(k));
  }
  start = cpu();
  for (i = 0, k = 0; i < count; i++) {
    kam_timer_set(&wheel, &timers[k], time(i));
    k += STRIDE; /* modulo TIMERS, which alone would cost as much as a set */
    if (k >= TIMERS)
      k -= TIMERS;
  }
  spent = cpu() - start;
  kam_assert(wheel.armed == TIMERS);
  printf("RESULT cpu_ns=%lld ops=%zu\n", (long long)spent, count);
  return 0;
}
