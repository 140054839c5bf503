/* actors: components that play a part in a random system, and the messages by
 * which each of them can tell whether it got what it should.
 *
 * A token carries the way on which it was sent, and a number that grows: tokens
 * of one way come in order (I2), and each is taken once (I3). */
#ifndef SPEC_ACTORS_H
#define SPEC_ACTORS_H

#include "core/kam.h"
#include "spec/core/check.h"

enum role {
  SOURCE, /* sends so many */
  TICKER, /* the same, driven by time */
  RELAY,
  SPLITTER, /* sends on by turns */
  MERGER,   /* takes by turns */
  BATCHER,  /* lets some pile up before it takes any */
  SINK,
  PATIENT, /* a sink that waits for one box only */
  OWNER,   /* has children that work for it */
  STOPPER, /* ends after so many */
  CRASHER, /* fails after so many */
  DEAF,    /* a source that does not listen */
  ROLES
};

enum {
  IN = KAM_INBOX,
  IN_OTHER = KAM_IN_EXTRA,
  OUT = KAM_OUTBOX,
  OUT_OTHER = KAM_OUT_EXTRA,
  GO_ON = 100, /* what an actor does with one message; else a kam_step */
  LEN = 40,
  HOPS = 12, /* after so many a token is not sent on */
  WAYS = 1 << 13,
  ACTORS = 96
};

struct way {
  uint64_t key, last;
};

struct sim {
  uint64_t rng;
  struct kam_runtime *rt;
  uint64_t now;
  uint64_t ids[ACTORS];
  unsigned n;      /* actors made */
  uint64_t live;   /* tokens */
  uint64_t number; /* of the last token */
  uint64_t hash;   /* of the trace */
  bool calm;       /* nothing goes wrong: all must be delivered */
  bool tame;       /* inboxes are passed to children only */
  bool traced;
  struct kam_component *held[4]; /* that something outside may wake */
  struct way ways[WAYS];
};

struct actor {
  struct kam_component comp; /* must be first */
  struct sim *sim;
  uint64_t seen; /* what had come when it began to wait */
  unsigned uid, batch, left, turn;
  enum role role, inner; /* inner: of the one that works for it, or its own */
  bool open;             /* a batcher that takes */
};

struct token {
  struct kam_object object; /* must be first */
  struct sim *sim;
  uint64_t way, number;
  unsigned hops;
  bool taken;
  char text[24];
};

static inline uint64_t below(struct sim *s, uint64_t n)
{
  return check_random(&s->rng) % n;
}

static inline bool chance(struct sim *s, unsigned percent)
{
  return below(s, 100) < percent;
}

static inline uint64_t mix(uint64_t hash, uint64_t v)
{
  return check_random(&(uint64_t){hash ^ (v + 1) * 0x9e3779b97f4a7c15u});
}

static inline void token_release(struct kam_object *o)
{
  struct token *t = (struct token *)o;
  struct kam_mem *mem = &kam_registry(t->sim->rt)->world.mem;
  t->sim->live--;
  kam_mem_free(mem, t, sizeof *t);
}

static inline const void *token_view(struct kam_object *o, size_t *len)
{
  struct token *t = (struct token *)o;
  *len = (size_t)snprintf(t->text, sizeof t->text, "%llu",
                          (unsigned long long)t->number);
  return t->text;
}

static const struct kam_object_ops token_ops = {
    .name = "token", .release = token_release, .view = token_view};

static inline uint64_t mix_port(uint64_t hash, const struct kam_port *p)
{
  const struct actor *a = (const struct actor *)p->owner;
  return mix(hash, (uint64_t)a->uid << 20 | (uint64_t)p->index << 1 |
                       (p->flags & KAM_PORT_OUT));
}

/* The way of what is sent now: in a tame system the link that it is sent on,
 * else the whole chain, as links change behind it. */
static inline uint64_t way_of(const struct sim *s, const struct kam_port *p)
{
  uint64_t key = mix_port(1, p);
  for (; p->to; p = p->to->to) {
    key = mix_port(key, p->to->to);
    if (s->tame)
      break;
  }
  return key;
}

static inline struct kam_msg new_token(struct sim *s, uint64_t way,
                                       unsigned hops)
{
  struct kam_mem *mem = &kam_registry(s->rt)->world.mem;
  struct token *t = kam_mem_zalloc(mem, sizeof *t);
  check(t);
  t->object.ops = &token_ops;
  t->object.refs = 1;
  t->sim = s;
  t->way = way;
  t->number = ++s->number;
  t->hops = hops;
  s->live++;
  return (struct kam_msg){.tag = KAM_OBJECT,
                          .kind = chance(s, 90) ? KAM_BYTES : KAM_TABLE,
                          .len = (uint32_t)below(s, LEN),
                          .u = {.object = &t->object}};
}

/* Sends one; GO_ON, or KAM_BLOCKED while it is held. */
static inline int emit(struct actor *a, unsigned out, unsigned hops)
{
  struct sim *s = a->sim;
  struct kam_outbox *o = &a->comp.party.out[out];
  int r = kam_send(&a->comp, out, new_token(s, way_of(s, &o->port), hops));
  check(r >= 0 || r == KAM_EKIND || r == KAM_ESELF);
  check(r != KAM_FULL);
  return r == KAM_WAIT ? KAM_BLOCKED : GO_ON;
}

/* Tokens of one way come to one box in the order of their numbers. */
static inline void check_order(struct sim *s, uint64_t key, uint64_t number)
{
  size_t i = key & (WAYS - 1), tries;
  for (tries = 0; tries < WAYS / 2; tries++) {
    struct way *w = &s->ways[i];
    if (w->key == 0)
      w->key = key;
    if (w->key == key) {
      check(w->last < number);
      w->last = number;
      return;
    }
    i = (i + 1) & (WAYS - 1);
  }
}

