/* harness: a small host, the feeder, the taker, and a play. */
#include "spec/fuzz/harness.h"

#include "core/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct kam_kind *const kam_builtin_kinds[];

enum { STEPS = 64, CUTS = 32, SHOWN = 2000 };

/* A value of the host: a string, or a list or table as its tape. */
struct value {
  struct kam_tape tape;
  size_t len;
  char text[];
};

static void *need(void *p)
{
  if (!p)
    abort();
  return p;
}

/* --- the host --- */

static struct value *value_of(struct kam_msg m)
{
  return (struct value *)(uintptr_t)m.u.place;
}

static void host_drop(void *ctx, struct kam_msg m)
{
  (void)ctx;
  kam_tape_fini(&value_of(m)->tape);
  free(value_of(m));
}

static const void *host_view(void *ctx, struct kam_msg m, size_t *len)
{
  (void)ctx;
  if (!(m.flags & KAM_MSG_TEXT))
    return NULL;
  *len = value_of(m)->len;
  return value_of(m)->text;
}

static struct kam_msg parked(struct value *v, uint8_t flags, uint16_t kind)
{
  return (struct kam_msg){.tag = KAM_PARKED,
                          .flags = flags,
                          .kind = kind,
                          .len = (uint32_t)v->len,
                          .u = {.place = (uintptr_t)v}};
}

static struct kam_msg text_of(const void *bytes, size_t len)
{
  struct value *v = need(calloc(1, sizeof *v + len));
  v->len = len;
  if (len)
    memcpy(v->text, bytes, len);
  return parked(v, KAM_MSG_TEXT, KAM_BYTES | KAM_LINE);
}

static void copy_tape(struct kam_tape *to, const struct kam_tape *from)
{
  *to = *from;
  to->size = from->len;
  to->data = need(malloc(from->len + 1));
  if (from->len)
    memcpy(to->data, from->data, from->len);
}

/* Of the first value of t. As in Lua, an empty list is an empty table. */
static int host_make(void *ctx, const struct kam_tape *t, struct kam_msg *out)
{
  struct value *v = need(calloc(1, sizeof *v));
  struct kam_tape_item item;
  size_t at = 0, start = 0, last = 0;
  (void)ctx;
  copy_tape(&v->tape, t);
  kam_tape_skip(&v->tape, &at);
  v->tape.len = at;
  at = 0;
  while (kam_tape_next(&v->tape, &at, &item)) {
    if (item.type == KAM_TAPE_END && v->tape.data[last] == KAM_TAPE_LIST)
      v->tape.data[last] = KAM_TAPE_TABLE;
    last = start;
    start = at;
  }
  *out = parked(v, 0, KAM_TABLE);
  return 0;
}

/* Adds a whole value to a tape. */
static void add_tape(struct kam_tape *to, const struct kam_tape *from)
{
  struct kam_tape_item item;
  size_t at = 0;
  while (kam_tape_next(from, &at, &item)) {
    if (item.type == KAM_TAPE_NULL)
      kam_tape_null(to);
    else if (item.type == KAM_TAPE_BOOL)
      kam_tape_bool(to, item.b);
    else if (item.type == KAM_TAPE_INT)
      kam_tape_int(to, item.i);
    else if (item.type == KAM_TAPE_NUMBER)
      kam_tape_number(to, item.n);
    else if (item.type == KAM_TAPE_BYTES)
      kam_tape_bytes(to, item.bytes, item.len);
    else if (item.type == KAM_TAPE_LIST)
      kam_tape_list(to);
    else if (item.type == KAM_TAPE_TABLE)
      kam_tape_table(to);
    else
      kam_tape_end(to);
  }
}

static int host_read(void *ctx, struct kam_msg m, struct kam_tape *t)
{
  (void)ctx;
  if (m.flags & KAM_MSG_TEXT)
    kam_tape_bytes(t, value_of(m)->text, value_of(m)->len);
  else
    add_tape(t, &value_of(m)->tape);
  return t->err;
}

/* --- who feeds and who takes --- */

struct feeder {
  struct kam_component comp; /* must be first */
  struct way way;
  size_t at, cut; /* in the messages or bytes, and in the cuts */
  bool over;
};

/* The next message of those on a tape. */
static struct kam_msg next_message(struct feeder *f)
{
  const struct kam_tape *all = f->way.messages;
  struct kam_tape one;
  struct kam_msg m;
  size_t from = f->at;
  kam_tape_skip(all, &f->at);
  one = (struct kam_tape){.data = all->data + from, .len = f->at - from};
  if (kam_tape_msg(&f->comp.party.world->host, kam_mem_of(&f->comp), &one, &m))
    abort();
  f->over = f->at == all->len;
  return m;
}

