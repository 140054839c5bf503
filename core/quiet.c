/* quiet: rings and services at their end. */
#include "core/quiet.h"

/* Marks of a look at the whole system, in kam_component.mark. */
enum { UNSEEN, FEEDS_RING, IN_RING, BAD, FINE, SERVED };

typedef void (*feeder_fn)(void *ctx, struct kam_component *feeder);

static void each_source(const struct kam_port *p, feeder_fn fn, void *ctx)
{
  const struct kam_link *l;
  for (l = p->from; l; l = l->next) {
    if (!(l->flags & KAM_LINK_FEEDS))
      continue;
    if (l->from->flags & KAM_PORT_OUT)
      fn(ctx, (struct kam_component *)l->from->owner);
    else
      each_source(l->from, fn, ctx);
  }
}

/* All whose end c waits for: the feeders of its boxes, a chassis's children. */
static void each_feeder(struct kam_component *c, feeder_fn fn, void *ctx)
{
  struct kam_component *child;
  unsigned i, n = kam_party_inboxes(&c->party);
  for (i = 0; i < n; i++) {
    struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (b && i != KAM_CONTROL && !b->port.to)
      each_source(&b->port, fn, ctx);
  }
  for (child = c->first; child; child = child->next)
    fn(ctx, child);
}

/* The components that a dying ring is made of. */
struct ring {
  struct kam_component **all;
  size_t n, size;
  bool failed; /* no memory: no answer */
  bool grown;
  struct kam_mem *mem;
};

static void gather(void *ctx, struct kam_component *c)
{
  struct ring *r = ctx;
  struct kam_component **all;
  if (c->mark == FEEDS_RING)
    return;
  if (r->n == r->size) {
    all = kam_mem_realloc(r->mem, r->all, r->size * sizeof *all,
                          (r->size + 16) * 2 * sizeof *all);
    if (!all) {
      r->failed = true;
      return;
    }
    r->all = all;
    r->size = (r->size + 16) * 2;
  }
  c->mark = FEEDS_RING;
  r->all[r->n++] = c;
}

static void touches_ring(void *ctx, struct kam_component *c)
{
  if (c->mark == IN_RING)
    *(bool *)ctx = true;
}

/* Marks those of r that the first one feeds in its turn. */
static size_t mark_ring(struct ring *r)
{
  size_t in = 1, before, i;
  r->all[0]->mark = IN_RING;
  do {
    before = in;
    for (i = 0; i < r->n; i++) {
      bool touches = false;
      if (r->all[i]->mark == IN_RING)
        continue;
      each_feeder(r->all[i], touches_ring, &touches);
      if (touches) {
        r->all[i]->mark = IN_RING;
        in++;
      }
    }
  } while (in != before);
  return in;
}

static bool is_moving(const struct kam_component *c)
{
  return c->party.ready || c->party.waits == KAM_WAITS_ROOM || c->outside ||
         kam_alarm_armed(c) || c->state == KAM_MADE;
}

struct count {
  unsigned n;
};

static void count_one(void *ctx, struct kam_component *c)
{
  (void)c;
  ((struct count *)ctx)->n++;
}

static bool is_source(struct kam_component *c)
{
  struct count k = {0};
  if (c->party.flags & KAM_PARTY_OUTSIDE)
    return true;
  each_feeder(c, count_one, &k);
  return k.n == 0;
}

enum ring_state { NO_RING, RING_MOVES, RING_RESTS };

static enum ring_state look_at(struct ring *r, struct kam_component *c)
{
  size_t i;
  bool moves = false;
  gather(r, c);
  for (i = 0; i < r->n; i++) {
    if (is_source(r->all[i]))
      return NO_RING;
    moves |= is_moving(r->all[i]);
    each_feeder(r->all[i], gather, r);
  }
  if (r->failed)
    return RING_MOVES;
  if (mark_ring(r) != r->n)
    return NO_RING; /* fed by another ring, whose end will come here */
  return moves ? RING_MOVES : RING_RESTS;
}

/* Is c in a ring that is left to itself? Then all of it is told. */
static enum ring_state end_ring(struct kam_sched *s, struct kam_component *c)
{
  struct ring r = {.mem = &s->registry.world.mem};
  enum ring_state state = look_at(&r, c);
  size_t i;
  for (i = 0; i < r.n; i++) {
    r.all[i]->mark = UNSEEN;
    if (state == RING_RESTS)
      kam_party_tell(&r.all[i]->party, KAM_FINISHED);
  }
  kam_mem_free(r.mem, r.all, r.size * sizeof(*r.all));
  return state;
}

