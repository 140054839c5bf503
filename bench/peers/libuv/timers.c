/*
 * timers VARIANT COUNT: sets one of 100,000 live uv_timers anew, COUNT times,
 * and prints the RESULT line.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum {
  TIMERS = 100000,
  STRIDE = 40503, /* shares no divisor with TIMERS: all get their turn */
  TIMES = 65536,
};

static uv_timer_t timers[TIMERS];
static uint64_t some_time[TIMES]; /* 30 to 60 s, in ms */

static void over(uv_timer_t *timer)
{
  (void)timer;
  abort();
}

static uint64_t at_random(size_t i)
{
  return some_time[i % TIMES];
}

/* 1 ms later at each turn */
static uint64_t later(size_t i)
{
  return 60000 + i / TIMERS;
}

static int64_t cpu(void)
{
  uv_rusage_t r;
  uv_getrusage(&r);
  return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * INT64_C(1000000000) +
         (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * INT64_C(1000);
}

int main(int argc, char **argv)
{
  if (argc != 3)
    return 2;
  uint64_t (*delay)(size_t) = strcmp(argv[1], "later") ? at_random : later;
  size_t count = strtoul(argv[2], NULL, 10);

  uv_loop_t *loop = uv_default_loop();
  for (size_t i = 0; i < TIMES; i++)
    some_time[i] = 30000 + (uint64_t)rand() % 30000;
  for (size_t k = 0; k < TIMERS; k++) {
    uv_timer_init(loop, &timers[k]);
    uv_timer_start(&timers[k], over, at_random(k), 0);
  }

  int64_t start = cpu();
  for (size_t i = 0, k = 0; i < count; i++) {
    uv_timer_start(&timers[k], over, delay(i), 0);
    k = (k + STRIDE) % TIMERS;
  }
  int64_t spent = cpu() - start;

  for (size_t k = 0; k < TIMERS; k++)
    if (!uv_is_active((uv_handle_t *)&timers[k]))
      return 1;
  printf("RESULT cpu_ns=%lld ops=%zu\n", (long long)spent, count);
  return 0;
}
