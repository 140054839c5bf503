/* life: from asking to the end. */
#include "core/life.h"

#include "core/timer.h"

#include <stdio.h>
#include <string.h>

static struct kam_registry *registry(const struct kam_component *c)
{
  return kam_registry_of(&c->party);
}

static void queue(struct kam_component *c)
{
  if (c->flags & KAM_COMPONENT_QUEUED)
    return;
  c->flags |= KAM_COMPONENT_QUEUED;
  kam_queue_push(&registry(c)->finishing, c);
}

/* What is known of the data inboxes of a component. */
struct intake {
  bool ever;   /* something was linked to one */
  bool alive;  /* a feeder of one has not ended */
  bool open;   /* one is open */
  bool closed; /* one has lost its last feeder by its end */
  bool fed;    /* one was fed and has not closed */
};

static struct intake look_in(const struct kam_component *c)
{
  struct intake k = {0};
  unsigned i, n = kam_party_inboxes(&c->party);
  for (i = 0; i < n; i++) {
    const struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (!b || i == KAM_CONTROL)
      continue;
    k.ever |= (b->port.flags & KAM_PORT_FED) != 0;
    k.alive |= b->port.feeders > 0;
    k.open |= b->port.spec->open;
    if (b->port.flags & KAM_PORT_CLOSED)
      k.closed = true;
    else if (b->port.flags & KAM_PORT_FED)
      k.fed = true;
  }
  return k;
}

/* Others come and go at it: it ends when nobody needs it any more. */
static bool is_service(const struct kam_component *c)
{
  unsigned i, n = kam_party_inboxes(&c->party);
  for (i = 0; i < n; i++) {
    const struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (b && b->port.spec->open)
      return true;
  }
  return false;
}

/* Does a component feed p, straight or through others, that is no service? */
static bool is_fed_on(const struct kam_port *p)
{
  const struct kam_link *l;
  for (l = p->from; l; l = l->next) {
    if (!(l->flags & KAM_LINK_FEEDS))
      continue;
    if (l->from->flags & KAM_PORT_OUT
            ? !is_service((const struct kam_component *)l->from->owner)
            : is_fed_on(l->from))
      return true;
  }
  return false;
}

/* Is what still feeds it nothing but services? */
static bool is_served(const struct kam_component *c)
{
  unsigned i, n = kam_party_inboxes(&c->party);
  for (i = 0; i < n; i++) {
    const struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (b && i != KAM_CONTROL && is_fed_on(&b->port))
      return false;
  }
  return true;
}

/* With left: services, which go on, do not count as what feeds it. */
static void ask(struct kam_component *c, bool left)
{
  struct intake k = look_in(c);
  if (c->state == KAM_MADE)
    queue(c);
  if (c->state >= KAM_CLOSING || c->party.told)
    return;
  if (left)
    c->flags |= KAM_COMPONENT_LEFT;
  if (kam_is_passive(c))
    kam_party_tell(&c->party, KAM_FINISHED);
  else if (!k.ever && !k.open && kam_party_drained(&c->party))
    kam_party_tell(&c->party,
                   c->shape->kind->drains ? KAM_FINISHED : KAM_SHUTDOWN);
  else if (!k.alive || (left && is_served(c)))
    kam_party_tell(&c->party, KAM_FINISHED);
}

void kam_component_ask(struct kam_component *c)
{
  ask(c, true);
}

static void ask_children(struct kam_component *c)
{
  bool left = (c->flags & KAM_COMPONENT_LEFT) || !registry(c)->asked;
  struct kam_component *child;
  for (child = c->first; child; child = child->next)
    ask(child, left);
}

void kam_component_stop(struct kam_component *c)
{
  if (c->state == KAM_MADE)
    queue(c);
  else
    kam_party_tell(&c->party, KAM_SHUTDOWN);
}

static void stop_children(struct kam_component *c)
{
  struct kam_component *child;
  for (child = c->first; child; child = child->next)
    kam_component_stop(child);
}

void kam_registry_ask(struct kam_registry *r)
{
  struct kam_component *c;
  r->asked = true;
  for (c = r->first; c; c = c->next)
    if (c->state != KAM_MADE)
      ask(c, false);
}

