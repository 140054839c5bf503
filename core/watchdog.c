/* watchdog: samples the scheduler from a thread of its own. */
#include "core/watchdog.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

/* SIGURG is ignored by default and used by nobody else here. */
enum { SIGNAL = SIGURG, LOOKS = 4 };

/* A handler gets no argument: this is the watchdog of the thread it runs on. */
static _Thread_local struct kam_watchdog *here;

static void on_signal(int sig)
{
  int saved = errno;
  (void)sig;
  if (here && here->overrun)
    here->overrun(here->ctx, (enum kam_overrun)__atomic_load_n(
                                 &here->what, __ATOMIC_RELAXED));
  errno = saved;
}

void kam_watchdog_init(struct kam_watchdog *w, const uint32_t *activations)
{
  pthread_condattr_t attr;
  memset(w, 0, sizeof *w);
  w->activations = activations;
  w->name_ms = 1000;
  w->stop_ms = 10000;
  w->break_ms = 2000;
  pthread_mutex_init(&w->lock, NULL);
  pthread_condattr_init(&attr);
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
  pthread_cond_init(&w->change, &attr);
  pthread_condattr_destroy(&attr);
}

void kam_watchdog_signal(struct kam_watchdog *w, enum kam_overrun what)
{
  __atomic_store_n(&w->what, what, __ATOMIC_RELAXED);
  pthread_kill(w->loop_thread, SIGNAL);
}

/* Waits so long, or until something has changed; the lock is held. */
static void wait_ms(struct kam_watchdog *w, uint32_t ms)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  t.tv_sec += ms / 1000;
  t.tv_nsec += (long)(ms % 1000) * 1000000;
  if (t.tv_nsec >= 1000000000) {
    t.tv_sec++;
    t.tv_nsec -= 1000000000;
  }
  pthread_cond_timedwait(&w->change, &w->lock, &t);
}

/* It has been stuck for so many looks of so many milliseconds. */
static void say(struct kam_watchdog *w, uint32_t stuck, uint32_t look)
{
  bool asked = __atomic_load_n(&w->asked, __ATOMIC_RELAXED);
  if (asked && stuck * look >= w->break_ms && stuck % LOOKS == 0)
    kam_watchdog_signal(w, KAM_OVERRUN_BREAK);
  else if (stuck == LOOKS)
    kam_watchdog_signal(w, KAM_OVERRUN_NAME);
  else if (stuck * look >= w->stop_ms && stuck % LOOKS == 0)
    kam_watchdog_signal(w, KAM_OVERRUN_STOP);
}

static void *watch(void *arg)
{
  struct kam_watchdog *w = arg;
  uint32_t last = 0, stuck = 0, look = w->name_ms / LOOKS;
  pthread_mutex_lock(&w->lock);
  while (!w->ends) {
    uint32_t now;
    if (__atomic_load_n(&w->idle, __ATOMIC_SEQ_CST)) {
      /* said first, then looked at again: the loop does it the other way */
      __atomic_store_n(&w->asleep, true, __ATOMIC_SEQ_CST);
      if (__atomic_load_n(&w->idle, __ATOMIC_SEQ_CST))
        pthread_cond_wait(&w->change, &w->lock);
      __atomic_store_n(&w->asleep, false, __ATOMIC_SEQ_CST);
      continue;
    }
    wait_ms(w, look);
    now = __atomic_load_n(w->activations, __ATOMIC_RELAXED);
    if (now != last || __atomic_load_n(&w->idle, __ATOMIC_RELAXED)) {
      last = now;
      stuck = 0;
      continue;
    }
    say(w, ++stuck, look);
  }
  pthread_mutex_unlock(&w->lock);
  return NULL;
}

void kam_watchdog_start(struct kam_watchdog *w)
{
  struct sigaction sa = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigset_t all, old;
  here = w;
  if (w->started || !w->overrun)
    return;
  sigemptyset(&sa.sa_mask);
  sigaction(SIGNAL, &sa, NULL);
  w->loop_thread = pthread_self();
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old); /* the loop's thread takes them */
  w->started = pthread_create(&w->thread, NULL, watch, w) == 0;
  pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void kam_watchdog_fini(struct kam_watchdog *w)
{
  if (w->started) {
    pthread_mutex_lock(&w->lock);
    w->ends = true;
    pthread_cond_signal(&w->change);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
  }
  if (here == w)
    here = NULL;
  pthread_cond_destroy(&w->change);
  pthread_mutex_destroy(&w->lock);
}

void kam_watchdog_idle(struct kam_watchdog *w, bool idle)
{
  __atomic_store_n(&w->idle, idle, __ATOMIC_SEQ_CST);
  if (idle || !w->started)
    return;
  /* asleep was set before idle was looked at under the lock, or is not yet
   * set and idle will be seen to be false. */
  if (__atomic_load_n((unsigned char *)&w->asleep, __ATOMIC_SEQ_CST)) {
    pthread_mutex_lock(&w->lock);
    pthread_cond_signal(&w->change);
    pthread_mutex_unlock(&w->lock);
  }
}
