/* watchdog: samples the scheduler from a thread of its own. */
#include "core/watchdog.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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
  w->stat = -1;
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

/* Does the loop's thread run, or wait for a processor? What cannot be known
 * counts as no. */
static bool is_runnable(const struct kam_watchdog *w)
{
  char line[128];
  ssize_t n = w->stat < 0 ? -1 : pread(w->stat, line, sizeof line - 1, 0);
  const char *state;
  line[n < 0 ? 0 : n] = '\0';
  state = strrchr(line, ')'); /* behind its name, which may hold anything */
  return state && state[1] == ' ' && state[2] == 'R';
}

/* The nanoseconds of a processor that it has had since the last call, or
 * UINT64_MAX where nobody counts them. */
static uint64_t had(struct kam_watchdog *w)
{
  clockid_t clock;
  struct timespec t;
  uint64_t before = w->spent;
  if (pthread_getcpuclockid(w->loop_thread, &clock) || clock_gettime(clock, &t))
    return UINT64_MAX;
  w->spent = (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
  return w->spent - before;
}

/* It has been stuck for so many looks of so many milliseconds. */
static void say(struct kam_watchdog *w, uint32_t stuck, uint32_t look)
{
  bool asked = __atomic_load_n(&w->asked, __ATOMIC_RELAXED);
  bool again = stuck % LOOKS == 0; /* once may be missed */
  if (asked && stuck * look >= w->break_ms && again)
    kam_watchdog_signal(w, KAM_OVERRUN_BREAK);
  else if (stuck * look >= w->stop_ms &&
           ((stuck - 1) * look < w->stop_ms || again))
    kam_watchdog_signal(w, KAM_OVERRUN_STOP);
  else if (stuck == LOOKS)
    kam_watchdog_signal(w, KAM_OVERRUN_NAME);
}

static void *watch(void *arg)
{
  struct kam_watchdog *w = arg;
  uint32_t last = 0, stuck = 0, look = w->name_ms / LOOKS;
  pthread_mutex_lock(&w->lock);
  while (!w->ends) {
    uint32_t now;
    uint64_t ran;
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
    ran = had(w);
    if (now != last || __atomic_load_n(&w->idle, __ATOMIC_RELAXED)) {
      last = now;
      stuck = 0;
      continue;
    }
    if (ran < look * UINT64_C(500000) && is_runnable(w))
      continue; /* it would have gone on, if it had been let */
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
  w->stat = open("/proc/thread-self/stat", O_RDONLY | O_CLOEXEC);
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
  if (w->stat >= 0)
    close(w->stat);
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