void kam_registry_stop(struct kam_registry *r)
{
  struct kam_component *c;
  r->asked = true;
  for (c = r->first; c; c = c->next)
    if (c->state != KAM_MADE)
      kam_component_stop(c);
}

/* Is its failure, or that of its owner, which fails with it, somebody's to deal
 * with? One further up is told only that what it watches has failed. */
static bool is_watched(const struct kam_component *c)
{
  return (c->flags & KAM_COMPONENT_WATCHED) ||
         (c->owner && (c->owner->flags & KAM_COMPONENT_WATCHED));
}

void kam_component_fail(struct kam_component *c, const char *text)
{
  struct kam_registry *r = registry(c);
  if (c->flags & KAM_COMPONENT_FAILED)
    return;
  c->flags |= KAM_COMPONENT_FAILED;
  c->failure = kam_mem_strdup(kam_mem_of(c), text);
  queue(c);
  if (!is_watched(c) && r->hooks.failed)
    r->hooks.failed(r->hooks.ctx, c);
}

/* What it was told goes on to those that belong to it. */
static void pass_on(struct kam_component *c)
{
  if (!kam_is_passive(c) && c->state != KAM_CLOSING)
    return;
  if (c->party.told == KAM_SHUTDOWN && !(c->flags & KAM_COMPONENT_STOPPED)) {
    c->flags |= KAM_COMPONENT_STOPPED;
    stop_children(c);
  } else if (c->party.told == KAM_FINISHED &&
             !(c->flags & KAM_COMPONENT_ASKED)) {
    c->flags |= KAM_COMPONENT_ASKED;
    ask_children(c);
  }
}

/* In a pipeline: have all the receivers that it is piped to ended? */
static bool unpiped(const struct kam_component *c)
{
  unsigned i, n = kam_party_outboxes(&c->party);
  bool gone = false;
  for (i = 0; i < n; i++) {
    const struct kam_outbox *o = kam_party_outbox(&c->party, i);
    if (!o)
      continue;
    if (o->port.flags & KAM_PORT_PIPED)
      gone = true;
    else if (o->port.to && (o->port.to->flags & KAM_LINK_PIPE))
      return false;
  }
  return gone;
}

/* All that it is linked to has ended: is that its own end? (design L6) */
static bool unheard(const struct kam_component *c)
{
  unsigned i, n = kam_party_outboxes(&c->party), gone = 0;
  if (unpiped(c))
    return true;
  for (i = 0; i < n; i++) {
    const struct kam_outbox *o = kam_party_outbox(&c->party, i);
    if (!o || i == KAM_SIGNAL_OUT)
      continue;
    if (o->port.flags & KAM_PORT_INNER)
      return false; /* its own children come and go */
    if (o->sink || (o->port.to && !(o->port.flags & KAM_PORT_GONE)))
      return false;
    gone += (o->port.flags & KAM_PORT_GONE) != 0;
  }
  return gone && !look_in(c).ever;
}

/* A chassis ends when its children have: the end of what feeds it is theirs to
 * see, and those that it does not feed go on. */
static void settle_ends(struct kam_component *c)
{
  const struct kam_inbox *control = &c->party.in[KAM_CONTROL];
  struct intake k = look_in(c);
  bool wired = control->port.flags & KAM_PORT_FED;
  if (wired ? kam_control_said(control)
            : k.closed && !k.fed && !kam_is_passive(c))
    kam_party_tell(&c->party, KAM_FINISHED);
}

void kam_component_settle(struct kam_component *c)
{
  c->party.flags &= (uint16_t)~KAM_PARTY_SETTLE;
  if (c->state == KAM_ACTIVE) {
    settle_ends(c);
    if (!kam_is_passive(c) && !c->shape->kind->effects && unheard(c)) {
      if (!c->party.told)
        c->flags |= KAM_COMPONENT_UNHEARD;
      if (!c->party.told && c->alarm && c->alarm->deadline != KAM_NEVER)
        c->flags |= KAM_COMPONENT_CUT;
      kam_party_tell(&c->party, KAM_SHUTDOWN);
    }
  }
  if (c->party.told == KAM_SHUTDOWN && !(c->party.flags & KAM_PARTY_STOPPED)) {
    c->party.flags |= KAM_PARTY_STOPPED;
    c->pins++;
    kam_queue_push(&registry(c)->stopped, c);
  }
  pass_on(c);
  c->party.flags &= (uint16_t)~KAM_PARTY_SETTLE;
}

