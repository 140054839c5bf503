/* timer: levels by the highest bit in which now and the deadline differ. */
#include "core/timer.h"

#include <string.h>

enum { BITS = 6 };

void kam_wheel_init(struct kam_wheel *w, void (*fire)(struct kam_timer *t))
{
  memset(w, 0, sizeof *w);
  w->fire = fire;
}

struct kam_timer *kam_timer_new(struct kam_mem *mem, void *owner)
{
  struct kam_timer *t = kam_mem_alloc(mem, sizeof *t);
  if (t)
    kam_timer_init(t, owner);
  return t;
}

static unsigned level_of(uint64_t now, uint64_t at)
{
  return (63u - (unsigned)__builtin_clzll((now ^ at) | 1)) / BITS;
}

static unsigned slot_of(uint64_t at, unsigned level)
{
  return (unsigned)(at >> (BITS * level)) & (KAM_WHEEL_SLOTS - 1);
}

static void insert(struct kam_wheel *w, struct kam_timer *t, uint64_t tick)
{
  unsigned level, slot;
  struct kam_slot_list *list;
  if (tick < w->now)
    tick = w->now;
  level = level_of(w->now, tick);
  slot = slot_of(tick, level);
  list = &w->slots[level][slot];
  t->at = tick;
  t->next = NULL;
  t->prev = list->last;
  if (list->last)
    list->last->next = t;
  else
    list->first = t;
  list->last = t;
  w->used[level] |= (uint64_t)1 << slot;
}

static void unlink_timer(struct kam_wheel *w, struct kam_timer *t)
{
  unsigned level = level_of(w->now, t->at), slot = slot_of(t->at, level);
  struct kam_slot_list *list = &w->slots[level][slot];
  *(t->prev ? &t->prev->next : &list->first) = t->next;
  *(t->next ? &t->next->prev : &list->last) = t->prev;
  if (!list->first)
    w->used[level] &= ~((uint64_t)1 << slot);
  t->next = t->prev = NULL;
  t->at = KAM_NEVER;
}

void kam_timer_free(struct kam_wheel *w, struct kam_mem *mem,
                    struct kam_timer *t)
{
  if (!t)
    return;
  kam_timer_clear(w, t);
  if (t->at != KAM_NEVER)
    unlink_timer(w, t);
  kam_mem_free(mem, t, sizeof *t);
}

void kam__timer_place(struct kam_wheel *w, struct kam_timer *t)
{
  if (t->at != KAM_NEVER)
    unlink_timer(w, t);
  insert(w, t, t->deadline);
}

void kam_timer_clear(struct kam_wheel *w, struct kam_timer *t)
{
  if (t->deadline != KAM_NEVER)
    w->armed--;
  t->deadline = KAM_NEVER;
}

/* The first slot that is not empty, and the tick at which it begins. */
static bool first_slot(const struct kam_wheel *w, unsigned *level,
                       unsigned *slot, uint64_t *tick)
{
  for (*level = 0; *level < KAM_WHEEL_LEVELS; ++*level) {
    unsigned shift = BITS * *level, here = slot_of(w->now, *level);
    uint64_t ahead = w->used[*level] >> here;
    if (!ahead)
      continue;
    *slot = here + (unsigned)__builtin_ctzll(ahead);
    *tick = (w->now >> (shift + BITS) << (shift + BITS)) +
            ((uint64_t)*slot << shift);
    return true;
  }
  return false;
}

/* Fires what is due in a slot, and finds a new place for the rest. */
static void empty(struct kam_wheel *w, unsigned level, unsigned slot)
{
  struct kam_timer *t = w->slots[level][slot].first, *next;
  w->slots[level][slot] = (struct kam_slot_list){0};
  w->used[level] &= ~((uint64_t)1 << slot);
  for (; t; t = next) {
    next = t->next;
    t->next = t->prev = NULL;
    t->at = KAM_NEVER;
    if (t->deadline == KAM_NEVER)
      continue;
    if (t->deadline > w->now) {
      insert(w, t, t->deadline);
      continue;
    }
    kam_timer_clear(w, t);
    w->fire(t);
  }
}

void kam_wheel_advance(struct kam_wheel *w, uint64_t ns)
{
  uint64_t target = ns / KAM_TICK, tick;
  unsigned level, slot;
  while (first_slot(w, &level, &slot, &tick) && tick <= target) {
    if (tick > w->now)
      w->now = tick;
    empty(w, level, slot);
  }
  if (target > w->now)
    w->now = target;
}

uint64_t kam_wheel_next(const struct kam_wheel *w)
{
  unsigned level, slot;
  uint64_t tick;
  if (!w->armed || !first_slot(w, &level, &slot, &tick))
    return KAM_NEVER;
  return (tick > w->now ? tick : w->now) * KAM_TICK;
}
