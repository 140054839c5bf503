/* sched: who runs next, for how long, and what follows from a step.
 *
 * It knows no clock: now is an argument. Order follows from inputs and a seed
 * alone: without a seed, first woken is first run. */
#ifndef KAM_SCHED_H
#define KAM_SCHED_H

#include "core/alarm.h"
#include "core/life.h"
#include "core/timer.h"

/* Who of n that can run is next: 0 is the one that has waited longest. */
typedef size_t (*kam_pick_fn)(void *ctx, size_t n);

/* Told to end now; by force when its time is up. */
struct kam_grace {
  struct kam_grace *next;
  uint64_t id;
  uint64_t until;
};

struct kam_sched {
  struct kam_registry registry; /* must be first */
  struct kam_wheel wheel;
  kam_pick_fn pick; /* NULL: first come */
  void *pick_ctx;
  uint64_t random; /* state of the seed's own pick */
  uint64_t grace;  /* nanoseconds from being told to end now to force */
  struct kam_grace *first_grace, **last_grace;
  /* What the watchdog thread reads: see watchdog.h. */
  uint32_t activations;
};

int kam_sched_init(struct kam_sched *s);
void kam_sched_fini(struct kam_sched *s);

/* Another order of runs, the same for the same seed. */
void kam_sched_seed(struct kam_sched *s, uint64_t seed);

/* Fires what is due, then runs until nobody can, or so many steps have been
 * made. True: somebody can still run. */
bool kam_sched_turn(struct kam_sched *s, uint64_t now, unsigned steps);

/* When a turn is needed although nobody wakes anybody; KAM_NEVER: not. */
uint64_t kam_sched_next(const struct kam_sched *s);

/* Ends all by force. */
void kam_sched_kill(struct kam_sched *s);

#endif