static struct kam_loss *new_loss(const struct kam_component *c,
                                 const struct kam_port *port, uint64_t count)
{
  struct kam_registry *r = registry(c);
  struct kam_loss *loss = kam_mem_zalloc(&r->world.mem, sizeof *loss);
  if (!loss)
    return NULL;
  kam_component_name(c, loss->name, sizeof loss->name);
  snprintf(loss->box, sizeof loss->box, "%s", port->spec->name);
  loss->count = count;
  loss->line = c->line;
  loss->file = c->file;
  *r->losses_end = loss;
  r->losses_end = &loss->next;
  return loss;
}

/* The loss that was noted when the receiver of p ended, or a new one. */
static struct kam_loss *loss_after(struct kam_component *c,
                                   const struct kam_port *p)
{
  struct kam_loss *loss;
  for (loss = registry(c)->losses; loss; loss = loss->next)
    if (loss->sender == p)
      return loss;
  loss = new_loss(c, p, 0);
  if (loss)
    loss->reason = KAM_LOST_GONE;
  return loss;
}

/* What a component has done with its data inboxes. */
struct attention {
  bool awaited, took;
};

static struct attention attends(const struct kam_component *c)
{
  struct attention a = {0};
  unsigned i, n = kam_party_inboxes(&c->party);
  for (i = 0; i < n; i++) {
    const struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (b && i != KAM_CONTROL) {
      a.awaited |= (b->port.flags & KAM_PORT_AWAITED) != 0;
      a.took |= b->taken != 0;
    }
  }
  return a;
}

/* Was it stopped because nobody was left to hear it, and not for want of
 * anything to say? */
static bool silenced(const struct kam_component *c)
{
  struct attention a = attends(c);
  return (c->flags & KAM_COMPONENT_UNHEARD) && (a.took || !a.awaited);
}

static void note_outbox(struct kam_component *c, const struct kam_outbox *o)
{
  const struct kam_port *last = &o->port;
  struct kam_loss *loss;
  if ((o->port.flags & KAM_PORT_BARREN) && (loss = loss_after(c, &o->port))) {
    loss->count += o->cold ? o->cold->lost[KAM_LOST_GONE] : 0;
    loss->sender = NULL;
    loss->stopped = (loss->idle && silenced(c)) ||
                    (loss->left && (c->flags & KAM_COMPONENT_CUT));
    kam_component_name(c, loss->feeder, sizeof loss->feeder);
  }
  if (!o->cold || (o->port.flags & KAM_PORT_SIGNAL))
    return;
  while (last->to && !kam_port_inbox(last->to->to))
    last = last->to->to;
  if (o->cold->lost[KAM_LOST_UNLINKED] && !last->spec->optional &&
      (loss = new_loss((const struct kam_component *)last->owner, last,
                       o->cold->lost[KAM_LOST_UNLINKED]))) {
    loss->reason = KAM_LOST_UNLINKED;
    loss->linked = last->to != NULL;
  }
}

static bool belongs_to(const struct kam_component *c,
                       const struct kam_component *owner)
{
  while (c && c != owner)
    c = c->owner;
  return c != NULL;
}

/* Did it end by itself as b was empty, after it had taken what there was? */
static bool left(const struct kam_inbox *b)
{
  return b->taken && (b->port.flags & KAM_PORT_LEFT) &&
         !(b->port.flags & KAM_PORT_CLOSED);
}

/* Did it end by itself before it took anything from b, or so? */
static bool barren(const struct kam_component *c, const struct kam_inbox *b)
{
  bool may_lose = b->put != 0 || !(b->port.flags & KAM_PORT_CLOSED);
  return may_lose && (b->taken == 0 || left(b)) &&
         c->party.told != KAM_SHUTDOWN && b->port.index != KAM_CONTROL &&
         (b->port.flags & (KAM_PORT_FED | KAM_PORT_NULLED)) == KAM_PORT_FED &&
         (c->flags & KAM_COMPONENT_DONE) && !c->shape->kind->ends_early &&
         !(c->party.flags & KAM_PARTY_OUTSIDE);
}

