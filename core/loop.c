/* loop: libuv under the scheduler. */
#include "core/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 16 }; /* between two looks at the clock */

#define POLL_NS  1000000u    /* between two looks at outside events */
#define QUIET_NS 2000000u    /* in which nothing happens: time for the host */
#define SEED_LAG 1000000000u /* that timers may be late under a seed */

/* A handler gets no argument; signals go to the loop that asked for them. */
static struct kam_loop *volatile catcher;
static volatile sig_atomic_t caught;

/* uv_run calls timers that are due already before it polls, and would then
 * poll without a time-out. */
static void on_timer(uv_timer_t *t)
{
  uv_stop(t->loop);
}

static void on_async(uv_async_t *a)
{
  (void)a;
}

int kam_loop_init(struct kam_loop *l)
{
  int err;
  memset(l, 0, sizeof *l);
  err = kam_sched_init(&l->sched);
  if (err)
    return err;
  if (uv_loop_init(&l->uv))
    return KAM_EIO;
  if (uv_timer_init(&l->uv, &l->timer) ||
      uv_async_init(&l->uv, &l->async, on_async))
    return KAM_EIO;
  uv_unref((uv_handle_t *)&l->async);
  kam_watchdog_init(&l->watchdog, &l->sched.activations);
  l->start = uv_hrtime();
  l->stop_at = KAM_NEVER;
  return 0;
}

void kam_loop_fini(struct kam_loop *l)
{
  if (catcher == l)
    catcher = NULL;
  kam_watchdog_fini(&l->watchdog);
  uv_close((uv_handle_t *)&l->timer, NULL);
  uv_close((uv_handle_t *)&l->async, NULL);
  uv_run(&l->uv, UV_RUN_DEFAULT);
  kam_assert(uv_loop_close(&l->uv) == 0);
  if (l->room)
    kam_bytes_unref(l->room);
  kam_sched_fini(&l->sched);
}

static struct kam_world *world(struct kam_loop *l)
{
  return &l->sched.registry.world;
}

/* Time that nobody works in passes at once? */
static bool skips(const struct kam_loop *l)
{
  return l->is_virtual && l->sched.registry.outside == 0;
}

/* What the clock on the wall says, counted from where the loop's began. */
static uint64_t wall(struct kam_loop *l)
{
  return skips(l) ? world(l)->now : uv_hrtime() - l->start;
}

/* The clock stands still, or has jumped: from here it goes on at now. */
static void set_clock(struct kam_loop *l, uint64_t now)
{
  world(l)->now = now;
  l->start = uv_hrtime() - now;
}

/* When something has to be done although nothing happens outside. */
static uint64_t due(const struct kam_loop *l)
{
  uint64_t at = kam_sched_next(&l->sched);
  return l->stop_at < at ? l->stop_at : at;
}

/* Moves the loop's time on: to the next deadline if that has passed, one after
 * the other, so that what runs then has the same time in each run, however late
 * the machine was. Else to the time on the wall. Under a seed, which asks for
 * runs that are alike, only deadlines count, and only while nobody can run,
 * unless that takes too long. */
static uint64_t advance(struct kam_loop *l, uint64_t real)
{
  struct kam_world *w = world(l);
  uint64_t at = due(l);
  bool seeded = l->sched.pick != NULL, busy = kam_queue_len(&w->ready) > 0;
  if (at <= real && !(seeded && busy && real - at < SEED_LAG))
    w->now = at > w->now ? at : w->now;
  else if (!seeded && real > w->now + KAM_TICK)
    w->now = real;
  return w->now;
}

uint64_t kam_loop_now(struct kam_loop *l)
{
  struct kam_world *w = world(l);
  uint64_t real = wall(l);
  if (!l->sched.pick && real > w->now + KAM_TICK)
    w->now = real;
  return w->now;
}

void kam_loop_pause(struct kam_loop *l)
{
  kam_watchdog_idle(&l->watchdog, true);
  l->paused = uv_hrtime();
}

void kam_loop_resume(struct kam_loop *l)
{
  l->start += uv_hrtime() - l->paused;
  kam_watchdog_idle(&l->watchdog, false);
}

static void on_signal(int sig)
{
  struct kam_loop *l = catcher;
  if (l && l->interrupt && sig == SIGINT && !l->runs) {
    l->interrupt(l->interrupt_ctx);
    return;
  }
  if (!l || !l->runs) { /* there is no system to ask */
    signal(sig, SIG_DFL);
    raise(sig);
    return;
  }
  if (!l->signal)
    l->signal = sig;
  caught++;
  __atomic_store_n(&l->watchdog.asked, 1, __ATOMIC_RELAXED);
  if (caught > 2 && !l->interrupt)
    _Exit(128 + sig);
  if (caught == 2 && l->watchdog.started)
    kam_watchdog_signal(&l->watchdog, KAM_OVERRUN_BREAK);
  uv_async_send(&l->async);
}

static void on_show(int sig)
{
  (void)sig;
  if (!catcher)
    return;
  catcher->shows = 1;
  uv_async_send(&catcher->async);
}

int kam_loop_catch(struct kam_loop *l)
{
  struct sigaction show = {.sa_handler = on_show, .sa_flags = SA_RESTART};
  struct sigaction sa = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigemptyset(&sa.sa_mask);
  catcher = l;
  l->catches = true;
  if (sigaction(SIGINT, &sa, NULL) || sigaction(SIGTERM, &sa, NULL))
    return KAM_EIO;
  if (l->show && sigaction(SIGUSR1, &show, NULL))
    return KAM_EIO;
  return 0;
}

void kam_loop_ask(struct kam_loop *l)
{
  kam_registry_ask(&l->sched.registry);
  l->stop_at = world(l)->now + l->sched.grace;
}

