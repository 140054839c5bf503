/* alarm: a timer of the wheel for each component that has ever waited. */
#include "core/alarm.h"

#include "core/timer.h"

static struct kam_wheel *wheel_of(const struct kam_component *c)
{
  return kam_registry_of(&c->party)->wheel;
}

/* shown is the same time as it stands in traces. */
static int set(struct kam_component *c, uint64_t ns, uint64_t shown)
{
  if (!c->alarm)
    c->alarm = kam_timer_new(kam_mem_of(c), c);
  if (!c->alarm)
    return KAM_ENOMEM;
  c->flags &= (uint16_t)~KAM_COMPONENT_RANG;
  c->rings_at = shown;
  c->alarm_at = ns;
  kam_timer_set(wheel_of(c), c->alarm, ns);
  return 0;
}

int kam_alarm_set(struct kam_component *c, uint64_t ns)
{
  uint64_t now = kam_now(c), shown = c->party.world->shown;
  if (c->alarm_at && ns >= c->alarm_at) /* from alarm to alarm, not drifting */
    return set(c, ns, c->rings_at + (ns - c->alarm_at));
  return set(c, ns, shown + (ns > now ? ns - now : 0));
}

int kam_alarm_after(struct kam_component *c, uint64_t ns)
{
  struct kam_world *w = c->party.world;
  return set(c, w->now + ns, w->shown + ns);
}

void kam_alarm_clear(struct kam_component *c)
{
  c->flags &= (uint16_t)~KAM_COMPONENT_RANG;
  if (c->alarm)
    kam_timer_clear(wheel_of(c), c->alarm);
}

bool kam_alarm_armed(const struct kam_component *c)
{
  return c->alarm && c->alarm->deadline != KAM_NEVER;
}