/* Has it never even waited for a message, of itself? One that waited for a
 * time, or was told that none will come, has done what it could; a chassis
 * waits for none. */
static bool idle(const struct kam_component *c)
{
  return !attends(c).awaited && !attends(c).took && !c->party.told &&
         !kam_is_passive(c);
}

/* Marks all that sends to p: what it sends from now on nobody will ever take.
 * Gives the first. */
static const struct kam_port *mark_barren(struct kam_port *p)
{
  const struct kam_port *first = NULL, *found;
  struct kam_link *l;
  for (l = p->from; l; l = l->next) {
    l->from->flags |= KAM_PORT_BARREN;
    found = mark_barren(l->from);
    first = found ? found : l->from;
  }
  return first;
}

/* What still comes in the inboxes that are passed on to p is no loss: who took
 * it has had enough. */
static void had_enough(struct kam_port *p)
{
  struct kam_link *l;
  for (l = p->from; l; l = l->next)
    if (kam_port_inbox(l->from)) {
      l->from->flags |= KAM_PORT_NULLED;
      had_enough(l->from);
    }
}

/* What waits in b goes back to the inbox of the owner that is passed on to it,
 * where another child may find it. */
static void give_back(struct kam_component *c, struct kam_inbox *b)
{
  struct kam_component *owner = c->owner;
  struct kam_link *l = b->port.from;
  struct kam_inbox *own;
  while (l && (l->from->owner != &owner->party || !kam_port_inbox(l->from)))
    l = l->next;
  if (!l)
    return;
  own = kam_port_inbox(l->from);
  kam_link_cut(l);
  kam_inbox_move(b, own); /* if memory is out, they are lost and counted */
}

/* Is what it leaves unread for others, as its owner or one above it says? */
static bool returns(const struct kam_component *c)
{
  if (!c->owner || c->owner->state != KAM_ACTIVE)
    return false;
  while (c && !(c->flags & KAM_COMPONENT_RETURNS))
    c = c->owner;
  return c != NULL;
}

/* Is it a loss to be told, if what is in b is left there? What a handle leaves
 * is meant, and ends of others are no messages of somebody. */
static bool counts(const struct kam_component *c, const struct kam_inbox *b)
{
  return b->port.index != KAM_CONTROL &&
         !(c->party.flags & KAM_PARTY_OUTSIDE) &&
         (b->port.flags & (KAM_PORT_ENDS | KAM_PORT_FED)) != KAM_PORT_ENDS;
}

static void close_inbox(struct kam_component *c, struct kam_inbox *b)
{
  bool stopped = c->party.told == KAM_SHUTDOWN;
  bool failed = c->flags & KAM_COMPONENT_FAILED;
  uint64_t n = kam_inbox_len(b);
  struct kam_link *l;
  struct kam_loss *loss;
  for (l = b->port.from; l; l = l->next)
    if (belongs_to(c, (struct kam_component *)l->from->owner))
      l->from->flags |= KAM_PORT_INNER;
  if (c->shape->kind->ends_early)
    had_enough(&b->port);
  if (barren(c, b) && (loss = new_loss(c, &b->port, n))) {
    loss->reason = KAM_LOST_GONE;
    loss->inside = true;
    loss->left = left(b);
    loss->idle = idle(c);
    loss->sender = mark_barren(&b->port);
  }
  if (failed && n && b->port.index != KAM_CONTROL && is_watched(c) &&
      !c->shape->kind->ends_early &&
      (loss = new_loss(c, &b->port, n))) /* no report tells what waited */
    loss->reason = KAM_LOST_ERROR;
  if ((c->flags & KAM_COMPONENT_FORCED) && counts(c, b))
    registry(c)->forced += n;
  kam_inbox_unlink(b);
  kam_inbox_fini(b, failed    ? KAM_LOST_ERROR
                    : stopped ? KAM_LOST_STOPPED
                              : KAM_LOST_GONE);
}

/* Those of its inboxes that it does not pass on, or all. */
static void close_inboxes(struct kam_component *c, bool all)
{
  unsigned i, n = kam_party_inboxes(&c->party);
  for (i = 0; i < n; i++) {
    struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (!b || (b->port.flags & KAM_PORT_SHUT))
      continue;
    if (all || (!b->port.to && i != KAM_CONTROL)) {
      b->port.flags |= KAM_PORT_SHUT;
      if (returns(c))
        give_back(c, b);
      close_inbox(c, b);
    }
  }
}

