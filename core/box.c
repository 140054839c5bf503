/* box: the slow paths: growing, full boxes, discarding, moving. */
#include "core/box.h"

#include "core/err.h"

#include <string.h>

enum { FIRST_SLOTS = 4 };

static struct kam_world *world_of(const struct kam_inbox *b)
{
  return b->port.owner->world;
}

static struct kam_box_cold *cold_of(struct kam_box_cold **cold,
                                    struct kam_world *w)
{
  if (!*cold)
    *cold = kam_mem_zalloc(&w->mem, sizeof **cold);
  return *cold;
}

static size_t ring_bytes(const struct kam_inbox *b)
{
  return ((size_t)b->mask + 1) * sizeof *b->ring;
}

void kam__inbox_free_ring(struct kam_inbox *b)
{
  kam_mem_free(&world_of(b)->mem, b->ring, b->ring ? ring_bytes(b) : 0);
  b->ring = NULL;
  b->size = 0;
}

/* A ring of so many slots, with what waits at its start. */
static int set_ring(struct kam_inbox *b, uint64_t slots)
{
  uint64_t n = kam_inbox_len(b), i;
  struct kam_msg *ring;
  if (slots > KAM_BOX_UNBOUNDED)
    return KAM_ENOMEM;
  ring = kam_mem_alloc(&world_of(b)->mem, slots * sizeof *ring);
  if (!ring)
    return KAM_ENOMEM;
  for (i = 0; i < n; i++)
    ring[(b->taken + i) & (slots - 1)] = b->ring[(b->taken + i) & b->mask];
  kam__inbox_free_ring(b);
  b->ring = ring;
  b->mask = (uint32_t)(slots - 1);
  kam_inbox_tune(b);
  return 0;
}

/* Makes sure of slots for more messages. */
static int reserve(struct kam_inbox *b, uint64_t more)
{
  uint64_t need = kam_inbox_len(b) + more;
  uint64_t slots = b->mask ? (uint64_t)b->mask + 1 : FIRST_SLOTS;
  if (b->ring && need <= slots)
    return 0;
  while (slots < need)
    slots *= 2;
  return set_ring(b, slots);
}

static bool full(const struct kam_inbox *b, uint32_t len)
{
  uint64_t n = kam_inbox_len(b);
  return n && (n >= b->limit || b->bytes + len > b->max_bytes);
}

void kam_inbox_tune(struct kam_inbox *b)
{
  uint32_t slots = b->ring ? b->mask + 1 : 0;
  bool look = (b->port.flags & (KAM_PORT_CONTROL | KAM_PORT_GONE)) ||
              b->kinds != KAM_ANY || b->first;
  b->size = look ? 0 : slots < b->limit ? slots : b->limit;
}

void kam_inbox_bound(struct kam_inbox *b, uint32_t limit,
                     enum kam_policy policy)
{
  if (limit)
    b->limit = limit;
  if (limit == KAM_BOX_UNBOUNDED)
    b->max_bytes = UINT64_MAX / 2;
  if (policy != KAM_POLICY_UNSET)
    b->policy = (uint8_t)policy;
  kam_inbox_tune(b);
  kam__inbox_admit(b); /* there may be room now */
}

void kam_inbox_init(struct kam_inbox *b, struct kam_party *owner,
                    const struct kam_box_spec *spec, unsigned index)
{
  memset(b, 0, sizeof *b);
  b->port.owner = owner;
  b->port.spec = spec;
  b->port.index = (uint16_t)index;
  b->port.flags = index == KAM_CONTROL ? KAM_PORT_CONTROL : 0;
  b->limit = spec->limit ? spec->limit : KAM_BOX_MESSAGES;
  b->max_bytes = KAM_BOX_BYTES;
  b->kinds = (uint16_t)(spec->kinds ? spec->kinds : KAM_ANY);
  b->policy = KAM_POLICY_WAIT;
  kam_inbox_bound(b, b->limit, spec->policy);
}

void kam_outbox_init(struct kam_outbox *o, struct kam_party *owner,
                     const struct kam_box_spec *spec, unsigned index)
{
  memset(o, 0, sizeof *o);
  o->port.owner = owner;
  o->port.spec = spec;
  o->port.index = (uint16_t)index;
  o->port.flags = KAM_PORT_OUT;
  if (index == KAM_SIGNAL_OUT)
    o->port.flags |= KAM_PORT_SIGNAL;
}

