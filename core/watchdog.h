/* watchdog: a thread that sees when a component does not give way.
 *
 * It looks every now and then at how often the scheduler has changed from one
 * component to the next. While the loop sleeps, so does the watchdog. What it
 * sees it says by a signal to the loop's own thread, where the host may stop
 * what runs. Time in which the loop's thread wanted to run and the machine did
 * not let it is nobody's fault, and does not count. */
#ifndef KAM_WATCHDOG_H
#define KAM_WATCHDOG_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum kam_overrun {
  KAM_OVERRUN_NAME, /* say who it is */
  KAM_OVERRUN_STOP, /* stop it */
  KAM_OVERRUN_BREAK /* stop it: the user has asked again */
};

struct kam_watchdog {
  /* The loop's thread writes these, the watchdog reads: relaxed is enough. */
  const uint32_t *activations;
  uint32_t idle;  /* the loop sleeps */
  uint32_t asked; /* the user has asked the system to end */
  /* Written under the lock by both. */
  bool asleep, ends, started;
  pthread_mutex_t lock;
  pthread_cond_t change;
  pthread_t thread, loop_thread;
  int stat;       /* of the loop's thread, see proc(5), or -1 */
  uint64_t spent; /* the processor's time that it had had at the last look */
  uint32_t name_ms, stop_ms, break_ms; /* set before start */
  /* Called on the loop's thread, in a signal handler: may only set a hook. */
  void (*overrun)(void *ctx, enum kam_overrun what);
  void *ctx;
  uint32_t what; /* kam_overrun on its way to the handler */
};

void kam_watchdog_init(struct kam_watchdog *w, const uint32_t *activations);

/* Starts the thread, for the calling thread's loop; once is enough. */
void kam_watchdog_start(struct kam_watchdog *w);
void kam_watchdog_fini(struct kam_watchdog *w);

/* The loop goes to sleep, or is awake again. */
void kam_watchdog_idle(struct kam_watchdog *w, bool idle);

/* From any thread or a signal handler: have overrun called. */
void kam_watchdog_signal(struct kam_watchdog *w, enum kam_overrun what);

#endif
