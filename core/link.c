/* link: chains resolved at link time, and ends handed on. */
#include "core/link.h"

#include "core/err.h"

static bool is_out(const struct kam_port *p)
{
  return p->flags & KAM_PORT_OUT;
}

struct kam_inbox *kam_port_final(struct kam_port *p)
{
  while (p->to)
    p = p->to->to;
  return p->flags & KAM_PORT_GONE ? NULL : kam_port_inbox(p);
}

/* Has who would receive from p on ended? */
static bool leads_nowhere(const struct kam_port *p)
{
  while (p->to)
    p = p->to->to;
  return p->flags & KAM_PORT_GONE;
}

/* The sender looks before its next step whether anybody is left for it. */
static void set_gone(struct kam_port *p, bool gone, bool pipe)
{
  if (!gone) {
    p->flags &= (uint16_t) ~(KAM_PORT_GONE | KAM_PORT_PIPED);
    return;
  }
  p->flags |= KAM_PORT_GONE;
  if (pipe)
    p->flags |= KAM_PORT_PIPED;
  if (is_out(p)) {
    p->owner->flags |= KAM_PARTY_SETTLE;
    kam_party_wake(p->owner);
  }
}

/* All that leads to p leads to sink from now on. */
static void retarget(struct kam_port *p, struct kam_inbox *sink, bool gone,
                     bool pipe)
{
  struct kam_link *l;
  if (is_out(p))
    ((struct kam_outbox *)p)->sink = sink;
  set_gone(p, gone, pipe);
  if (!is_out(p))
    kam_inbox_tune((struct kam_inbox *)p);
  for (l = p->from; l; l = l->next)
    retarget(l->from, sink, gone,
             is_out(p) ? pipe : (l->flags & KAM_LINK_PIPE) != 0);
}

static void feed(struct kam_link *l);

/* Hands on that p has feeders, to what it is linked to. */
static void fed(struct kam_port *p)
{
  if (!is_out(p) && p->to && !(p->to->flags & KAM_LINK_FEEDS))
    feed(p->to);
}

static void feed(struct kam_link *l)
{
  struct kam_port *p = l->to;
  l->flags |= KAM_LINK_FEEDS;
  p->feeders++;
  p->flags |= KAM_PORT_FED;
  p->flags &= (uint16_t)~KAM_PORT_CLOSED;
  fed(p);
}

static void ended(struct kam_port *p);

static void unfeed(struct kam_link *l, bool end)
{
  struct kam_port *p = l->to;
  if (!(l->flags & KAM_LINK_FEEDS))
    return;
  l->flags &= (uint32_t)~KAM_LINK_FEEDS;
  p->feeders--;
  if (end)
    ended(p);
}

/* One more feeder of p has ended. */
static void ended(struct kam_port *p)
{
  struct kam_party *owner = p->owner;
  struct kam_inbox *b = kam_port_inbox(p);
  if (p->feeders) {
    if (!(owner->flags & (KAM_PARTY_SUSPECT | KAM_PARTY_OUTSIDE))) {
      owner->flags |= KAM_PARTY_SUSPECT;
      kam_queue_push(&owner->world->suspects, owner);
    }
    return;
  }
  if (!b || p->spec->open)
    return;
  p->flags |= KAM_PORT_CLOSED;
  if (p->to)
    unfeed(p->to, true);
  owner->flags |= KAM_PARTY_SETTLE;
  kam_party_wake(owner);
}

/* Does this link feed, as soon as it is there? */
static void begin(struct kam_link *l)
{
  struct kam_port *from = l->from, *to = l->to;
  if (is_out(to))
    return;
  if (to->flags & KAM_PORT_CONTROL) {
    if (from->flags & KAM_PORT_SIGNAL)
      to->flags |= KAM_PORT_FED;
    return;
  }
  if (is_out(from)) {
    if (from->owner != to->owner)
      feed(l);
  } else if (from->feeders) {
    feed(l);
  } else if (from->flags & KAM_PORT_CLOSED) {
    to->flags |= KAM_PORT_FED;
    ended(to);
  }
}

static int check(struct kam_port *from, struct kam_port *to)
{
  unsigned out = from->spec->kinds, in = to->spec->kinds;
  const struct kam_port *p;
  if (!is_out(from) && is_out(to))
    return KAM_EWAY;
  if (from->to)
    return KAM_ETAKEN;
  if (((from->owner->flags | to->owner->flags) & KAM_PARTY_ENDED) ||
      ((from->flags | to->flags) & KAM_PORT_SHUT))
    return KAM_EGONE;
  if (out && in && !(out & in))
    return KAM_EKIND;
  for (p = to; p; p = p->to ? p->to->to : NULL)
    if (p == from)
      return KAM_ECYCLE;
  return 0;
}

static void attach(struct kam_link *l)
{
  l->next = l->to->from;
  l->back = &l->to->from;
  if (l->next)
    l->next->back = &l->next;
  l->to->from = l;
  l->from->to = l;
}

