/* timer: a wheel of deadlines, in milliseconds.
 *
 * Eight levels of 64 slots: level n holds deadlines whose tick differs from now
 * first in its n-th six bits, so arming is one step, and a timer moves down at
 * most seven times. 48 bits of milliseconds are more than 64 of nanoseconds. A
 * later deadline is only stored: the timer is moved when its old slot comes. A
 * cleared one is left until then, too. */
#ifndef KAM_TIMER_H
#define KAM_TIMER_H

#include "core/mem.h"

#include <stdbool.h>

enum { KAM_WHEEL_LEVELS = 8, KAM_WHEEL_SLOTS = 64 };

#define KAM_NEVER UINT64_MAX
#define KAM_TICK  1000000u /* nanoseconds in a tick of the wheel */

struct kam_timer {
  struct kam_timer *next, *prev; /* in its slot */
  uint64_t at;                   /* the tick whose slot it is in; KAM_NEVER */
  uint64_t deadline;             /* the tick that is meant, or KAM_NEVER */
  void *owner;
};

struct kam_slot_list {
  struct kam_timer *first, *last;
};

struct kam_wheel {
  struct kam_slot_list slots[KAM_WHEEL_LEVELS][KAM_WHEEL_SLOTS];
  uint64_t used[KAM_WHEEL_LEVELS]; /* a bit for each slot that is not empty */
  uint64_t now;                    /* ticks */
  uint64_t armed;                  /* timers with a deadline */
  void (*fire)(struct kam_timer *t);
};

void kam_wheel_init(struct kam_wheel *w, void (*fire)(struct kam_timer *t));

/* A timer of owner, not armed, on given memory. It must not go before it has
 * left the wheel: see kam_timer_free. */
static inline void kam_timer_init(struct kam_timer *t, void *owner)
{
  *t = (struct kam_timer){
      .at = KAM_NEVER, .deadline = KAM_NEVER, .owner = owner};
}

/* The same, allocated; the caller owns it. NULL: memory is out. */
struct kam_timer *kam_timer_new(struct kam_mem *mem, void *owner);

/* Clears it first. t may be NULL. */
void kam_timer_free(struct kam_wheel *w, struct kam_mem *mem,
                    struct kam_timer *t);

void kam__timer_place(struct kam_wheel *w, struct kam_timer *t);

/* Fires once at the first tick that is not before ns. */
static inline void kam_timer_set(struct kam_wheel *w, struct kam_timer *t,
                                 uint64_t ns)
{
  w->armed += t->deadline == KAM_NEVER;
  t->deadline = ns / KAM_TICK + (ns % KAM_TICK != 0);
  if (t->deadline < t->at) /* or it is in no slot: at is KAM_NEVER */
    kam__timer_place(w, t);
}

void kam_timer_clear(struct kam_wheel *w, struct kam_timer *t);

/* Fires, in order of their ticks, all whose deadline is not after ns. */
void kam_wheel_advance(struct kam_wheel *w, uint64_t ns);

/* When to advance next, in nanoseconds; not after the first deadline.
 * KAM_NEVER: nothing is armed. */
uint64_t kam_wheel_next(const struct kam_wheel *w);

#endif
