/* tokens: the messages of random systems, which know whether they got where
 * they should.
 *
 * A token carries the way on which it was sent, and a number that grows: tokens
 * of one way come in order (I2), and each is taken once (I3). */
#ifndef SPEC_TOKENS_H
#define SPEC_TOKENS_H

#include "core/kam.h"
#include "spec/core/check.h"

enum {
  LEN = 40, /* of a payload, at most */
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
  unsigned ended;  /* of these, as the host was told */
  uint64_t live;   /* tokens */
  uint64_t number; /* of the last token */
  uint64_t hash;   /* of the trace */
  bool calm;       /* nothing goes wrong: all must be delivered */
  bool tame;       /* inboxes are passed to children only */
  bool traced;
  struct kam_component *held[4]; /* that something outside may wake */
  struct way ways[WAYS];
};

/* Who sends and takes tokens. */
struct actor {
  struct kam_component comp; /* must be first */
  struct sim *sim;
  uint64_t seen; /* what had come when it began to wait */
  unsigned uid, batch, left, turn;
  int role, inner; /* inner: of the one that works for it, or its own */
  bool open;       /* a batcher that takes */
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

/* Takes a token and looks at it; in: of the box that it was in. Gives how many
 * hops it has made. */
static inline unsigned check_token(struct sim *s, struct token *t,
                                   const struct kam_port *in)
{
  check(!t->taken);
  t->taken = true;
  check_order(s, mix_port(t->way, in), t->number);
  return t->hops;
}

#endif