static void detach(struct kam_link *l)
{
  *l->back = l->next;
  if (l->next)
    l->next->back = l->back;
  l->from->to = NULL;
}

static void trace(const struct kam_link *l, enum kam_event_kind kind)
{
  struct kam_world *w = l->from->owner->world;
  if (w->trace)
    kam_world_trace(
        w, (struct kam_event){.kind = kind, .from = l->from, .to = l->to});
}

static void delete (struct kam_link *l)
{
  struct kam_world *w = l->from->owner->world;
  trace(l, KAM_EVENT_UNLINKED);
  kam_mem_free(&w->mem, l, sizeof *l);
}

static void set_terms(struct kam_link *l, const struct kam_link_terms *terms)
{
  struct kam_inbox *sink = kam_port_final(l->to);
  if (terms->pipe)
    l->flags |= KAM_LINK_PIPE;
  if (terms->limit && sink)
    kam_inbox_bound(sink, terms->limit, KAM_POLICY_UNSET);
  if (terms->policy == KAM_POLICY_UNSET)
    return;
  if (is_out(l->from))
    ((struct kam_outbox *)l->from)->policy = terms->policy;
  else if (sink)
    kam_inbox_bound(sink, 0, terms->policy);
}

int kam_link_new(struct kam_port *from, struct kam_port *to,
                 const struct kam_link_terms *terms, struct kam_link **out)
{
  struct kam_world *w = from->owner->world;
  struct kam_inbox *b = kam_port_inbox(from), *sink = kam_port_final(to);
  struct kam_link *l;
  int err = check(from, to);
  if (!err && b && sink && !kam_inbox_fits(b, sink))
    err = KAM_EKIND;
  if (err)
    return err;
  l = kam_mem_zalloc(&w->mem, sizeof *l);
  if (!l)
    return KAM_ENOMEM;
  if (b && sink && kam_inbox_move(b, sink)) {
    kam_mem_free(&w->mem, l, sizeof *l);
    return KAM_ENOMEM;
  }
  l->from = from;
  l->to = to;
  l->serial = ++w->links;
  attach(l);
  if (b)
    from->flags &= (uint16_t)~KAM_PORT_NULLED;
  if (is_out(to))
    to->flags |= KAM_PORT_LENT;
  if (terms)
    set_terms(l, terms);
  retarget(from, sink, leads_nowhere(to),
           is_out(to) && (to->flags & KAM_PORT_PIPED));
  begin(l);
  trace(l, KAM_EVENT_LINKED);
  if (out)
    *out = l;
  return 0;
}

/* Where what comes to p goes, once its link has been taken away. */
static void restore(struct kam_port *p, bool gone, bool pipe)
{
  retarget(p, gone ? NULL : kam_port_inbox(p), gone, pipe);
  if (is_out(p))
    ((struct kam_outbox *)p)->policy = KAM_POLICY_UNSET;
}

void kam_link_cut(struct kam_link *l)
{
  struct kam_port *from = l->from;
  unfeed(l, false);
  detach(l);
  restore(from, false, false);
  delete (l);
}

void kam_link_end(struct kam_link *l)
{
  unfeed(l, true);
}

/* A box of a chassis that passes in to nobody is gone too; a component of its
 * own main keeps what comes, for the next that it links. */
static void unlink_in(struct kam_link *l)
{
  struct kam_port *from = l->from;
  bool keeps = !is_out(from) && !(from->owner->flags & KAM_PARTY_PASSIVE);
  bool pipe = l->flags & KAM_LINK_PIPE;
  unfeed(l, false);
  detach(l);
  restore(from, !keeps, pipe);
  delete (l);
}

void kam_inbox_unlink(struct kam_inbox *b)
{
  if (b->port.to) {
    struct kam_link *l = b->port.to;
    unfeed(l, true);
    detach(l);
    restore(&b->port, false, false);
    delete (l);
  }
  while (b->port.from)
    unlink_in(b->port.from);
}

void kam_outbox_unlink(struct kam_outbox *o)
{
  struct kam_link *l = o->port.to;
  if (l) {
    unfeed(l, true);
    detach(l);
    delete (l);
  }
  while (o->port.from) {
    l = o->port.from;
    detach(l);
    restore(l->from, true, false);
    delete (l);
  }
}

static bool port_said(const struct kam_port *p)
{
  const struct kam_link *l;
  if (is_out(p) && !(p->flags & KAM_PORT_SIGNAL))
    return true;
  if (is_out(p) && (p->flags & KAM_PORT_SAID))
    return true;
  if (is_out(p) && !p->from)
    return false;
  for (l = p->from; l; l = l->next)
    if (!port_said(l->from))
      return false;
  return true;
}

bool kam_control_said(const struct kam_inbox *control)
{
  const struct kam_link *l;
  if (!(control->port.flags & KAM_PORT_SAID))
    return false;
  for (l = control->port.from; l; l = l->next)
    if (!port_said(l->from))
      return false;
  return true;
}
