/* lanes: two ways through one component, which must be duplex: neither waits
 * while the other has to.
 *
 *     world ──inbox──>  m[1]  ──out[1]──> those who answer
 *     world <──out[0]── m[0]  <──────────
 *
 * A component can be held by one message only. What goes out to the world
 * waits for nobody who waits for us, so that it may hold us; the other lane is
 * held only while the first has nothing, and if the first fills up meanwhile it
 * is looked at again after a while. */
#ifndef KAM_LANES_H
#define KAM_LANES_H

#include "core/component.h"

struct kam_lanes {
  struct kam_msg m[2]; /* to be sent, or nothing */
  unsigned out[2];     /* outboxes */
};

/* Sends what is there. KAM_AGAIN: a lane is free that was not; KAM_PAUSE: there
 * is nothing to be done before something comes or goes; or a negative code. */
int kam_lanes_send(struct kam_component *c, struct kam_lanes *l);

/* Gives back what is there: for close. */
void kam_lanes_fini(struct kam_component *c, struct kam_lanes *l);

#endif
