/* spec_random: random systems of components in C, with all promises of the
 * kernel checked after each turn of the scheduler.
 *
 *     spec_random [first seed [count]]
 *
 * A third of the systems is calm: sources, relays and sinks in order, in which
 * every message must be delivered before the end comes, though links are taken
 * away and put there again. In the others boxes are
 * linked, unlinked and passed through, and components are made, asked, stopped
 * and killed while all runs; they must end, too, and leave nothing behind. */
#include "spec/core/actors.h"
#include "spec/core/invariants.h"

enum { COUNT = CHECK_SLOW ? 150 : 1500, MAX_TURNS = 60000 };

enum kind { PLAIN, PICKY, FRAME, SERVICE, KINDS };

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox"}, {.name = "other"}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox"}, {.name = "other"}, {0}};
static const struct kam_box_spec picky_inboxes[] = {
    {.name = "inbox",
     .kinds = KAM_BYTES,
     .limit = 3,
     .policy = KAM_POLICY_DROP_OLDEST},
    {.name = "other", .limit = 2, .policy = KAM_POLICY_DROP_NEWEST},
    {0}};
static const struct kam_box_spec service_inboxes[] = {
    {.name = "inbox", .open = true}, {.name = "other", .open = true}, {0}};

static const struct kam_kind kinds[KINDS] = {
    [PLAIN] = {.name = "Plain",
               .inboxes = inboxes,
               .outboxes = outboxes,
               .size = sizeof(struct actor),
               .step = actor_step},
    [PICKY] = {.name = "Picky",
               .inboxes = picky_inboxes,
               .outboxes = outboxes,
               .size = sizeof(struct actor),
               .effects = true,
               .step = actor_step},
    [FRAME] = {.name = "Frame",
               .inboxes = inboxes,
               .outboxes = outboxes,
               .size = sizeof(struct actor),
               .passive = true},
    [SERVICE] = {.name = "Service",
                 .inboxes = service_inboxes,
                 .outboxes = outboxes,
                 .size = sizeof(struct actor),
                 .ends_early = true,
                 .step = actor_step}};

static void on_event(void *ctx, const struct kam_event *e)
{
  struct sim *s = ctx;
  s->hash = mix(s->hash, e->number);
  s->hash = mix(s->hash, e->time << 4 | e->kind);
  if (e->from)
    s->hash = mix_port(s->hash, e->from);
  if (e->to)
    s->hash = mix_port(s->hash, e->to);
  if (e->party)
    s->hash = mix(s->hash, ((const struct actor *)e->party)->uid);
}

static void on_ended(void *ctx, struct kam_component *c)
{
  check(c->state == KAM_ENDED);
  ((struct sim *)ctx)->ended++;
}

static struct kam_registry *registry(struct sim *s)
{
  return kam_registry(s->rt);
}

/* Small bounds, so that they are reached. */
static void bound_boxes(struct sim *s, struct kam_component *c)
{
  static const unsigned boxes[] = {IN, IN_OTHER};
  unsigned i;
  for (i = 0; i < 2; i++) {
    struct kam_inbox *b = &c->party.in[boxes[i]];
    enum kam_policy policy = (enum kam_policy)below(s, 4);
    if (chance(s, 60))
      kam_inbox_bound(b, 1 + (uint32_t)below(s, 6),
                      s->calm ? KAM_POLICY_UNSET : policy);
    if (chance(s, 20))
      b->max_bytes = 50;
  }
}

static struct actor *make(struct sim *s, enum kind kind, enum role role)
{
  struct kam_component *c;
  struct actor *a;
  unsigned i;
  if (s->n == ACTORS)
    return NULL;
  check(kam_new(s->rt, &kinds[kind], &c) == 0);
  a = (struct actor *)c;
  a->sim = s;
  a->uid = s->n + 1;
  a->role = a->inner = (int)role;
  a->batch = 1 + (unsigned)below(s, chance(s, 50) ? 64 : 3);
  a->left = 1 + (unsigned)below(s, chance(s, 20) ? 200 : 20);
  if (role == BATCHER)
    a->left = 1 + (unsigned)below(s, 6);
  for (i = 0; i < s->n; i++) /* numbers name one for ever */
    check(s->ids[i] != kam_component_id(c));
  s->ids[s->n++] = kam_component_id(c);
  if (kind != PICKY)
    bound_boxes(s, c);
  return a;
}