static void trace_msg(struct kam_world *w, struct kam_event e)
{
  if (w->trace)
    kam_world_trace(w, e);
}

static void count_lost(struct kam_world *w, struct kam_box_cold **cold,
                       enum kam_reason reason, bool inside)
{
  struct kam_box_cold *c = cold_of(cold, w);
  if (!c) { /* no memory for it: at least in the sums */
    w->gone.lost[reason]++;
    if (inside)
      w->gone.delivered--;
    return;
  }
  c->lost[reason]++;
  c->lost_inside += inside;
}

void kam_inbox_lose(struct kam_inbox *b, struct kam_msg m,
                    enum kam_reason reason)
{
  struct kam_world *w = world_of(b);
  trace_msg(w, (struct kam_event){.kind = KAM_EVENT_LOST,
                                  .to = &b->port,
                                  .msg = &m,
                                  .reason = reason});
  count_lost(w, &b->cold, reason, false);
  kam_msg_drop(&w->host, m);
}

void kam_outbox_lose(struct kam_outbox *o, struct kam_msg m,
                     enum kam_reason reason)
{
  struct kam_world *w = o->port.owner->world;
  trace_msg(w, (struct kam_event){.kind = KAM_EVENT_LOST,
                                  .from = &o->port,
                                  .msg = &m,
                                  .reason = reason});
  count_lost(w, &o->cold, reason, false);
  kam_msg_drop(&w->host, m);
}

/* Discards the oldest of what waits. */
static void lose_oldest(struct kam_inbox *b, enum kam_reason reason)
{
  struct kam_world *w = world_of(b);
  struct kam_msg m = b->ring[b->taken++ & b->mask];
  b->bytes -= m.len;
  trace_msg(w, (struct kam_event){.kind = KAM_EVENT_LOST,
                                  .to = &b->port,
                                  .msg = &m,
                                  .reason = reason});
  count_lost(w, &b->cold, reason, true);
  kam_msg_drop(&w->host, m);
}

static void put_traced(struct kam_outbox *o, struct kam_inbox *b,
                       struct kam_msg m)
{
  trace_msg(world_of(b), (struct kam_event){.kind = KAM_EVENT_SENT,
                                            .from = o ? &o->port : NULL,
                                            .to = &b->port,
                                            .msg = &m});
  kam__inbox_put(b, m);
}

/* The message stays with its sender, who stands in line for room. */
static int hold(struct kam_outbox *o, struct kam_inbox *b, struct kam_msg m)
{
  struct kam_party *p = o->port.owner;
  if (p->told == KAM_SHUTDOWN) {
    kam_outbox_lose(o, m, KAM_LOST_STOPPED);
    return KAM_TOLD_STOP;
  }
  if (b->port.owner == p) {
    kam_outbox_lose(o, m, KAM_LOST_ERROR);
    return KAM_ESELF;
  }
  kam_assert(p->held.tag == KAM_NOTHING);
  p->held = m;
  p->held_in = b;
  p->held_from = o;
  p->held_next = NULL;
  p->waits = KAM_WAITS_ROOM;
  if (b->last)
    b->last->held_next = p;
  else
    b->first = p;
  b->last = p;
  kam_inbox_tune(b);
  return KAM_WAIT;
}

static int put(struct kam_outbox *o, struct kam_inbox *b, struct kam_msg m)
{
  if (reserve(b, 1)) {
    kam_outbox_lose(o, m, KAM_LOST_ERROR);
    return KAM_ENOMEM;
  }
  put_traced(o, b, m);
  return KAM_SENT;
}

/* A box that is full, or in which others wait already. */
static int put_full(struct kam_outbox *o, struct kam_inbox *b, struct kam_msg m)
{
  unsigned policy = o->policy ? o->policy : b->policy;
  if (policy == KAM_POLICY_DROP_NEWEST) {
    kam_inbox_lose(b, m, KAM_LOST_DROPPED);
    return KAM_SENT;
  }
  if (policy != KAM_POLICY_DROP_OLDEST)
    return hold(o, b, m);
  while (full(b, m.len))
    lose_oldest(b, KAM_LOST_DROPPED);
  return put(o, b, m);
}