/* Takes one and looks at it; false: there is none. */
static inline bool receive(struct actor *a, unsigned in, unsigned *hops)
{
  struct kam_msg m;
  struct token *t;
  *hops = HOPS;
  if (!kam_take(&a->comp, in, &m))
    return false;
  if (m.tag == KAM_OBJECT) { /* else a signal that was wired to an inbox */
    t = (struct token *)m.u.object;
    check(!t->taken);
    t->taken = true;
    *hops = t->hops;
    check_order(a->sim, mix_port(t->way, &a->comp.party.in[in].port),
                t->number);
  }
  kam_msg_drop(&a->comp.party.world->host, m);
  return true;
}

/* What has come in boxes that it waits for, or would. */
static inline uint64_t come(const struct actor *a, bool all)
{
  uint64_t n = 0;
  unsigned i;
  for (i = 0; i < kam_party_inboxes(&a->comp.party); i++) {
    const struct kam_inbox *b = kam_party_inbox(&a->comp.party, i);
    if (b && (all || b->armed))
      n += b->put;
  }
  return n;
}

static inline int wait_more(struct actor *a)
{
  if (a->role != PATIENT) {
    a->seen = come(a, true);
    return KAM_PAUSE;
  }
  kam_party_arm(&a->comp.party, &a->comp.party.in[IN]);
  a->seen = come(a, false);
  return KAM_BLOCKED;
}

static inline int act_source(struct actor *a)
{
  if (a->left == 0 || (a->comp.party.told && a->role != DEAF))
    return KAM_DONE;
  a->left -= a->role != DEAF;
  return emit(a, OUT, 0);
}

static inline int act_ticker(struct actor *a)
{
  struct kam_component *c = &a->comp;
  if (c->party.told || a->left == 0)
    return KAM_DONE;
  if (kam_alarm_rang(c)) {
    kam_alarm_clear(c);
    a->left--;
    if (emit(a, OUT, 0) == KAM_BLOCKED)
      return KAM_BLOCKED;
  }
  if (!kam_alarm_armed(c))
    check(kam_alarm_set(c, kam_now(c) + below(a->sim, 20 * KAM_TICK)) == 0);
  return KAM_BLOCKED;
}

/* Is it time for a batcher to take? */
static inline bool ripe(struct actor *a)
{
  const struct kam_inbox *b = &a->comp.party.in[IN];
  if (!a->open)
    a->open = kam_inbox_len(b) >= a->left || kam_inbox_len(b) >= b->limit ||
              b->bytes + LEN > b->max_bytes ||
              (b->port.flags & KAM_PORT_CLOSED) || a->comp.party.told;
  return a->open;
}

static inline int act_reader(struct actor *a)
{
  unsigned in = IN, out = OUT, hops;
  if (a->role == MERGER)
    in = a->turn++ & 1 ? IN_OTHER : IN;
  if (a->role == BATCHER && !ripe(a))
    return wait_more(a);
  if (!receive(a, in, &hops)) {
    a->open = false;
    if (a->role == MERGER && receive(a, in ^ IN ^ IN_OTHER, &hops))
      return hops < HOPS ? emit(a, out, hops + 1) : GO_ON;
    return kam_over(&a->comp, IN) &&
                   (a->role != MERGER || kam_over(&a->comp, IN_OTHER))
               ? KAM_DONE
               : wait_more(a);
  }
  if ((a->role == STOPPER || a->role == CRASHER) && --a->left == 0)
    return a->role == STOPPER ? (int)KAM_DONE : (int)KAM_EIO;
  if (a->role == SPLITTER)
    out = a->turn++ & 1 ? OUT_OTHER : OUT;
  if (a->role == SINK || a->role == PATIENT || hops >= HOPS)
    return GO_ON;
  return emit(a, out, hops + 1);
}

static inline int act(struct actor *a)
{
  switch (a->role) {
  case SOURCE:
  case DEAF:
    return act_source(a);
  case TICKER:
    return act_ticker(a);
  case OWNER:
    return a->comp.party.told || a->left-- == 0 ? KAM_DONE : KAM_AGAIN;
  case RELAY:
  case SPLITTER:
  case MERGER:
  case BATCHER:
  case SINK:
  case PATIENT:
  case STOPPER:
  case CRASHER:
  case ROLES:
    return act_reader(a);
  }
  return KAM_DONE;
}

static inline int actor_step(struct kam_component *c)
{
  struct actor *a = (struct actor *)c;
  unsigned i;
  if (c->party.told == KAM_SHUTDOWN && a->role != DEAF)
    return KAM_DONE;
  for (i = 0; i < a->batch; i++) {
    int r = act(a);
    if (r != GO_ON)
      return r;
  }
  return KAM_AGAIN;
}

/* I4: nobody sleeps while there is something for it. */
static inline void check_awake(const struct actor *a)
{
  const struct kam_party *p = &a->comp.party;
  bool waits = p->waits == KAM_WAITS_BOX || p->waits == KAM_WAITS_ANY;
  if (p->ready || a->comp.state != KAM_ACTIVE)
    return;
  check(!(p->flags & KAM_PARTY_SETTLE));
  if (!waits)
    return;
  check(come(a, false) <= a->seen);
  check(p->told != KAM_SHUTDOWN || a->role == DEAF);
  if (a->role == BATCHER)
    return;
  check(kam_inbox_len(&p->in[IN]) == 0);
  check(a->role != MERGER || kam_inbox_len(&p->in[IN_OTHER]) == 0);
}

#endif