/* What it feeds of its own is finished; its children's output may go on. */
static void end_inner_links(struct kam_component *c)
{
  unsigned i, n = kam_party_outboxes(&c->party);
  for (i = 0; i < n; i++) {
    struct kam_outbox *o = kam_party_outbox(&c->party, i);
    struct kam_link *l = o ? o->port.to : NULL;
    if (l && belongs_to((struct kam_component *)l->to->owner, c))
      kam_link_end(l);
  }
}

static void close_down(struct kam_component *c, bool halt)
{
  bool stopped;
  if (c->state >= KAM_CLOSING)
    return;
  kam_party_withdraw(&c->party, c->flags & KAM_COMPONENT_FAILED
                                    ? KAM_LOST_ERROR
                                    : KAM_LOST_STOPPED);
  kam_party_disarm(&c->party);
  if (halt && c->shape->kind->halt)
    c->shape->kind->halt(c);
  c->party.flags |= c->state == KAM_MADE ? 0 : KAM_PARTY_STARTED;
  c->state = KAM_CLOSING;
  c->party.waits = KAM_WAITS_CHILDREN;
  end_inner_links(c);
  if (!kam_is_passive(c))
    close_inboxes(c, false);
  stopped = c->party.told == KAM_SHUTDOWN || (c->flags & KAM_COMPONENT_FAILED);
  if (stopped)
    stop_children(c);
  else if (c->first)
    ask_children(c);
  c->flags |= stopped ? KAM_COMPONENT_STOPPED : KAM_COMPONENT_ASKED;
}

void kam_component_finish(struct kam_component *c)
{
  c->flags |= KAM_COMPONENT_DONE;
  close_down(c, false);
  if (c->children == 0)
    queue(c);
}

/* Its end, for those who wait for its signal. */
static void say_signal(struct kam_component *c)
{
  struct kam_outbox *o = &c->party.out[KAM_SIGNAL_OUT];
  struct kam_msg m = kam_msg_signal(c->party.told ? (enum kam_told)c->party.told
                                                  : KAM_FINISHED);
  if ((o->port.flags & (KAM_PORT_SAID | KAM_PORT_LENT)) || !o->sink ||
      !(c->party.flags & KAM_PARTY_STARTED))
    return;
  if (o->sink->port.flags & KAM_PORT_CONTROL) {
    kam_outbox_send(o, m);
    return;
  }
  o->port.flags |= KAM_PORT_SAID;
  kam_inbox_inject(o->sink, m);
}

static void close_outboxes(struct kam_component *c)
{
  unsigned i, n = kam_party_outboxes(&c->party);
  for (i = 0; i < n; i++) {
    struct kam_outbox *o = kam_party_outbox(&c->party, i);
    if (o) {
      note_outbox(c, o);
      kam_outbox_unlink(o);
      kam_outbox_fini(o);
    }
  }
}

static void remove_added(struct kam_component *c)
{
  unsigned i;
  for (i = c->party.n_in; i < kam_party_inboxes(&c->party); i++)
    kam_component_remove_inbox(c, i);
  for (i = c->party.n_out; i < kam_party_outboxes(&c->party); i++)
    kam_component_remove_outbox(c, i);
}

/* Its failure goes to its owner, or to the top. */
static void blame(struct kam_component *owner, struct kam_component *c)
{
  struct kam_registry *r = registry(c);
  if (!(c->flags & KAM_COMPONENT_FAILED) ||
      (c->flags & KAM_COMPONENT_WATCHED) ||
      (owner && owner->shape->kind->separate))
    return;
  if (!owner) {
    r->failures++;
    if (!r->separate)
      kam_registry_stop(r);
  } else if (owner->state < KAM_ENDED &&
             !(owner->flags & KAM_COMPONENT_FAILED)) {
    owner->flags |= KAM_COMPONENT_FAILED;
    if (c->failure) /* for who watches the owner */
      owner->failure = kam_mem_strdup(kam_mem_of(owner), c->failure);
    queue(owner);
  }
}