void kam_loop_forget_interrupts(struct kam_loop *l)
{
  if (l->signal != SIGINT)
    return;
  caught = 0;
  l->signal = 0;
  l->seen = 0;
}

/* The first signal asks, the second one, or the end of patience, tells. */
static void act_on_signals(struct kam_loop *l)
{
  struct kam_registry *r = &l->sched.registry;
  if (l->seen == 0) {
    kam_loop_ask(l);
  } else {
    kam_registry_stop(r);
    l->stop_at = KAM_NEVER;
  }
  l->seen = l->seen == 0 ? 1 : 2;
}

/* True: somebody was told something. */
static bool look(struct kam_loop *l, uint64_t now)
{
  bool told = false, own = l->interrupt && l->signal == SIGINT;
  if (l->catches && caught > l->seen && !own) {
    act_on_signals(l);
    told = true;
  }
  if (l->shows && l->show) {
    l->shows = 0;
    l->show(l->show_ctx);
  }
  if (now >= l->stop_at) {
    kam_registry_stop(&l->sched.registry);
    l->stop_at = KAM_NEVER;
    told = true;
  }
  return told;
}

/* Lets libuv call what has happened outside. That is dated by the wall. */
static void run_uv(struct kam_loop *l, uv_run_mode mode)
{
  struct kam_world *w = world(l);
  size_t before = kam_queue_len(&w->ready);
  uv_run(&l->uv, mode);
  l->polled = wall(l);
  if (kam_queue_len(&w->ready) == before || l->polled <= w->now)
    return;
  w->now = l->polled;
  if (!l->sched.pick && w->now > w->shown)
    w->shown = w->now;
}

static void poll_outside(struct kam_loop *l, uint64_t real)
{
  if (real - l->polled >= POLL_NS)
    run_uv(l, UV_RUN_NOWAIT);
}

/* Sleeps until something outside happens or a deadline has come. */
static void sleep_until(struct kam_loop *l, uint64_t at)
{
  uint64_t real = wall(l), ms;
  if (at <= real)
    return;
  if (at != KAM_NEVER) {
    ms = (at - real + KAM_TICK - 1) / KAM_TICK;
    uv_update_time(&l->uv);
    uv_timer_start(&l->timer, on_timer, ms, 0);
  }
  uv_ref((uv_handle_t *)&l->async); /* so that the run waits for something */
  kam_watchdog_idle(&l->watchdog, true);
  run_uv(l, UV_RUN_ONCE);
  kam_watchdog_idle(&l->watchdog, false);
  uv_unref((uv_handle_t *)&l->async);
  uv_timer_stop(&l->timer);
}

/* The host works, a step at a time, when it is quiet: whoever comes back in a
 * moment, as one that waits for a worker, does not wait for that. True: it has
 * done so; until then, at is not later than when it may. */
static bool host_works(struct kam_loop *l, uint64_t *at)
{
  uint64_t quiet = l->worked + QUIET_NS;
  if (!l->idle || !l->idle(l->idle_ctx, true))
    return false;
  if (wall(l) < quiet) {
    if (*at > quiet)
      *at = quiet;
    return false;
  }
  l->idle(l->idle_ctx, false);
  run_uv(l, UV_RUN_NOWAIT);
  return true;
}

static void rest(struct kam_loop *l)
{
  uint64_t at = due(l);
  if (skips(l)) {
    if (at != KAM_NEVER && at > world(l)->now)
      set_clock(l, at);
    return;
  }
  if (!host_works(l, &at))
    sleep_until(l, at);
}

/* What to do when nobody can run; true: the run is over, as *how says. */
static bool is_over(struct kam_loop *l, bool until, enum kam_run *how)
{
  struct kam_sched *s = &l->sched;
  bool waits = s->wheel.armed || s->first_grace || s->registry.outside;
  switch (kam_quiet(s, until)) {
  case KAM_QUIET_MOVED:
    return false;
  case KAM_QUIET_OVER:
    *how = KAM_RUN_OVER;
    return true;
  case KAM_QUIET_STALLED:
    *how = KAM_RUN_STALLED;
    return true;
  case KAM_QUIET_WAITS:
    break;
  }
  *how = KAM_RUN_STALLED;
  if (until && !waits)
    return true;
  rest(l);
  return false;
}

static enum kam_run run(struct kam_loop *l, kam_until_fn until, void *ctx)
{
  enum kam_run how = KAM_RUN_OVER;
  for (;;) {
    uint64_t real = wall(l), now = advance(l, real);
    bool busy = kam_sched_turn(&l->sched, now, STEPS);
    bool told = look(l, now); /* it acts on that in the next turn */
    if (until && until(ctx))
      return KAM_RUN_UNTIL;
    if (busy || told) {
      l->worked = real;
      poll_outside(l, real);
    } else if (is_over(l, until && !l->whole, &how)) {
      return how;
    }
  }
}

enum kam_run kam_loop_run(struct kam_loop *l, kam_until_fn until, void *ctx)
{
  enum kam_run how;
  set_clock(l, world(l)->now); /* it stands still while nothing runs */
  kam_watchdog_start(&l->watchdog);
  kam_watchdog_idle(&l->watchdog, false);
  l->runs++;
  how = run(l, until, ctx);
  l->runs--;
  if (how == KAM_RUN_OVER)
    l->sched.registry.asked = false;
  kam_watchdog_idle(&l->watchdog, true);
  return how;
}

static bool never(void *ctx)
{
  const struct kam_loop *l = ctx;
  return l->sched.registry.outside == 0;
}

void kam_loop_drain(struct kam_loop *l)
{
  kam_loop_run(l, never, l);
}
