/* life: how components are asked to end, end, and fail.
 *
 * Nothing here runs a component: what has to happen is flagged, and the
 * scheduler does it between two steps. */
#ifndef KAM_LIFE_H
#define KAM_LIFE_H

#include "core/component.h"

/* Asks to end (design L1): it, and what belongs to it. What others feed goes
 * on until they end; services, which go on, do not count. */
void kam_component_ask(struct kam_component *c);

/* Tells it, and all that belongs to it, to end now. */
void kam_component_stop(struct kam_component *c);

/* Notes why c has failed, and queues it to be ended; text is copied. */
void kam_component_fail(struct kam_component *c, const char *text);

/* Looks at the ends that have come. */
void kam_component_settle(struct kam_component *c);

/* Its main has returned: it ends when its children have. */
void kam_component_finish(struct kam_component *c);

/* Ends by force, what belongs to it first. Not from inside a step. */
void kam_component_kill(struct kam_component *c);

/* Ends those that are queued to be ended. Not from inside a step. */
void kam_registry_sweep(struct kam_registry *r);

/* Asks all to end, or tells all to end now. */
void kam_registry_ask(struct kam_registry *r);
void kam_registry_stop(struct kam_registry *r);

/* Sums up what was sent and what became of it; held messages are in *held,
 * those that wait in boxes in *waiting. */
void kam_registry_totals(const struct kam_registry *r, struct kam_totals *t,
                         uint64_t *waiting, uint64_t *held);

/* Is the owner at work on its own, or only a frame for its children? */
static inline bool kam_is_passive(const struct kam_component *c)
{
  return c->party.flags & KAM_PARTY_PASSIVE;
}

#endif