static bool end_rings(struct kam_sched *s)
{
  struct kam_queue *q = &s->registry.world.suspects;
  size_t n = kam_queue_len(q);
  bool told = false;
  while (n--) {
    struct kam_component *c = kam_queue_take(q, 0);
    enum ring_state state = NO_RING;
    if (c->state == KAM_ACTIVE && !c->party.told)
      state = end_ring(s, c);
    if (state == RING_MOVES) {
      kam_queue_push(q, c);
      continue;
    }
    told |= state == RING_RESTS;
    c->party.flags &= (uint16_t)~KAM_PARTY_SUSPECT;
    if (c->state == KAM_ENDED)
      kam_component_reap(c);
  }
  return told;
}

/* --- services: what only waits on open inboxes --- */

typedef bool (*look_fn)(struct kam_component *c);

/* How many of all that live are marked otherwise by look. */
static unsigned each_live(struct kam_sched *s, look_fn look)
{
  const struct kam_registry *r = &s->registry;
  unsigned changed = 0;
  uint32_t i;
  for (i = 1; i < r->n_slots; i++) {
    struct kam_component *c = r->slots[i].component;
    if (c && (c->state == KAM_ACTIVE || c->state == KAM_CLOSING))
      changed += look(c);
  }
  return changed;
}

static bool frames(const struct kam_component *c)
{
  return kam_is_passive(c) || c->state == KAM_CLOSING;
}

static bool waits_open(const struct kam_component *c)
{
  unsigned i;
  if (frames(c) || c->party.told)
    return false;
  if (c->party.waits == KAM_WAITS_BOX)
    return c->party.waits_for && c->party.waits_for->port.spec->open;
  for (i = 0;
       c->party.waits == KAM_WAITS_ANY && i < kam_party_inboxes(&c->party);
       i++) {
    const struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (b && b->port.spec->open)
      return true;
  }
  return false;
}

static void is_bad(void *ctx, struct kam_component *c)
{
  if (c->mark == BAD)
    *(bool *)ctx = true;
}

static void is_served(void *ctx, struct kam_component *c)
{
  if (c->mark == SERVED)
    *(bool *)ctx = true;
}

static bool start_mark(struct kam_component *c)
{
  c->mark =
      frames(c) || waits_open(c) ? FINE
      : (c->party.waits == KAM_WAITS_BOX || c->party.waits == KAM_WAITS_ANY) &&
              !is_source(c)
          ? FINE
          : BAD;
  if (waits_open(c))
    c->mark = SERVED;
  return c->mark == SERVED;
}

/* What waits for something bad is bad. */
static bool spread_bad(struct kam_component *c)
{
  bool bad = false;
  if (c->mark != FINE)
    return false;
  each_feeder(c, is_bad, &bad);
  if (bad)
    c->mark = BAD;
  return bad;
}

static bool spread_served(struct kam_component *c)
{
  bool served = false;
  if (c->mark != FINE)
    return false;
  each_feeder(c, is_served, &served);
  if (served)
    c->mark = SERVED;
  return served;
}

static bool not_served(struct kam_component *c)
{
  return c->mark != SERVED && !frames(c) &&
         !(c->party.flags & KAM_PARTY_OUTSIDE);
}

static bool tell_open(struct kam_component *c)
{
  if (!waits_open(c))
    return false;
  kam_party_tell(&c->party, KAM_FINISHED);
  return true;
}

/* Tells the services, if nobody is left but them and who waits for them. */
static bool end_services(struct kam_sched *s)
{
  if (!each_live(s, start_mark))
    return false;
  while (each_live(s, spread_bad))
    continue;
  while (each_live(s, spread_served))
    continue;
  if (each_live(s, not_served))
    return false;
  return each_live(s, tell_open) > 0;
}

static bool unmark(struct kam_component *c)
{
  c->mark = UNSEEN;
  return false;
}

enum kam_quiet kam_quiet(struct kam_sched *s, bool outside)
{
  const struct kam_registry *r = &s->registry;
  bool told;
  if (kam_queue_len(&r->world.suspects) && end_rings(s))
    return KAM_QUIET_MOVED;
  if (r->active == 0 && r->outside == 0)
    return KAM_QUIET_OVER;
  if (outside || r->outside || s->wheel.armed || s->first_grace)
    return KAM_QUIET_WAITS;
  told = end_services(s);
  each_live(s, unmark);
  return told ? KAM_QUIET_MOVED : KAM_QUIET_STALLED;
}
