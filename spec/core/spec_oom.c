/* spec_oom: every allocation of the kernel fails once.
 *
 * Each scene is played again and again, with the first allocation refused, then
 * the second, and so on until none is left to refuse. Whatever is refused: all
 * invariants hold after the scene, the system can be ended, and all memory
 * comes back. */
#include "spec/core/invariants.h"

extern const struct kam_kind kam_kind_chunker, kam_kind_null_sink,
    kam_kind_periodic_tick;

enum { MANY = 150, TURNS = 20000 };

struct feeder {
  struct kam_component comp; /* must be first */
  int64_t count;             /* option */
  char *word;                /* option */
  bool deaf;                 /* option */
};

static struct kam_registry *registry(struct kam_runtime *rt)
{
  return kam_registry(rt);
}

/* Sends slices of a buffer: some are small, and copied when sent. */
static int feed(struct feeder *f)
{
  struct kam_mem *mem = kam_mem_of(&f->comp);
  size_t size = 1000, cut = (size_t)f->count * 37 % 990 + 1;
  struct kam_bytes *b = kam_bytes_new(mem, size), *slice;
  if (!b)
    return KAM_ENOMEM;
  memset(b->data, 'x', size);
  slice = kam_bytes_slice(b, size - cut, cut);
  kam_bytes_unref(b);
  return slice ? kam_send(&f->comp, KAM_OUTBOX, kam_msg_bytes(slice))
               : KAM_ENOMEM;
}

static int feeder_step(struct kam_component *c)
{
  struct feeder *f = (struct feeder *)c;
  int r;
  if (f->deaf)
    return KAM_AGAIN;
  if (c->party.told == KAM_SHUTDOWN || f->count == 0)
    return KAM_DONE;
  f->count--;
  r = feed(f);
  return r == KAM_WAIT ? (int)KAM_BLOCKED : r < 0 ? r : (int)KAM_AGAIN;
}

/* Takes two at a time and hands them on. */
static int relay_step(struct kam_component *c)
{
  struct kam_msg m;
  int i, r;
  for (i = 0; i < 2; i++) {
    if (!kam_take(c, KAM_INBOX, &m))
      return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
    r = kam_send(c, KAM_OUTBOX, m);
    if (r < 0 || r == KAM_WAIT)
      return r < 0 ? r : (int)KAM_BLOCKED;
  }
  return KAM_AGAIN;
}

static const struct kam_option_spec options[] = {
    KAM_INT(struct feeder, count, 20, 0, 1000, "messages"),
    KAM_TEXT(struct feeder, word, "word", "a text"),
    KAM_FLAG(struct feeder, deaf, false, "does not listen"),
    {0}};
static const struct kam_kind feeder_kind = {.name = "Feeder",
                                            .options = options,
                                            .size = sizeof(struct feeder),
                                            .step = feeder_step};
static const struct kam_kind relay_kind = {
    .name = "Relay", .size = sizeof(struct kam_component), .step = relay_step};
static const struct kam_kind frame_kind = {
    .name = "Frame", .size = sizeof(struct kam_component), .passive = true};

/* Runs until nobody can, or all has been refused too often. */
static void run(struct kam_runtime *rt)
{
  struct kam_sched *s = &rt->loop.sched;
  uint64_t now = s->registry.world.now, next;
  unsigned turn;
  for (turn = 0; turn < TURNS; turn++) {
    enum kam_quiet q = KAM_QUIET_MOVED;
    now += KAM_TICK;
    if (!kam_sched_turn(s, now, 3))
      q = kam_quiet(s, false);
    check_runtime(&s->registry);
    if (q == KAM_QUIET_OVER || q == KAM_QUIET_STALLED)
      return;
    next = kam_sched_next(s);
    if (q == KAM_QUIET_WAITS && next > now && next != KAM_NEVER)
      now = next;
  }
}