/* The next piece of the bytes. Past the last cut, one for all that is left. */
static struct kam_msg next_piece(struct feeder *f)
{
  unsigned cut = f->cut < f->way.n_cuts ? f->way.cuts[f->cut] : 0;
  size_t left = f->way.len - f->at;
  size_t n = piece_len(f->way.cuts, f->way.n_cuts, f->cut++, left);
  const unsigned char *data;
  struct kam_bytes *whole, *slice;
  data = f->at ? f->way.bytes + f->at : f->way.bytes; /* it may be NULL */
  f->at += n;
  f->over = f->at == f->way.len;
  if (cut & 0x80)
    return text_of(data, n);
  whole = need(kam_bytes_copy(kam_mem_of(&f->comp), data, left));
  slice = need(kam_bytes_slice(whole, 0, n));
  kam_bytes_unref(whole);
  return kam_msg_bytes(slice);
}

static int feeder_step(struct kam_component *c)
{
  struct feeder *f = (struct feeder *)c;
  int r;
  if (f->over || c->party.told)
    return KAM_DONE;
  r = kam_send(c, KAM_OUTBOX,
               f->way.messages ? next_message(f) : next_piece(f));
  return r < 0 ? r : r == KAM_WAIT ? KAM_BLOCKED : KAM_AGAIN;
}

struct taker {
  struct kam_component comp; /* must be first */
  struct outcome *outcome;
  uint64_t take;
  bool errors;
};

static void keep_bytes(struct outcome *o, const void *bytes, size_t len)
{
  if (!bytes || !len)
    return;
  o->bytes = need(realloc(o->bytes, o->len + len));
  memcpy(o->bytes + o->len, bytes, len);
  o->len += len;
}

static int taker_step(struct kam_component *c)
{
  struct taker *t = (struct taker *)c;
  const struct kam_host *host = &c->party.world->host;
  struct outcome *o = t->outcome;
  struct kam_msg m;
  size_t len = 0;
  const void *bytes;
  if (t->take && o->count == t->take)
    return KAM_DONE;
  if (!kam_take(c, KAM_INBOX, &m))
    return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
  bytes = kam_msg_view(host, m, &len);
  if (!t->errors)
    keep_bytes(o, bytes, len);
  if (kam_tape_of(host, m, t->errors ? &o->errors : &o->messages))
    abort();
  kam_msg_drop(host, m);
  *(t->errors ? &o->wrong : &o->count) += 1;
  return KAM_AGAIN;
}

static const struct kam_kind feeder_kind = {
    .name = "Feeder", .size = sizeof(struct feeder), .step = feeder_step};
static const struct kam_kind taker_kind = {.name = "Taker",
                                           .size = sizeof(struct taker),
                                           .ends_early = true,
                                           .step = taker_step};

/* --- a play --- */

enum { PARTS = 8 };

struct stage {
  struct kam_sched *sched;
  struct kam_shape *shapes[PARTS + 3];
  unsigned n_shapes;
  struct outcome outcome;
};

static void on_failed(void *ctx, struct kam_component *c)
{
  struct outcome *o = &((struct stage *)ctx)->outcome;
  char name[64];
  if (*o->failure)
    return;
  kam_component_name(c, name, sizeof name);
  snprintf(o->failure, sizeof o->failure, "%s: %s", name,
           c->failure ? c->failure : "(without a text)");
}

static const struct kam_kind *kind_of(const char *name)
{
  const struct kam_kind *const *kind = kam_builtin_kinds;
  while (*kind && strcmp((*kind)->name, name) != 0)
    kind++;
  if (!*kind)
    fprintf(stderr, "harness: there is no component %s\n", name);
  return need((void *)(uintptr_t)*kind);
}

static struct kam_component *make(struct stage *s, const struct kam_kind *kind)
{
  struct kam_registry *r = &s->sched->registry;
  struct kam_shape **shape = &s->shapes[s->n_shapes++];
  struct kam_component *c;
  if (kam_shape_new(&r->world.mem, kind, shape) ||
      kam_component_new(r, *shape, &c))
    abort();
  return c;
}

