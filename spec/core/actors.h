/* actors: components that play a part in a random system. */
#ifndef SPEC_ACTORS_H
#define SPEC_ACTORS_H

#include "spec/core/tokens.h"

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
  HOPS = 12,   /* after so many a token is not sent on */
};

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

/* Takes one and looks at it; false: there is none. */
static inline bool receive(struct actor *a, unsigned in, unsigned *hops)
{
  struct kam_msg m;
  *hops = HOPS;
  if (!kam_take(&a->comp, in, &m))
    return false;
  if (m.tag == KAM_OBJECT) /* else a signal that was wired to an inbox */
    *hops = check_token(a->sim, (struct token *)m.u.object,
                        &a->comp.party.in[in].port);
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
  switch ((enum role)a->role) {
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
