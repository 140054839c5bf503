/* PeriodicTick: a message at equal distances in time, without drift. */
#include "core/alarm.h"

struct periodic_tick {
  struct kam_component comp; /* must be first */
  double seconds;            /* option */
  int64_t count;             /* option; 0: for ever */
  int64_t sent;
  uint64_t next; /* nanoseconds */
};

static uint64_t period(const struct periodic_tick *t)
{
  return (uint64_t)(t->seconds * 1e9);
}

static int wait_for(struct periodic_tick *t, uint64_t ns)
{
  t->next = ns;
  return kam_alarm_set(&t->comp, ns) ? KAM_ENOMEM : KAM_BLOCKED;
}

/* A tick that finds no room is late, and is not sent. */
static void tick(struct periodic_tick *t)
{
  struct kam_outbox *o = &t->comp.party.out[KAM_OUTBOX];
  struct kam_msg m = kam_msg_int(++t->sent);
  if (kam_outbox_try(o, m) == KAM_FULL) {
    o->sent++;
    kam_outbox_lose(o, m, KAM_LOST_LATE);
  }
}

static int periodic_tick_step(struct kam_component *c)
{
  struct periodic_tick *t = (struct periodic_tick *)c;
  uint64_t now = kam_now(c);
  if (c->party.told || (t->count && t->sent >= t->count))
    return KAM_DONE;
  if (t->next == 0) {
    t->next = now + period(t);
    return kam_alarm_after(c, period(t)) ? KAM_ENOMEM : KAM_BLOCKED;
  }
  if (!kam_alarm_rang(c)) /* its option has changed */
    return wait_for(t, t->next < now + period(t) ? t->next : now + period(t));
  tick(t);
  if (t->count && t->sent >= t->count)
    return KAM_DONE;
  return wait_for(t, t->next + period(t) > now ? t->next + period(t)
                                               : now + period(t));
}

static const struct kam_box_spec inboxes[] = {{.name = "inbox", .absent = true},
                                              {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "1, 2, 3 and so on", .kinds = KAM_SCALAR}, {0}};
static const struct kam_option_spec options[] = {
    {.name = "seconds",
     .doc = "seconds from one tick to the next",
     .type = KAM_OPTION_NUMBER,
     .offset = offsetof(struct periodic_tick, seconds),
     .fallback = {.type = KAM_OPTION_NUMBER, .n = 1.0},
     .min = 0.001,
     .max = 1e9,
     .live = true},
    KAM_INT(struct periodic_tick, count, 0, 0, 1e15,
            "ticks until it ends; 0: for ever"),
    {0}};

KAM_COMPONENT(periodic_tick) = {
    .name = "PeriodicTick",
    .family = "time",
    .summary = "Sends the number of the tick every so many seconds.",
    .doc =
        "The first tick comes after one period. Ticks do not drift: the "
        "hundredth comes a hundred periods after the start. A tick that finds "
        "its destination full is dropped and counted as late; it never waits.",
    .ends = "After `count` ticks, or when told.",
    .example = "kam.Pipeline { kam.PeriodicTick { 0.1, count = 2 }, "
               "kam.ConsoleEchoer() }:run()\n"
               "--> 1\n"
               "--> 2\n",
    .first = "seconds",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct periodic_tick),
    .step = periodic_tick_step,
};
