/* sched: the run loop. */
#include "core/sched.h"

static void ring(struct kam_timer *t)
{
  struct kam_component *c = t->owner;
  struct kam_world *w = c->party.world;
  if (c->rings_at > w->shown)
    w->shown = c->rings_at;
  c->flags |= KAM_COMPONENT_RANG;
  kam_party_wake(&c->party);
}

int kam_sched_init(struct kam_sched *s)
{
  int err = kam_registry_init(&s->registry);
  kam_wheel_init(&s->wheel, ring);
  s->registry.wheel = &s->wheel;
  s->pick = NULL;
  s->pick_ctx = NULL;
  s->random = 0;
  s->grace = 2000000000u;
  s->first_grace = NULL;
  s->last_grace = &s->first_grace;
  s->activations = 0;
  return err;
}

void kam_sched_fini(struct kam_sched *s)
{
  while (s->first_grace) {
    struct kam_grace *g = s->first_grace;
    s->first_grace = g->next;
    kam_mem_free(&s->registry.world.mem, g, sizeof *g);
  }
  kam_registry_fini(&s->registry);
}

/* splitmix64 (Steele, Lea, Flood 2014): small, and good enough for orders. */
static size_t pick_random(void *ctx, size_t n)
{
  struct kam_sched *s = ctx;
  uint64_t z = s->random += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (size_t)((z ^ (z >> 31)) % n);
}

void kam_sched_seed(struct kam_sched *s, uint64_t seed)
{
  s->random = seed;
  s->pick = pick_random;
  s->pick_ctx = s;
}

static struct kam_component *next(struct kam_sched *s)
{
  struct kam_queue *q = &s->registry.world.ready;
  size_t n = kam_queue_len(q), at = 0;
  if (s->pick && n > 1)
    at = s->pick(s->pick_ctx, n);
  return kam_queue_take(q, at);
}

static int first_step(struct kam_component *c)
{
  const struct kam_kind *kind = c->shape->kind;
  int err = kind->open ? kind->open(c) : 0;
  c->flags |= KAM_COMPONENT_OPEN;
  return err;
}

static int step(struct kam_sched *s, struct kam_component *c)
{
  struct kam_world *w = &s->registry.world;
  int r = 0;
  kam_party_disarm(&c->party);
  c->party.took = c->party.gave = 0;
  w->running = &c->party;
  __atomic_store_n(&s->activations, s->activations + 1, __ATOMIC_RELAXED);
  if (!(c->flags & KAM_COMPONENT_OPEN))
    r = first_step(c);
  if (r >= 0)
    r = c->step(c);
  w->running = NULL;
  c->since = w->now;
  return r;
}

static void after(struct kam_component *c, int r)
{
  if (r < 0) {
    kam_component_fail(c, kam_err_text(r));
    return;
  }
  switch ((enum kam_step)r) {
  case KAM_DONE:
    kam_component_finish(c);
    break;
  case KAM_AGAIN:
    kam_party_wake(&c->party);
    break;
  case KAM_PAUSE:
    kam_party_arm_all(&c->party);
    break;
  case KAM_BLOCKED:
    break;
  }
}

static void run(struct kam_sched *s, struct kam_component *c)
{
  struct kam_party *p = &c->party;
  p->ready = 0;
  if (c->state == KAM_ENDED) {
    kam_component_reap(c);
    return;
  }
  if (p->flags & KAM_PARTY_SETTLE)
    kam_component_settle(c);
  if ((p->held.tag == KAM_NOTHING || c->shape->kind->duplex) &&
      c->state == KAM_ACTIVE &&
      !(p->flags & (KAM_PARTY_PASSIVE | KAM_PARTY_OUTSIDE)) &&
      !(c->flags & KAM_COMPONENT_FAILED)) {
    /* told to end now before it began: it does not begin */
    bool never = p->told == KAM_SHUTDOWN && !(c->flags & KAM_COMPONENT_OPEN);
    after(c, never ? KAM_DONE : step(s, c));
  } else if (kam_is_passive(c) && c->state == KAM_ACTIVE && !c->first) {
    kam_component_finish(c); /* a chassis without children has nothing to do */
  }
  if (kam_queue_len(&s->registry.finishing))
    kam_registry_sweep(&s->registry);
}

/* Those that have just been told to end now get their time. */
static void start_grace(struct kam_sched *s)
{
  struct kam_registry *r = &s->registry;
  while (kam_queue_len(&r->stopped)) {
    struct kam_component *c = kam_queue_take(&r->stopped, 0);
    struct kam_grace *g = kam_mem_alloc(&r->world.mem, sizeof *g);
    if (g && c->state < KAM_ENDED) {
      *g = (struct kam_grace){.id = kam_component_id(c),
                              .until = r->world.now + s->grace};
      *s->last_grace = g;
      s->last_grace = &g->next;
    } else {
      kam_mem_free(&r->world.mem, g, g ? sizeof *g : 0);
      kam_component_kill(c); /* no memory to remember it by */
    }
    kam_component_unpin(c);
  }
}

static void end_grace(struct kam_sched *s)
{
  struct kam_registry *r = &s->registry;
  struct kam_grace *g = s->first_grace;
  struct kam_component *c = kam_component_get(r, g->id);
  s->first_grace = g->next;
  if (!s->first_grace)
    s->last_grace = &s->first_grace;
  kam_mem_free(&r->world.mem, g, sizeof *g);
  if (c)
    kam_component_kill(c);
}

/* Those that have ended in time need no look any more. */
static void trim_grace(struct kam_sched *s)
{
  while (s->first_grace &&
         (s->first_grace->until <= s->registry.world.now ||
          !kam_component_get(&s->registry, s->first_grace->id)))
    end_grace(s);
}

bool kam_sched_turn(struct kam_sched *s, uint64_t now, unsigned steps)
{
  struct kam_world *w = &s->registry.world;
  w->now = now;
  kam_wheel_advance(&s->wheel, now);
  if (kam_queue_len(&s->registry.finishing))
    kam_registry_sweep(&s->registry);
  while (steps-- && kam_queue_len(&w->ready))
    run(s, next(s));
  if (kam_queue_len(&s->registry.stopped))
    start_grace(s);
  if (s->first_grace)
    trim_grace(s);
  return kam_queue_len(&w->ready) || kam_queue_len(&s->registry.finishing);
}

uint64_t kam_sched_next(const struct kam_sched *s)
{
  uint64_t at = kam_wheel_next(&s->wheel);
  if (s->first_grace && s->first_grace->until < at)
    at = s->first_grace->until;
  return at;
}

void kam_sched_kill(struct kam_sched *s)
{
  struct kam_registry *r = &s->registry;
  while (r->first) {
    struct kam_component *c = r->first;
    kam_component_kill(c);
    kam_assert(r->first != c);
  }
  while (kam_queue_len(&r->world.ready)) {
    struct kam_component *c = kam_queue_take(&r->world.ready, 0);
    c->party.ready = 0;
    if (c->state == KAM_ENDED)
      kam_component_reap(c);
  }
  start_grace(s);
  while (kam_queue_len(&r->world.suspects)) {
    struct kam_component *c = kam_queue_take(&r->world.suspects, 0);
    c->party.flags &= (uint16_t)~KAM_PARTY_SUSPECT;
    kam_component_reap(c);
  }
}