/* One of those that live, or NULL. */
static struct actor *any(struct sim *s)
{
  unsigned tries;
  for (tries = 0; tries < 8 && s->n; tries++) {
    uint64_t id = s->ids[below(s, s->n)];
    struct kam_component *c = kam_component_get(registry(s), id);
    if (c)
      return (struct actor *)c;
  }
  return NULL;
}

static struct kam_port *inbox_of(struct sim *s, struct actor *a)
{
  unsigned i = (unsigned)below(s, kam_party_inboxes(&a->comp.party));
  struct kam_inbox *b = kam_party_inbox(&a->comp.party, i);
  return b ? &b->port : NULL;
}

static struct kam_port *outbox_of(struct sim *s, struct actor *a)
{
  unsigned i = (unsigned)below(s, kam_party_outboxes(&a->comp.party));
  struct kam_outbox *o = kam_party_outbox(&a->comp.party, i);
  return o ? &o->port : NULL;
}

static bool try_link(struct sim *s, struct kam_port *from, struct kam_port *to)
{
  struct kam_link_terms terms = {.pipe = !s->calm && chance(s, 20)};
  struct kam_link *l = NULL;
  struct kam_inbox *sink = kam_port_final(to);
  int err;
  if (!s->calm && chance(s, 20))
    terms.policy = (enum kam_policy)below(s, 4);
  if (sink && chance(s, 10))
    terms.limit = sink->limit + (uint32_t)below(s, 3);
  err = kam_link_new(from, to, &terms, &l);
  check(err == 0 || err == KAM_EWAY || err == KAM_ETAKEN || err == KAM_ECYCLE ||
        err == KAM_EKIND || err == KAM_EGONE);
  check(err ? l == NULL : l->from == from && l->to == to);
  return err == 0;
}

/* A component around another one, which works for it. */
static struct actor *wrap(struct sim *s, struct actor *inner)
{
  bool owner = chance(s, 40);
  struct actor *a = make(s, owner ? PLAIN : FRAME, OWNER);
  struct kam_party *in = &inner->comp.party, *out;
  if (!a)
    return inner;
  out = &a->comp.party;
  check(kam_component_adopt(&a->comp, &inner->comp) == 0);
  check(try_link(s, &out->in[IN].port, &in->in[IN].port));
  check(try_link(s, &in->out[OUT].port, &out->out[OUT].port));
  if (inner->inner == MERGER)
    check(try_link(s, &out->in[IN_OTHER].port, &in->in[IN_OTHER].port));
  if (inner->inner == SPLITTER)
    check(try_link(s, &in->out[OUT_OTHER].port, &out->out[OUT_OTHER].port));
  a->inner = inner->inner;
  return a;
}

/* An earlier one sends to a, so that all that is sent arrives. */
static void feed_from(struct sim *s, struct actor **all, unsigned n,
                      struct actor *a, unsigned in)
{
  unsigned tries;
  for (tries = 0; tries < 2 * n; tries++) {
    struct actor *f = all[below(s, n)];
    unsigned out = chance(s, 30) ? OUT_OTHER : OUT;
    if (try_link(s, &f->comp.party.out[out].port, &a->comp.party.in[in].port))
      return;
  }
}

static void build_calm(struct sim *s)
{
  struct actor *all[24];
  unsigned n = 2 + (unsigned)below(s, 20), i, k;
  for (i = 0; i < n; i++) {
    enum role role = i ? (enum role)below(s, OWNER) : SOURCE;
    struct actor *a = make(s, PLAIN, role);
    bool reads = role != SOURCE && role != TICKER;
    while (reads && chance(s, 20))
      a = wrap(s, a);
    for (k = 0; reads && k < 1 + below(s, 3); k++)
      feed_from(s, all, i, a, IN);
    if (reads && role == MERGER)
      feed_from(s, all, i, a, IN_OTHER);
    if (reads && !a->comp.party.in[IN].port.from) { /* all are taken */
      struct actor *f = make(s, PLAIN, SOURCE);
      check(try_link(s, &f->comp.party.out[OUT].port,
                     &a->comp.party.in[IN].port));
    }
    all[i] = a;
  }
}

/* Links any two boxes, in any way. */
static void link_any(struct sim *s)
{
  struct actor *a = any(s), *b = any(s);
  struct kam_port *from, *to;
  unsigned way = (unsigned)below(s, 10);
  if (!a || !b)
    return;
  from = way == 0 ? inbox_of(s, a) : outbox_of(s, a);
  to = way == 1 ? outbox_of(s, b) : inbox_of(s, b);
  if (way == 0 && s->tame && b->comp.owner != &a->comp)
    return;
  if (from && to && from->owner != to->owner)
    try_link(s, from, to);
  else if (from && to && chance(s, 5))
    try_link(s, from, to);
}