static int chain(struct kam_runtime *rt, struct kam_component **c)
{
  int err = kam_new(rt, &feeder_kind, &c[0]);
  err = err ? err : kam_new(rt, &kam_kind_chunker, &c[1]);
  err = err ? err : kam_new(rt, &relay_kind, &c[2]);
  err = err ? err : kam_new(rt, &kam_kind_null_sink, &c[3]);
  err = err ? err : kam_connect(c[0], "outbox", c[1], "inbox");
  err = err ? err : kam_connect(c[1], "outbox", c[2], "inbox");
  return err ? err : kam_connect(c[2], "outbox", c[3], "inbox");
}

/* To the end, through a box that grows and one that is full. */
static void a_pipeline(struct kam_runtime *rt)
{
  struct kam_value size = {.type = KAM_OPTION_INTEGER, .i = 100};
  struct kam_component *c[4];
  int i;
  if (chain(rt, c) || kam_component_set(c[1], "size", &size))
    return;
  kam_inbox_bound(&c[3]->party.in[KAM_INBOX], 2, KAM_POLICY_UNSET);
  for (i = 0; i < 4; i++)
    kam_start(c[i]);
  run(rt);
}

static void options_and_names(struct kam_runtime *rt)
{
  struct kam_value text = {.type = KAM_OPTION_STRING, .s = "another word"};
  struct kam_component *c;
  char before[32], after[32];
  if (kam_new(rt, &feeder_kind, &c))
    return;
  if (kam_component_set(c, "word", &text))
    check(!strcmp(((struct feeder *)c)->word, "word"));
  kam_component_name(c, before, sizeof before);
  if (kam_component_rename(c, "a longer name")) {
    kam_component_name(c, after, sizeof after);
    check(!strcmp(before, after));
  }
  kam_component_fail(c, "a reason");
  run(rt);
}

/* More than fit in the first tables and queues. */
static void many(struct kam_runtime *rt)
{
  struct kam_component *c, *to, *owner;
  int i;
  if (kam_new(rt, &frame_kind, &owner) || kam_new(rt, &relay_kind, &to))
    return;
  kam_inbox_bound(&to->party.in[KAM_INBOX], 1, KAM_POLICY_UNSET);
  kam_start(owner);
  for (i = 0; i < MANY; i++) {
    if (kam_new(rt, &feeder_kind, &c))
      return;
    ((struct feeder *)c)->count = 1;
    if (kam_connect(c, "outbox", to, "inbox"))
      return;
    check(kam_component_adopt(owner, c) == 0);
  }
  kam_start(to);
  run(rt);
}

/* Messages and those who hold one move to where a box is passed on to. */
static void passing_on(struct kam_runtime *rt)
{
  struct kam_component *from[3], *a, *b;
  uint64_t before;
  int i;
  if (kam_new(rt, &relay_kind, &a) || kam_new(rt, &relay_kind, &b))
    return;
  kam_inbox_bound(&a->party.in[KAM_INBOX], 5, KAM_POLICY_UNSET);
  kam_inbox_bound(&b->party.in[KAM_INBOX], 2, KAM_POLICY_UNSET);
  for (i = 0; i < 3; i++) {
    if (kam_new(rt, &feeder_kind, &from[i]) ||
        kam_connect(from[i], "outbox", a, "inbox"))
      return;
    kam_start(from[i]);
  }
  run(rt);
  before = kam_inbox_len(&a->party.in[KAM_INBOX]);
  if (kam_link_new(&a->party.in[KAM_INBOX].port, &b->party.in[KAM_INBOX].port,
                   NULL, NULL))
    check(kam_inbox_len(&a->party.in[KAM_INBOX]) == before);
  check_runtime(registry(rt));
  kam_start(a);
  kam_start(b);
  run(rt);
}