static void leave_slot(struct kam_component *c)
{
  struct kam_registry *r = registry(c);
  struct kam_slot *slot = &r->slots[c->slot];
  slot->component = NULL;
  slot->generation++;
  slot->next_free = r->free_slot;
  r->free_slot = c->slot;
}

static void trace_end(struct kam_component *c)
{
  if (c->party.world->trace)
    kam_world_trace(c->party.world,
                    (struct kam_event){.kind = KAM_EVENT_ENDED,
                                       .party = &c->party,
                                       .told = (enum kam_told)c->party.told});
}

static void end(struct kam_component *c)
{
  struct kam_registry *r = registry(c);
  struct kam_component *owner = c->owner;
  if ((c->flags & KAM_COMPONENT_OPEN) && c->shape->kind->close)
    c->shape->kind->close(c);
  say_signal(c);
  trace_end(c);
  close_outboxes(c);
  close_inboxes(c, true);
  remove_added(c);
  if ((c->party.flags & KAM_PARTY_STARTED) &&
      !(c->party.flags & KAM_PARTY_OUTSIDE))
    r->active--;
  kam_timer_free(r->wheel, kam_mem_of(c), c->alarm);
  c->alarm = NULL;
  c->state = KAM_ENDED;
  c->party.flags |= KAM_PARTY_ENDED;
  if (r->hooks.ended)
    r->hooks.ended(r->hooks.ctx, c);
  kam_component_leave(c);
  leave_slot(c);
  blame(owner, c);
  if (owner && owner->children == 0 &&
      (owner->state == KAM_CLOSING ||
       (owner->state == KAM_ACTIVE && kam_is_passive(owner))))
    queue(owner);
  kam_component_unpin(c);
}

/* Those that were never started end with what owns them. */
static void end_unstarted(struct kam_component *c)
{
  struct kam_component *child, *next;
  for (child = c->first; child; child = next) {
    next = child->next;
    if (child->state == KAM_MADE)
      queue(child);
  }
}

void kam_registry_sweep(struct kam_registry *r)
{
  while (kam_queue_len(&r->finishing)) {
    struct kam_component *c = kam_queue_take(&r->finishing, 0);
    c->flags &= (uint16_t)~KAM_COMPONENT_QUEUED;
    if (c->state == KAM_ENDED) {
      kam_component_reap(c);
      continue;
    }
    if (c->state < KAM_CLOSING) {
      if (kam_is_passive(c) && !(c->flags & KAM_COMPONENT_FAILED))
        c->flags |= KAM_COMPONENT_DONE;
      close_down(c, !(c->flags & KAM_COMPONENT_DONE));
    } else if (c->flags & KAM_COMPONENT_FAILED) {
      stop_children(c);
    }
    end_unstarted(c);
    if (c->children == 0)
      end(c);
  }
}

void kam_component_kill(struct kam_component *c)
{
  kam_assert(c->party.world->running == NULL);
  c->pins++;
  while (c->first && c->state < KAM_ENDED) {
    struct kam_component *child = c->first;
    kam_component_kill(child);
    if (c->first == child)
      break;
  }
  if (c->state < KAM_ENDED) {
    c->flags |= KAM_COMPONENT_FORCED;
    if (c->party.told != KAM_SHUTDOWN)
      c->party.told = KAM_SHUTDOWN;
    queue(c);
    kam_registry_sweep(registry(c));
  }
  kam_component_unpin(c);
}

static void add(const struct kam_component *c, struct kam_totals *t,
                uint64_t *waiting, uint64_t *held)
{
  unsigned i;
  *held += c->party.held.tag != KAM_NOTHING;
  for (i = 0; i < kam_party_inboxes(&c->party); i++) {
    const struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (b) {
      kam_inbox_count(b, t);
      *waiting += kam_inbox_len(b);
    }
  }
  for (i = 0; i < kam_party_outboxes(&c->party); i++) {
    const struct kam_outbox *o = kam_party_outbox(&c->party, i);
    if (o)
      kam_outbox_count(o, t);
  }
}

void kam_registry_totals(const struct kam_registry *r, struct kam_totals *t,
                         uint64_t *waiting, uint64_t *held)
{
  uint32_t i;
  *t = r->world.gone;
  *waiting = *held = 0;
  for (i = 1; i < r->n_slots; i++)
    if (r->slots[i].component)
      add(r->slots[i].component, t, waiting, held);
}
