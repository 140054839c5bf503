/* party: what the owner of boxes does as one: it waits, is told to end, and
 * finds its boxes by number. The struct itself is in box.h, which wakes it. */
#ifndef KAM_PARTY_H
#define KAM_PARTY_H

#include "core/box.h"

/* A box by index, also an added one; NULL if there is none. Borrowed. */
struct kam_inbox *kam_party_inbox(const struct kam_party *p, unsigned i);
struct kam_outbox *kam_party_outbox(const struct kam_party *p, unsigned i);
unsigned kam_party_inboxes(const struct kam_party *p);
unsigned kam_party_outboxes(const struct kam_party *p);

/* Is the end that it was told to be seen in control now? */
bool kam_party_notices(const struct kam_party *p);

/* Are all its data inboxes empty? */
bool kam_party_drained(const struct kam_party *p);

/* Gets ready to wait for one box, or for all of them. */
static inline void kam_party_arm(struct kam_party *p, struct kam_inbox *b)
{
  kam_inbox_rest(b);
  b->armed = 1;
  b->port.flags |= KAM_PORT_AWAITED;
  p->waits = KAM_WAITS_BOX;
  p->waits_for = b;
}

void kam_party_arm_all(struct kam_party *p);

void kam__party_disarm_all(struct kam_party *p);

/* No longer waits. */
static inline void kam_party_disarm(struct kam_party *p)
{
  if (p->waits == KAM_WAITS_BOX && p->waits_for)
    p->waits_for->armed = 0;
  else if (p->waits == KAM_WAITS_ANY)
    kam__party_disarm_all(p);
  p->waits_for = NULL;
  p->waits = KAM_WAITS_NOT;
}

#endif
