/* alarm: a timer of the wheel for each component that has ever waited. */
#include "core/alarm.h"

#include "core/timer.h"

static struct kam_wheel *wheel_of(const struct kam_component *c)
{
  return kam_registry_of(&c->party)->wheel;
}

int kam_alarm_set(struct kam_component *c, uint64_t ns)
{
  if (!c->alarm)
    c->alarm = kam_timer_new(kam_mem_of(c), c);
  if (!c->alarm)
    return KAM_ENOMEM;
  c->flags &= (uint16_t)~KAM_COMPONENT_RANG;
  kam_timer_set(wheel_of(c), c->alarm, ns);
  return 0;
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