static void cut_any(struct sim *s)
{
  struct actor *a = any(s), *b = any(s);
  struct kam_port *p =
      a ? chance(s, 80) ? outbox_of(s, a) : inbox_of(s, a) : NULL;
  struct kam_port *to = b ? inbox_of(s, b) : NULL;
  if (!p || !p->to)
    return;
  if (chance(s, 50))
    to = p->to->to; /* the same again */
  kam_link_cut(p->to);
  if (to && (p->flags & KAM_PORT_OUT))
    try_link(s, p, to);
}

/* Takes a link away and puts it there again, of which nobody may notice. */
static void relink_any(struct sim *s)
{
  struct actor *a = any(s);
  struct kam_port *p =
      a ? chance(s, 70) ? outbox_of(s, a) : inbox_of(s, a) : NULL;
  struct kam_port *to = p && p->to ? p->to->to : NULL;
  if (!to)
    return;
  kam_link_cut(p->to);
  check(kam_link_new(p, to, NULL, NULL) == 0);
}

static void make_any(struct sim *s)
{
  struct actor *a =
      make(s, (enum kind)below(s, KINDS), (enum role)below(s, ROLES));
  struct actor *owner = any(s);
  int err;
  if (!a)
    return;
  if (a->comp.party.flags & KAM_PARTY_PASSIVE)
    a->role = OWNER;
  if (chance(s, 30) && owner) {
    err = kam_component_adopt(&owner->comp, &a->comp);
    check(err == 0 || err == KAM_ESTATE);
  } else if (chance(s, 80)) {
    kam_start(&a->comp);
  }
}

static void change_boxes(struct sim *s, struct actor *a)
{
  struct kam_party *p = &a->comp.party;
  struct kam_box_spec spec = {.name = "more", .limit = 2};
  unsigned i;
  int err = 0;
  switch (below(s, 5)) {
  case 0:
    err = kam_component_add_inbox(&a->comp, &spec, &i);
    break;
  case 1:
    err = kam_component_add_outbox(&a->comp, &spec, &i);
    break;
  case 2:
    err = kam_component_remove_inbox(&a->comp, p->n_in);
    break;
  case 3:
    err = kam_component_remove_outbox(&a->comp, p->n_out);
    break;
  case 4:
    kam_inbox_bound(&p->in[IN], p->in[IN].limit + 1, KAM_POLICY_UNSET);
    break;
  }
  check(err == 0 || err == KAM_ENAME || err == KAM_ESTATE);
}

/* Something outside may wake it, or no longer. */
static void hold_any(struct sim *s, struct actor *a)
{
  unsigned i = (unsigned)below(s, 4);
  if (s->held[i]) {
    kam_component_unhold(s->held[i]);
    s->held[i] = NULL;
  } else if (a) {
    s->held[i] = &a->comp;
    kam_component_hold(&a->comp);
  }
}

static void end_any(struct sim *s, struct actor *a)
{
  unsigned way = (unsigned)below(s, 10);
  if (way < 2)
    kam_component_kill(&a->comp);
  else if (way < 4)
    kam_component_stop(&a->comp);
  else if (way < 7)
    kam_component_ask(&a->comp);
  else if (way < 9)
    kam_party_tell(&a->comp.party, KAM_FINISHED);
  else if (a->comp.state == KAM_ACTIVE)
    kam_component_fail(&a->comp, "by order");
}

static void disturb(struct sim *s)
{
  unsigned way = (unsigned)below(s, 100);
  struct actor *a = any(s);
  if (way < 40)
    link_any(s);
  else if (way < 60)
    cut_any(s);
  else if (way < 70)
    make_any(s);
  else if (way < 80 && a)
    change_boxes(s, a);
  else if (way < 85)
    hold_any(s, a);
  else if (way < 90 && a)
    kam_inbox_inject(&a->comp.party.in[IN], new_token(s, s->number, 0));
  else if (way < 95 && a)
    end_any(s, a);
  else
    s->now += below(s, 50 * KAM_TICK);
}

static void build_wild(struct sim *s)
{
  unsigned n = 2 + (unsigned)below(s, 24), links = 2 * n, i;
  for (i = 0; i < n; i++)
    make_any(s);
  for (i = 0; i < links; i++)
    link_any(s);
}

