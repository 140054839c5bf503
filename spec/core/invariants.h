/* invariants: what must hold in every runtime between two steps, whatever its
 * components do. The numbers are those of the kernel's promises: accounting
 * (I1), the run queue (I5), bounds (I6) and links (I8). */
#ifndef SPEC_INVARIANTS_H
#define SPEC_INVARIANTS_H

#include "core/kam.h"
#include "spec/core/check.h"

/* I1: sent + injected = delivered + waiting + held + lost. */
static inline void check_accounts(const struct kam_registry *r)
{
  struct kam_totals t;
  uint64_t waiting, held, lost = 0;
  unsigned i;
  kam_registry_totals(r, &t, &waiting, &held);
  for (i = 0; i < KAM_REASON_COUNT; i++)
    lost += t.lost[i];
  check(t.sent + t.injected == t.delivered + waiting + held + lost);
}

static inline bool check_is_full(const struct kam_inbox *b, uint32_t len)
{
  uint64_t n = kam_inbox_len(b);
  return n && (n >= b->limit || b->bytes + len > b->max_bytes);
}

/* B5: who stands in line has its message with itself, and a reason to wait. */
static inline void check_line(const struct kam_inbox *b)
{
  const struct kam_party *p, *last = NULL;
  for (p = b->first; p; p = p->held_next) {
    check(p->held_in == b);
    check(p->held.tag != KAM_NOTHING);
    check(p->waits == KAM_WAITS_ROOM);
    check(!(p->flags & KAM_PARTY_ENDED));
    last = p;
  }
  check(!b->first || b->last == last);
  check(!b->first || check_is_full(b, b->first->held.len));
}

/* I6, and what the fast path of a send relies on. What was moved, or what the
 * runtime itself sent, may exceed the bound. */
static inline void check_box(const struct kam_inbox *b)
{
  uint64_t n = kam_inbox_len(b), bytes = 0, i;
  uint64_t extra = b->port.owner->world->gone.injected;
  bool exceeds =
      (b->port.flags & KAM_PORT_CONTROL) || (b->cold && b->cold->moved_in);
  check(b->put >= b->taken);
  check(!n || (b->ring && n <= (uint64_t)b->mask + 1));
  for (i = b->taken; i != b->put; i++) {
    check(b->ring[i & b->mask].tag != KAM_NOTHING);
    bytes += b->ring[i & b->mask].len;
  }
  check(b->bytes == bytes);
  check(exceeds || n <= b->limit + extra);
  check(exceeds || extra || n <= 1 || bytes <= b->max_bytes);
  check(b->size <= b->limit);
  check(!b->size || (b->ring && b->size <= b->mask + 1));
  check(!b->first || !b->size);
  check_line(b);
}

/* I8: each end of a link knows it, no chain ends in itself or in the dead, and
 * the short cut of an outbox is where its chain leads. */
static inline void check_port(const struct kam_port *p)
{
  const struct kam_link *l;
  const struct kam_port *last = p;
  uint32_t feeders = 0;
  unsigned hops = 0;
  for (l = p->from; l; l = l->next) {
    check(l->to == p && l->from->to == l && *l->back == l);
    feeders += l->flags & KAM_LINK_FEEDS ? 1 : 0;
  }
  check(p->feeders == feeders);
  check(!p->to || p->to->from == p);
  for (; last->to; last = last->to->to) {
    check(!(last->to->to->owner->flags & KAM_PARTY_ENDED));
    check(++hops < 10000);
  }
  if (p->flags & KAM_PORT_OUT) {
    const struct kam_inbox *sink = ((const struct kam_outbox *)p)->sink;
    bool none = last == p || (last->flags & (KAM_PORT_OUT | KAM_PORT_GONE));
    check(none ? sink == NULL : &sink->port == last);
  }
}

static inline void check_boxes(const struct kam_component *c)
{
  unsigned i;
  for (i = 0; i < kam_party_inboxes(&c->party); i++) {
    const struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (b) {
      check_box(b);
      check_port(&b->port);
    }
  }
  for (i = 0; i < kam_party_outboxes(&c->party); i++) {
    const struct kam_outbox *o = kam_party_outbox(&c->party, i);
    if (o)
      check_port(&o->port);
  }
}

/* L1: owners and children know each other. */
static inline void check_family(const struct kam_component *c)
{
  const struct kam_component *child;
  uint32_t n = 0;
  check(c->state < KAM_ENDED);
  check(c->party.held.tag == KAM_NOTHING || c->party.held_in);
  for (child = c->first; child; child = child->next) {
    check(child->owner == c);
    check(child->next ? child->next->prev == child : c->last == child);
    n++;
  }
  check(c->children == n);
}

/* I5: in the run queue at most once, and its flag tells the truth. */
static inline void check_queue(struct kam_registry *r)
{
  const struct kam_queue *q = &r->world.ready;
  size_t i;
  uint32_t slot, flagged = 0, live = 0;
  for (slot = 1; slot < r->n_slots; slot++)
    flagged +=
        r->slots[slot].component && r->slots[slot].component->party.ready;
  for (i = q->head; i != q->tail; i++) {
    struct kam_component *c = q->slots[i & (q->size - 1)];
    check(c->party.ready == 1);
    c->party.ready = 2; /* seen */
    live += c->state != KAM_ENDED;
  }
  for (i = q->head; i != q->tail; i++)
    ((struct kam_party *)q->slots[i & (q->size - 1)])->ready = 1;
  check(flagged == live);
}

/* All of them. */
static inline void check_runtime(struct kam_registry *r)
{
  uint64_t active = 0;
  uint32_t i;
  check_accounts(r);
  check_queue(r);
  for (i = 1; i < r->n_slots; i++) {
    const struct kam_component *c = r->slots[i].component;
    if (!c)
      continue;
    check(c->slot == i);
    check_boxes(c);
    check_family(c);
    active +=
        !(c->party.flags & KAM_PARTY_OUTSIDE) &&
        (c->state == KAM_ACTIVE ||
         (c->state == KAM_CLOSING && (c->party.flags & KAM_PARTY_STARTED)));
  }
  check(r->active == active);
}

#endif
