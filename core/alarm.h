/* alarm: the one deadline that a component can wait for. */
#ifndef KAM_ALARM_H
#define KAM_ALARM_H

#include "core/component.h"

/* Wakes c at that time, in nanoseconds of the runtime's clock, or so long from
 * now on. 0 or KAM_ENOMEM. */
int kam_alarm_set(struct kam_component *c, uint64_t ns);
int kam_alarm_after(struct kam_component *c, uint64_t ns);
void kam_alarm_clear(struct kam_component *c);

/* Has it gone off since it was set? */
static inline bool kam_alarm_rang(const struct kam_component *c)
{
  return c->flags & KAM_COMPONENT_RANG;
}

/* Is it set, and has not gone off? */
bool kam_alarm_armed(const struct kam_component *c);

/* The runtime's clock, in nanoseconds since it was made. */
static inline uint64_t kam_now(const struct kam_component *c)
{
  return c->party.world->now;
}

#endif