/* An end that comes to control is told, not queued. */
static int put_signal(struct kam_outbox *o, struct kam_inbox *b,
                      struct kam_msg m)
{
  struct kam_party *p = b->port.owner;
  trace_msg(p->world, (struct kam_event){.kind = KAM_EVENT_SENT,
                                         .from = &o->port,
                                         .to = &b->port,
                                         .msg = &m});
  p->world->gone.delivered++; /* not by put and taken: others may be queued */
  if (m.u.i == KAM_SHUTDOWN || !(o->port.flags & KAM_PORT_SIGNAL)) {
    kam_party_tell(p, (enum kam_told)m.u.i);
    return KAM_SENT;
  }
  b->port.flags |= KAM_PORT_SAID;
  p->flags |= KAM_PARTY_SETTLE; /* others may have to say it too */
  kam_party_wake(p);
  return KAM_SENT;
}

static int put_nowhere(struct kam_outbox *o, struct kam_msg m)
{
  bool gone = o->port.flags & KAM_PORT_GONE;
  bool nulled = o->port.flags & KAM_PORT_NULLED;
  kam_outbox_lose(o, m,
                  nulled ? KAM_LOST_NULLED
                  : gone ? KAM_LOST_GONE
                         : KAM_LOST_UNLINKED);
  return gone ? KAM_NOBODY : KAM_SENT;
}

int kam__outbox_send_slow(struct kam_outbox *o, struct kam_msg m)
{
  struct kam_inbox *b = o->sink;
  if (m.tag == KAM_SIGNAL && (o->port.flags & KAM_PORT_SIGNAL))
    o->port.flags |= KAM_PORT_SAID;
  if (!b)
    return put_nowhere(o, m);
  if (m.tag == KAM_SIGNAL && (b->port.flags & KAM_PORT_CONTROL))
    return put_signal(o, b, m);
  if (!(m.kind & b->kinds)) {
    kam_outbox_lose(o, m, KAM_LOST_ERROR);
    return KAM_EKIND;
  }
  if ((b->first || full(b, m.len)) && !(b->port.flags & KAM_PORT_CONTROL))
    return put_full(o, b, m);
  return put(o, b, m);
}

int kam_outbox_try(struct kam_outbox *o, struct kam_msg m)
{
  struct kam_inbox *b = o->sink;
  if (b && (b->first || full(b, m.len)) &&
      !(b->port.flags & KAM_PORT_CONTROL) &&
      (o->policy ? o->policy : b->policy) == KAM_POLICY_WAIT)
    return KAM_FULL;
  return kam_outbox_send(o, m);
}

void kam__inbox_took(struct kam_inbox *b, const struct kam_msg *m)
{
  kam_world_trace(
      world_of(b),
      (struct kam_event){.kind = KAM_EVENT_TAKEN, .to = &b->port, .msg = m});
}

/* Takes the first out of the line of those who wait. */
static struct kam_party *step_out(struct kam_inbox *b)
{
  struct kam_party *p = b->first;
  b->first = p->held_next;
  if (!b->first) {
    b->last = NULL;
    kam_inbox_tune(b);
  }
  return p;
}

/* A message that was held has got in, or never will: its sender goes on. */
static void release(struct kam_party *p, enum kam_sent outcome)
{
  p->held.tag = KAM_NOTHING;
  p->held_in = NULL;
  p->outcome = (uint8_t)outcome;
  if (p->waits == KAM_WAITS_ROOM)
    p->waits = KAM_WAITS_NOT;
  kam_party_wake(p);
}

void kam__inbox_admit(struct kam_inbox *b)
{
  while (b->first && !full(b, b->first->held.len) && !reserve(b, 1)) {
    struct kam_party *p = step_out(b);
    put_traced(p->held_from, b, p->held);
    release(p, KAM_SENT);
  }
}

void kam_party_withdraw(struct kam_party *p, enum kam_reason reason)
{
  struct kam_inbox *b = p->held_in;
  struct kam_party *before = NULL;
  if (!b)
    return;
  if (b->first != p) {
    for (before = b->first; before->held_next != p;)
      before = before->held_next;
    before->held_next = p->held_next;
    if (b->last == p)
      b->last = before;
  } else {
    step_out(b);
  }
  kam_outbox_lose(p->held_from, p->held, reason);
  release(p, reason == KAM_LOST_GONE ? KAM_NOBODY : KAM_TOLD_STOP);
  kam__inbox_admit(b);
}

