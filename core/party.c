/* party: waiting for boxes, and being told to end. */
#include "core/party.h"

#include "core/err.h"

unsigned kam_party_inboxes(const struct kam_party *p)
{
  return p->n_in + p->more_in;
}

unsigned kam_party_outboxes(const struct kam_party *p)
{
  return p->n_out + p->more_out;
}

struct kam_inbox *kam_party_inbox(const struct kam_party *p, unsigned i)
{
  struct kam_inbox *b;
  if (i >= p->n_in)
    return i < kam_party_inboxes(p) ? p->added_in[i - p->n_in] : NULL;
  b = &p->in[i];
  return b->port.spec->absent ? NULL : b;
}

struct kam_outbox *kam_party_outbox(const struct kam_party *p, unsigned i)
{
  struct kam_outbox *o;
  if (i >= p->n_out)
    return i < kam_party_outboxes(p) ? p->added_out[i - p->n_out] : NULL;
  o = &p->out[i];
  return o->port.spec->absent ? NULL : o;
}

bool kam_party_drained(const struct kam_party *p)
{
  unsigned i, n = kam_party_inboxes(p);
  for (i = 0; i < n; i++) {
    const struct kam_inbox *b = kam_party_inbox(p, i);
    if (b && i != KAM_CONTROL && (kam_inbox_len(b) || b->first))
      return false;
  }
  return true;
}

bool kam_party_notices(const struct kam_party *p)
{
  if (p->notice == KAM_FINISHED)
    return (p->flags & KAM_PARTY_WAITED) || kam_party_drained(p);
  return p->notice == KAM_SHUTDOWN;
}

void kam_party_tell(struct kam_party *p, enum kam_told told)
{
  if (told <= p->told || (p->flags & KAM_PARTY_ENDED))
    return;
  if (p->world->trace)
    kam_world_trace(
        p->world,
        (struct kam_event){.kind = KAM_EVENT_TOLD, .party = p, .told = told});
  p->told = (uint8_t)told;
  p->notice = (uint8_t)told;
  p->flags |= KAM_PARTY_SETTLE;
  if (told == KAM_SHUTDOWN)
    kam_party_withdraw(p, KAM_LOST_STOPPED);
  kam_party_wake(p);
}

void kam_party_arm_all(struct kam_party *p)
{
  unsigned i, n = kam_party_inboxes(p);
  for (i = 0; i < n; i++) {
    struct kam_inbox *b = kam_party_inbox(p, i);
    if (b) {
      kam_inbox_rest(b);
      b->armed = 1;
      b->port.flags |= KAM_PORT_AWAITED;
    }
  }
  p->waits = KAM_WAITS_ANY;
}

void kam__party_disarm_all(struct kam_party *p)
{
  unsigned i, n = kam_party_inboxes(p);
  for (i = 0; i < n; i++) {
    struct kam_inbox *b = kam_party_inbox(p, i);
    if (b)
      b->armed = 0;
  }
}
