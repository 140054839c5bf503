/* spec_timer: the wheel of deadlines against a model that cannot be wrong: a
 * deadline in a table, looked through from end to end.
 *
 *     spec_timer [first seed [count]]
 *
 * Timers are set, set anew, cleared, freed and made in any order, also from
 * where one fires, with deadlines from now to hundreds of years ahead, and time
 * goes on in steps from nothing to years. No timer fires early, late, twice, or
 * after it was cleared; they fire in the order of their ticks; none is lost. */
#include "core/err.h"
#include "core/timer.h"
#include "spec/core/check.h"

enum { TIMERS = 300, OPERATIONS = 50000, COUNT = 10 };

#define YEAR (UINT64_C(365) * 86400 * 1000000000)

struct entry {
  struct sim *sim;
  struct kam_timer *timer;
  uint64_t due; /* in ns as it was set; KAM_NEVER: not set */
  bool again;   /* set itself anew when it fires */
};

struct sim {
  uint64_t rng, now, target, fired, last; /* last: the tick that fired last */
  uint64_t operations;
  bool slow;
  struct kam_wheel wheel;
  struct kam_mem mem;
  struct entry all[TIMERS];
};

static uint64_t below(struct sim *s, uint64_t n)
{
  return check_random(&s->rng) % n;
}

static uint64_t tick_of(uint64_t ns)
{
  return ns / KAM_TICK + (ns % KAM_TICK != 0);
}

/* A span of any order of magnitude, seldom of years. */
static uint64_t any_span(struct sim *s)
{
  static const uint64_t spans[] = {1,
                                   KAM_TICK,
                                   64 * KAM_TICK,
                                   UINT64_C(4096) * KAM_TICK,
                                   UINT64_C(262144) * KAM_TICK,
                                   UINT64_C(20000000) * KAM_TICK,
                                   3 * YEAR,
                                   200 * YEAR};
  uint64_t span = spans[below(s, below(s, 10) ? 6 : 8)];
  return below(s, 4) ? below(s, span + 1) : span;
}

/* How far time goes on; in slow runs most timers are cleared before their time,
 * in the others years go by. */
static uint64_t step_of_time(struct sim *s)
{
  if (s->slow)
    return below(s, 10 * KAM_TICK);
  return below(s, 200) ? below(s, UINT64_C(100000) * KAM_TICK)
                       : any_span(s) / 8;
}

static void set(struct entry *e, uint64_t ns)
{
  e->due = ns;
  kam_timer_set(&e->sim->wheel, e->timer, ns);
}

static void fire(struct kam_timer *t)
{
  struct entry *e = t->owner;
  struct sim *s = e->sim;
  check(e->timer == t);
  check(e->due != KAM_NEVER);                     /* set, and not cleared */
  check(tick_of(e->due) <= s->target / KAM_TICK); /* not early */
  check(tick_of(e->due) <= s->wheel.now);
  check(s->wheel.now >= s->last); /* in the order of ticks */
  check(tick_of(e->due) == s->wheel.now || tick_of(e->due) <= s->last);
  s->last = s->wheel.now;
  s->fired++;
  e->due = KAM_NEVER;
  if (e->again)
    set(e, s->wheel.now * KAM_TICK + any_span(s));
}

/* The first deadline, by looking at all. */
static uint64_t first_due(const struct sim *s, uint64_t *armed)
{
  uint64_t first = KAM_NEVER;
  unsigned i;
  *armed = 0;
  for (i = 0; i < TIMERS; i++) {
    uint64_t due = s->all[i].due;
    if (due == KAM_NEVER)
      continue;
    ++*armed;
    if (tick_of(due) * KAM_TICK < first)
      first = tick_of(due) * KAM_TICK;
  }
  return first;
}

static void check_next(const struct sim *s)
{
  uint64_t armed, first = first_due(s, &armed);
  uint64_t next = kam_wheel_next(&s->wheel);
  check(s->wheel.armed == armed);
  check((next == KAM_NEVER) == (armed == 0));
  check(armed == 0 || next <= first || next <= s->now);
}

static void advance(struct sim *s, uint64_t ns)
{
  unsigned i;
  s->target = ns;
  s->last = s->wheel.now;
  kam_wheel_advance(&s->wheel, ns);
  s->now = ns;
  check(s->wheel.now == ns / KAM_TICK);
  for (i = 0; i < TIMERS; i++) /* none is late */
    check(s->all[i].due == KAM_NEVER || tick_of(s->all[i].due) > s->wheel.now);
}

static void make(struct sim *s, struct entry *e)
{
  e->sim = s;
  e->due = KAM_NEVER;
  e->again = false;
  e->timer = kam_timer_new(&s->mem, e);
  check(e->timer);
}

static void clear(struct entry *e)
{
  kam_timer_clear(&e->sim->wheel, e->timer);
  e->due = KAM_NEVER;
}

static void replace(struct sim *s, struct entry *e)
{
  kam_timer_free(&s->wheel, &s->mem, e->timer);
  make(s, e);
}

static void step(struct sim *s)
{
  struct entry *e = &s->all[below(s, TIMERS)];
  uint64_t way = below(s, 100);
  if (way < 50)
    set(e, s->now + any_span(s));
  else if (way < 52)
    set(e, below(s, s->now + 1)); /* long ago */
  else if (way < 62)
    clear(e);
  else if (way < 70)
    replace(s, e);
  else if (way < 72)
    e->again = !e->again;
  else if (way < 80) /* as the loop does */
    advance(s, kam_wheel_next(&s->wheel) == KAM_NEVER ||
                       kam_wheel_next(&s->wheel) < s->now
                   ? s->now
                   : kam_wheel_next(&s->wheel));
  else
    advance(s, s->now + step_of_time(s));
}

static void run(struct sim *s, uint64_t seed)
{
  unsigned i;
  memset(s, 0, sizeof *s);
  s->rng = seed;
  s->slow = seed % 2;
  kam_mem_init(&s->mem);
  kam_wheel_init(&s->wheel, fire);
  for (i = 0; i < TIMERS; i++)
    make(s, &s->all[i]);
  advance(s, seed % 4 ? 0 : any_span(s));
  /* not beyond what 64 bits of nanoseconds hold */
  for (; s->operations < OPERATIONS && s->now < 300 * YEAR; s->operations++) {
    step(s);
    if (s->operations % 16 == 0)
      check_next(s);
  }
  for (i = 0; i < TIMERS; i++)
    s->all[i].again = false;
  advance(s, 550 * YEAR); /* all the rest */
  check(s->wheel.armed == 0 && kam_wheel_next(&s->wheel) == KAM_NEVER);
  for (i = 0; i < TIMERS; i++)
    kam_timer_free(&s->wheel, &s->mem, s->all[i].timer);
  kam_mem_fini(&s->mem);
}

int main(int argc, char **argv)
{
  static struct sim s;
  uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, seed;
  uint64_t fired = 0, operations = 0;
  uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : COUNT;
  check_begin();
  for (seed = first; seed < first + count; seed++) {
    snprintf(check_scene, sizeof check_scene,
             "spec_timer: seed %llu fails; again: %s %llu 1",
             (unsigned long long)seed, argv[0], (unsigned long long)seed);
    run(&s, seed);
    fired += s.fired;
    operations += s.operations;
  }
  printf("spec_timer: %llu operations, and %llu timers fired in time\n",
         (unsigned long long)operations, (unsigned long long)fired);
  return 0;
}
