/* loop: the outside world for the scheduler: time, file descriptors, signals.
 *
 * Runs the scheduler while anybody can run, looks at outside events at least
 * once a millisecond, and sleeps when nobody can. On the virtual clock, time
 * that nobody works in is skipped; while something outside is awaited, it
 * passes as on the wall. */
#ifndef KAM_LOOP_H
#define KAM_LOOP_H

#include "core/quiet.h"
#include "core/watchdog.h"

#include <uv.h>

struct kam_loop {
  struct kam_sched sched; /* must be first */
  uv_loop_t uv;
  uv_timer_t timer;
  uv_async_t async;       /* a signal has come */
  struct kam_bytes *room; /* that streams read into next, or NULL */
  struct kam_watchdog watchdog;
  uint64_t start;   /* of the clock, as uv_hrtime counts */
  uint64_t polled;  /* when outside events were looked at last */
  uint64_t paused;  /* when it was, as uv_hrtime counts */
  uint64_t stop_at; /* ends the patience with those asked to end */
  bool is_virtual;
  bool catches;        /* signals */
  volatile int runs;   /* kam_loop_run is being executed */
  volatile int signal; /* the first that came, or 0 */
  int seen;            /* signals acted on */
  volatile int shows;  /* SIGUSR1 has come */
  /* Set by a prompt: SIGINT is for what one of its lines does, and is not for
   * the system. Called in the handler when no loop runs; or NULL. */
  void (*interrupt)(void *ctx);
  void *interrupt_ctx;
  bool whole; /* a run with until is that of a system, which nobody feeds */
  /* Called for SIGUSR1, between two steps; or NULL. */
  void (*show)(void *ctx);
  void *show_ctx;
  /* Called when nothing has happened for a while: there is time for the host's
   * own work, and some is to be done. Before that, with ask: is there any?
   * True: there is, or there is more of it. Or NULL. */
  bool (*idle)(void *ctx, bool ask);
  void *idle_ctx;
  uint64_t worked; /* when somebody last ran, by the wall */
};

enum kam_run {
  KAM_RUN_OVER,    /* everything activated has ended */
  KAM_RUN_STALLED, /* something waits, and nothing can come */
  KAM_RUN_UNTIL    /* what was waited for is there */
};

/* Is what the caller waits for there? */
typedef bool (*kam_until_fn)(void *ctx);

/* 0, KAM_ENOMEM or KAM_EIO. */
int kam_loop_init(struct kam_loop *l);

/* All components must have ended. */
void kam_loop_fini(struct kam_loop *l);

/* Runs until all has ended, nothing can move, or until says so; until may be
 * NULL. With until, services are not told to end: its caller may feed them. */
enum kam_run kam_loop_run(struct kam_loop *l, kam_until_fn until, void *ctx);

/* Runs what closes handles of components that have ended. */
void kam_loop_drain(struct kam_loop *l);

/* SIGINT and SIGTERM ask the system to end; see design L4. SIGUSR1 calls show.
 */
int kam_loop_catch(struct kam_loop *l);

/* Asks the system to end, as the first signal does; what goes on after the
 * grace is told. */
void kam_loop_ask(struct kam_loop *l);

/* SIGINT is dealt with, if no other signal has come first. */
void kam_loop_forget_interrupts(struct kam_loop *l);

/* The clock, in nanoseconds that the loop has run; at most a millisecond behind
 * the time that has passed, but under a seed, when only deadlines and what
 * happens outside move it. */
uint64_t kam_loop_now(struct kam_loop *l);

/* While the host waits for a person: time stands still, and nobody is blamed
 * for it. */
void kam_loop_pause(struct kam_loop *l);
void kam_loop_resume(struct kam_loop *l);

/* For components with handles of their own. Borrowed. */
static inline uv_loop_t *kam_uv(const struct kam_component *c)
{
  return &((struct kam_loop *)(void *)c->party.world)->uv;
}

#endif