static void more_boxes(struct kam_runtime *rt)
{
  static const char *const names[] = {"a", "b", "c", "d", "e"};
  struct kam_component *from, *to;
  unsigned i, in = 0, out = 0;
  if (kam_new(rt, &feeder_kind, &from) || kam_new(rt, &relay_kind, &to))
    return;
  for (i = 0; i < 5; i++) {
    struct kam_box_spec spec = {.name = names[i], .doc = "one more"};
    if (kam_component_add_inbox(to, &spec, &in) == 0 &&
        kam_component_add_outbox(from, &spec, &out) == 0 &&
        kam_connect(from, spec.name, to, spec.name) == 0)
      kam_outbox_send(kam_party_outbox(&from->party, out), kam_msg_int(i));
  }
  check_runtime(registry(rt));
  if (in)
    kam_component_remove_inbox(to, in);
  if (out)
    kam_component_remove_outbox(from, out);
  kam_component_kill(to);
}

/* Timers, held sends, dropped and late messages. */
static void ticks(struct kam_runtime *rt)
{
  struct kam_component *tick, *to;
  struct kam_value count = {.type = KAM_OPTION_INTEGER, .i = 5};
  if (kam_new(rt, &kam_kind_periodic_tick, &tick) ||
      kam_new(rt, &relay_kind, &to) ||
      kam_component_set(tick, "count", &count) ||
      kam_connect(tick, "outbox", to, "inbox"))
    return;
  kam_inbox_bound(&to->party.in[KAM_INBOX], 2, KAM_POLICY_UNSET);
  kam_start(tick);
  run(rt);
  kam_start(to);
  kam_inbox_inject(&to->party.in[KAM_INBOX], kam_msg_bool(true));
  run(rt);
}

/* Two that feed each other, and a source that ends. */
static void a_ring(struct kam_runtime *rt)
{
  struct kam_component *source, *a, *b;
  if (kam_new(rt, &feeder_kind, &source) || kam_new(rt, &relay_kind, &a) ||
      kam_new(rt, &kam_kind_null_sink, &b))
    return;
  if (kam_connect(source, "outbox", a, "inbox") ||
      kam_connect(a, "outbox", b, "inbox") ||
      kam_connect(b, "signal", a, "inbox"))
    return;
  kam_start(source);
  kam_start(a);
  kam_start(b);
  run(rt);
}

/* Told to end now while it does not listen: by force, even without memory. */
static void force(struct kam_runtime *rt)
{
  struct kam_component *c[4];
  int i;
  if (chain(rt, c))
    return;
  ((struct feeder *)c[0])->deaf = true;
  for (i = 0; i < 4; i++)
    kam_start(c[i]);
  kam_sched_turn(&rt->loop.sched, 0, 20);
  kam_registry_stop(registry(rt));
  run(rt);
  check(registry(rt)->active == 0);
}

static const struct scene {
  const char *name;
  void (*play)(struct kam_runtime *rt);
} scenes[] = {{"a pipeline", a_pipeline},
              {"options and names", options_and_names},
              {"many", many},
              {"passing on", passing_on},
              {"more boxes", more_boxes},
              {"ticks", ticks},
              {"a ring", a_ring},
              {"force", force}};

/* False: there was no n-th allocation to refuse. */
static bool play(const struct scene *scene, uint64_t n)
{
  struct kam_runtime *rt;
  struct kam_mem *mem;
  bool refused;
  snprintf(check_scene, sizeof check_scene,
           "spec_oom: %s, allocation %llu refused", scene->name,
           (unsigned long long)n);
  check(kam_runtime_new(&rt) == 0);
  mem = &registry(rt)->world.mem;
  mem->left = n;
  scene->play(rt);
  refused = mem->left == 0;
  mem->left = 0;
  check_runtime(registry(rt));
  kam_registry_stop(registry(rt));
  run(rt);
  check(registry(rt)->active == 0);
  kam_runtime_free(rt); /* it asserts that all memory has come back */
  return refused;
}

int main(void)
{
  unsigned i;
  uint64_t n, total = 0;
  check_begin();
  for (i = 0; i < sizeof scenes / sizeof *scenes; i++) {
    for (n = 1; play(&scenes[i], n); n++)
      total++;
  }
  printf("spec_oom: %llu refused allocations in %u scenes did no harm\n",
         (unsigned long long)total, i);
  return 0;
}