static void check_all(struct sim *s)
{
  struct kam_registry *r = registry(s);
  struct kam_totals t;
  uint64_t waiting, held;
  uint32_t i;
  check_runtime(r);
  for (i = 1; i < r->n_slots; i++)
    if (r->slots[i].component)
      check_awake((struct actor *)r->slots[i].component);
  kam_registry_totals(r, &t, &waiting, &held);
  check(waiting + held >= s->live); /* the others are signals */
}

static void say(void *ctx, const char *line)
{
  (void)ctx;
  fprintf(stderr, "%s\n", line);
}

/* Nobody can run: what follows? False: the system is over. */
static bool wait_or_end(struct sim *s, unsigned *phase)
{
  struct kam_sched *sched = &s->rt->loop.sched;
  uint64_t next;
  switch (kam_quiet(sched, false)) {
  case KAM_QUIET_MOVED:
    return true;
  case KAM_QUIET_OVER:
    return false;
  case KAM_QUIET_STALLED:
    if (s->calm)
      kam_stall_explain(sched, say, NULL);
    check(!s->calm);
    ++*phase;
    return true;
  case KAM_QUIET_WAITS:
    break;
  }
  next = kam_sched_next(sched);
  if (next == KAM_NEVER)
    hold_any(s, NULL);
  else if (next > s->now)
    s->now = next;
  return true;
}

static void drive(struct sim *s)
{
  unsigned disturbed = 50 + (unsigned)below(s, 300);
  unsigned turn, phase = 0, done = 0;
  bool lives = true;
  for (turn = 0; lives; turn++) {
    check(turn < MAX_TURNS);
    if (turn < disturbed && chance(s, 50))
      s->calm ? relink_any(s) : disturb(s);
    if (!s->calm && turn == disturbed + 500)
      phase++;
    if (!s->calm && turn == disturbed + 1000)
      phase++;
    for (; done < phase; done++)
      done == 0 ? kam_registry_ask(registry(s))
                : kam_registry_stop(registry(s));
    s->now += below(s, turn > 2000 ? 1000 * KAM_TICK : KAM_TICK);
    if (!kam_sched_turn(&s->rt->loop.sched, s->now, 1 + (unsigned)below(s, 4)))
      lives = wait_or_end(s, &phase);
    check_all(s);
  }
}

/* I9: all that was sent before the end has arrived. */
static void check_calm(struct sim *s)
{
  struct kam_totals t;
  uint64_t waiting, held;
  unsigned i;
  kam_registry_totals(registry(s), &t, &waiting, &held);
  check(waiting == 0 && held == 0 && s->live == 0);
  for (i = 0; i < KAM_REASON_COUNT; i++)
    if (t.lost[i] && i != KAM_LOST_UNLINKED)
      check_failed(kam_reason_text((enum kam_reason)i), __FILE__, __LINE__);
  check(registry(s)->failures == 0);
}

static uint64_t run(struct sim *s, uint64_t seed)
{
  unsigned i;
  memset(s, 0, sizeof *s);
  s->rng = seed;
  s->calm = seed % 3 == 0;
  s->tame = s->calm || chance(s, 70);
  s->traced = seed % 2 == 0;
  check(kam_runtime_new(&s->rt) == 0);
  registry(s)->hooks = (struct kam_hooks){.ctx = s, .ended = on_ended};
  if (s->traced) {
    registry(s)->world.trace = on_event;
    registry(s)->world.trace_ctx = s;
  }
  if (chance(s, 60))
    kam_sched_seed(&s->rt->loop.sched, seed);
  s->calm ? build_calm(s) : build_wild(s);
  for (i = 0; s->calm && i < s->n; i++)
    kam_start(kam_component_get(registry(s), s->ids[i]));
  check_all(s);
  drive(s);
  if (s->calm)
    check_calm(s);
  for (i = 0; i < 4; i++)
    if (s->held[i])
      kam_component_unhold(s->held[i]);
  kam_runtime_free(s->rt); /* it asserts that all memory has come back */
  check(s->live == 0 && s->ended == s->n);
  return s->hash;
}

int main(int argc, char **argv)
{
  static struct sim s;
  uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : COUNT, seed, hash;
  check_begin();
  for (seed = first; seed < first + count; seed++) {
    snprintf(check_scene, sizeof check_scene,
             "spec_random: seed %llu fails; again: %s %llu 1",
             (unsigned long long)seed, argv[0], (unsigned long long)seed);
    hash = run(&s, seed);
    if (s.traced && seed % 8 == 0)
      check(run(&s, seed) == hash); /* I13 */
  }
  printf("spec_random: %llu systems from seed %llu on kept all promises\n",
         (unsigned long long)count, (unsigned long long)first);
  return 0;
}