static struct kam_component *make_part(struct stage *s, const struct part *part)
{
  struct kam_component *c = make(s, kind_of(part->name));
  const struct option *option;
  for (option = part->options; option->name; option++)
    if (kam_component_set(c, option->name, &option->value)) {
      fprintf(stderr, "harness: %s has no option %s, or no such value\n",
              part->name, option->name);
      abort();
    }
  return c;
}

static void join(struct kam_component *from, const char *outbox,
                 struct kam_component *to, struct way way)
{
  struct kam_link_terms terms = {.pipe = outbox[0] == 'o', .limit = way.room};
  struct kam_outbox *o = need(kam_component_outbox(from, outbox));
  if (kam_link_new(&o->port, &to->party.in[KAM_INBOX].port, &terms, NULL))
    abort();
}

static struct kam_component *make_taker(struct stage *s, struct way way,
                                        bool errors)
{
  struct taker *t = (struct taker *)make(s, &taker_kind);
  t->outcome = &s->outcome;
  t->take = errors ? 0 : way.take;
  t->errors = errors;
  return &t->comp;
}

static struct kam_component *make_feeder(struct stage *s, struct way way)
{
  struct feeder *f = (struct feeder *)make(s, &feeder_kind);
  f->way = way;
  f->over = way.messages && way.messages->len == 0;
  return &f->comp;
}

static void build(struct stage *s, const struct part *parts, struct way way)
{
  struct kam_component *all[PARTS + 3];
  unsigned n = 0, i;
  if (!way.act)
    all[n++] = make_feeder(s, way);
  for (; parts->name; parts++, n++) {
    kam_assert(n <= PARTS);
    all[n] = make_part(s, parts);
    if (n > 0)
      join(all[n - 1], "outbox", all[n], way);
  }
  all[n] = make_taker(s, way, false);
  join(all[n - 1], "outbox", all[n], way);
  if (way.errors) {
    all[n + 1] = make_taker(s, way, true);
    join(all[n - 1], "error", all[n + 1], way);
  }
  for (i = 0; i <= n + way.errors; i++)
    kam_component_activate(all[i]);
}

/* Does the next thing outside, or lets libuv say what has happened there. */
static void look_outside(struct kam_loop *l, struct way way)
{
  bool acted = way.act && way.act(way.ctx);
  uv_run(&l->uv, acted ? UV_RUN_NOWAIT : UV_RUN_ONCE);
}

/* Nothing waits for time. Who does not move has stalled. */
static void run(struct kam_loop *l, struct way way)
{
  struct kam_sched *s = &l->sched;
  enum kam_quiet quiet = KAM_QUIET_MOVED;
  while (quiet == KAM_QUIET_MOVED || quiet == KAM_QUIET_WAITS) {
    if (kam_sched_turn(s, s->registry.world.now, STEPS))
      continue;
    quiet = kam_quiet(s, false);
    if (quiet == KAM_QUIET_WAITS)
      look_outside(l, way);
  }
  if (quiet != KAM_QUIET_OVER) {
    fprintf(stderr, "harness: the system has stalled\n");
    abort();
  }
}

/* The loop of all plays: libuv's part of it is kept, the rest begins anew. Work
 * for threads is done at once, as on the virtual clock. */
static struct kam_loop *ready_loop(void)
{
  static struct kam_loop *loop;
  if (!loop) {
    loop = need(calloc(1, sizeof *loop));
    loop->is_virtual = true;
    if (uv_loop_init(&loop->uv))
      abort();
  }
  if (kam_sched_init(&loop->sched))
    abort();
  return loop;
}

struct outcome play(const struct part *parts, struct way way)
{
  struct kam_loop *loop = ready_loop();
  struct stage s = {.sched = &loop->sched};
  struct kam_registry *r = &s.sched->registry;
  r->separate = true;
  r->hooks = (struct kam_hooks){.ctx = &s, .failed = on_failed};
  r->world.host = (struct kam_host){.drop = host_drop,
                                    .view = host_view,
                                    .make = host_make,
                                    .read = host_read};
  build(&s, parts, way);
  run(loop, way);
  kam_sched_kill(s.sched);
  kam_assert(r->existing == 0);
  while (s.n_shapes)
    kam_shape_free(&r->world.mem, s.shapes[--s.n_shapes]);
  kam_sched_fini(s.sched);
  kam_mem_fini(&r->world.mem); /* asserts that all came back */
  return s.outcome;
}

void outcome_fini(struct outcome *o)
{
  kam_tape_fini(&o->messages);
  kam_tape_fini(&o->errors);
  free(o->bytes);
}

/* --- inputs and ways --- */