int kam_inbox_inject(struct kam_inbox *b, struct kam_msg m)
{
  struct kam_world *w = world_of(b);
  w->gone.injected++;
  if (b->port.flags & KAM_PORT_SHUT) { /* its own counters are summed up */
    w->gone.lost[KAM_LOST_GONE]++;
    kam_msg_drop(&w->host, m);
    return KAM_EGONE;
  }
  if (!(m.kind & b->kinds)) {
    kam_inbox_lose(b, m, KAM_LOST_ERROR);
    return KAM_EKIND;
  }
  if (reserve(b, 1)) {
    kam_inbox_lose(b, m, KAM_LOST_ERROR);
    return KAM_ENOMEM;
  }
  put_traced(NULL, b, m);
  return 0;
}

static void move_line(struct kam_inbox *b, struct kam_inbox *to)
{
  struct kam_party *p;
  for (p = b->first; p; p = p->held_next)
    p->held_in = to;
  if (!b->first)
    return;
  if (to->last)
    to->last->held_next = b->first;
  else
    to->first = b->first;
  to->last = b->last;
  b->first = b->last = NULL;
  kam_inbox_tune(b);
  kam_inbox_tune(to);
}

bool kam_inbox_fits(const struct kam_inbox *b, const struct kam_inbox *to)
{
  const struct kam_party *p;
  uint64_t i;
  if (to->kinds == KAM_ANY)
    return true;
  for (i = b->taken; i != b->put; i++)
    if (!(b->ring[i & b->mask].kind & to->kinds))
      return false;
  for (p = b->first; p; p = p->held_next)
    if (!(p->held.kind & to->kinds))
      return false;
  return true;
}

int kam_inbox_move(struct kam_inbox *b, struct kam_inbox *to)
{
  struct kam_world *w = world_of(b);
  uint64_t n = kam_inbox_len(b), i;
  if (n && (!cold_of(&b->cold, w) || !cold_of(&to->cold, w) || reserve(to, n)))
    return KAM_ENOMEM;
  for (i = 0; i < n; i++) {
    struct kam_msg m = b->ring[b->taken++ & b->mask];
    b->bytes -= m.len;
    kam__inbox_put(to, m);
  }
  if (n) {
    b->cold->moved_out += n;
    to->cold->moved_in += n;
  }
  move_line(b, to);
  kam__inbox_admit(to);
  return 0;
}

static void add_cold(struct kam_totals *t, struct kam_box_cold *cold)
{
  unsigned r;
  if (!cold)
    return;
  for (r = 0; r < KAM_REASON_COUNT; r++)
    t->lost[r] += cold->lost[r];
}

void kam_inbox_count(const struct kam_inbox *b, struct kam_totals *t)
{
  t->delivered += b->taken;
  if (b->cold)
    t->delivered -= b->cold->moved_out + b->cold->lost_inside;
  add_cold(t, b->cold);
}

void kam_outbox_count(const struct kam_outbox *o, struct kam_totals *t)
{
  t->sent += o->sent;
  add_cold(t, o->cold);
}

uint64_t kam_inbox_fini(struct kam_inbox *b, enum kam_reason reason)
{
  struct kam_world *w = world_of(b);
  uint64_t n = kam_inbox_len(b), i;
  for (i = 0; i < n; i++)
    lose_oldest(b, reason);
  while (b->first) {
    struct kam_party *p = step_out(b);
    kam_outbox_lose(p->held_from, p->held, KAM_LOST_GONE);
    release(p, KAM_NOBODY);
  }
  kam_inbox_count(b, &w->gone);
  kam__inbox_free_ring(b);
  kam_mem_free(&w->mem, b->cold, b->cold ? sizeof *b->cold : 0);
  b->cold = NULL;
  b->put = b->taken = 0;
  return n;
}

void kam_outbox_fini(struct kam_outbox *o)
{
  struct kam_world *w = o->port.owner->world;
  kam_outbox_count(o, &w->gone);
  kam_mem_free(&w->mem, o->cold, o->cold ? sizeof *o->cold : 0);
  o->cold = NULL;
  o->sent = 0;
}