struct input input_of(const uint8_t *data, size_t size)
{
  struct input in = {.bytes = data, .cuts = data, .len = size};
  if (size < 2)
    return in;
  in.choice = data[size - 1];
  in.n_cuts = data[size - 2] % CUTS;
  in.len = size - 2;
  if (in.n_cuts > in.len)
    in.n_cuts = in.len;
  in.len -= in.n_cuts;
  in.cuts = data + in.len;
  return in;
}

size_t piece_len(const unsigned char *cuts, size_t n_cuts, size_t i,
                 size_t left)
{
  size_t n = left;
  if (i < n_cuts)
    n = cuts[i] & 0x40 ? (cuts[i] & 0x3f) * 1024u + 1 : cuts[i] & 0x3f;
  return n < left ? n : left;
}

struct way way_whole(const struct input *in)
{
  return (struct way){.bytes = in->bytes, .len = in->len};
}

struct way way_cut(const struct input *in)
{
  return (struct way){.bytes = in->bytes,
                      .cuts = in->cuts,
                      .len = in->len,
                      .n_cuts = in->n_cuts,
                      .room = 1};
}

/* --- judging --- */

static void show(const struct outcome *o)
{
  char text[SHOWN];
  kam_quote(o->bytes ? o->bytes : (unsigned char *)"", o->len, text,
            sizeof text);
  fprintf(stderr, "  %llu messages and %llu errors, %zu bytes: %s\n",
          (unsigned long long)o->count, (unsigned long long)o->wrong, o->len,
          text);
  kam_quote(o->messages.data ? o->messages.data : (unsigned char *)"",
            o->messages.len, text, sizeof text);
  fprintf(stderr, "    tape: %s\n    failure: %s\n", text, o->failure);
}

void must(bool cond, const char *text, const struct outcome *a,
          const struct outcome *b)
{
  if (cond)
    return;
  fprintf(stderr, "does not hold: %s\n", text);
  show(a);
  if (b)
    show(b);
  abort();
}

static bool begins(const void *a, size_t len, const void *b, size_t len_b)
{
  return len <= len_b && (len == 0 || memcmp(a, b, len) == 0);
}

static bool begins_tape(const struct kam_tape *a, const struct kam_tape *b)
{
  return begins(a->data, a->len, b->data, b->len);
}

bool begins_bytes(const struct outcome *a, const struct outcome *b)
{
  return begins(a->bytes, a->len, b->bytes, b->len);
}

bool begins_messages(const struct outcome *a, const struct outcome *b)
{
  return begins_tape(&a->messages, &b->messages);
}

bool same_messages(const struct outcome *a, const struct outcome *b)
{
  return begins_messages(a, b) && begins_messages(b, a);
}

bool same_bytes(const struct outcome *a, const struct outcome *b)
{
  return begins_bytes(a, b) && begins_bytes(b, a);
}

bool same_failure(const struct outcome *a, const struct outcome *b)
{
  return strcmp(a->failure, b->failure) == 0 && a->wrong == b->wrong &&
         begins_tape(&a->errors, &b->errors) &&
         begins_tape(&b->errors, &a->errors);
}

bool is_bytes(const struct outcome *o, const void *bytes, size_t len)
{
  return !*o->failure && o->len == len && begins(bytes, len, o->bytes, len);
}

static void must_be(enum alike alike, const struct outcome *a,
                    const struct outcome *b)
{
  bool failed = *a->failure || *b->failure;
  /* That too much came out is found when a piece has come out. */
  bool limited = strstr(a->failure, "E0653") && strstr(b->failure, "E0653");
  if (limited || (alike == BEGINNING && failed)) {
    must(begins_bytes(a, b) || begins_bytes(b, a),
         "any cut gives the same until it fails", a, b);
  } else if (alike != HARMLESS) {
    must(same_bytes(a, b), "any cut gives the same", a, b);
    must(same_failure(a, b), "any cut fails alike", a, b);
  }
}

struct outcome play_stream(const struct part *parts, const struct input *in,
                           enum alike alike)
{
  struct outcome plain = play(parts, way_whole(in)), other;
  struct way way = way_cut(in);
  other = play(parts, way);
  must_be(alike, &plain, &other);
  outcome_fini(&other);
  way.take = 1 + in->choice % 4;
  other = play(parts, way);
  must(begins_bytes(&other, &plain) || *plain.failure,
       "who ends early has the beginning", &plain, &other);
  outcome_fini(&other);
  return plain;
}
