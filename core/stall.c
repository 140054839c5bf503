/* stall: why nothing can move, in words. */
#include "core/quiet.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME = 64, LINE = 512, MIB = 1024 * 1024 };

/* Text that grows up to the size of a line. */
struct text {
  char s[LINE];
  size_t len;
};

static void add(struct text *t, const char *s)
{
  size_t n = strlen(s), room = sizeof t->s - 1 - t->len;
  if (n > room)
    n = room;
  memcpy(t->s + t->len, s, n);
  t->len += n;
  t->s[t->len] = 0;
}

static void add_name(struct text *t, const struct kam_component *c)
{
  char name[NAME];
  kam_component_name(c, name, sizeof name);
  add(t, name);
}

/* "FANOUT in COPY (graph.lua:5)": what it is in, unless that is the whole. */
static void add_place(struct text *t, const struct kam_component *c)
{
  char place[NAME * 2];
  add_name(t, c);
  if (c->owner && c->owner->owner) {
    add(t, " in ");
    add_name(t, c->owner);
  }
  if (!c->file)
    return;
  snprintf(place, sizeof place, " (%s:%" PRIu32 ")", c->file, c->line);
  add(t, place);
}

static const struct kam_component *owner_of(const struct kam_port *p)
{
  return (const struct kam_component *)p->owner;
}

/* A further name of a list of n so far; gives how many there are now. */
static unsigned add_item(struct text *t, const struct kam_component *c,
                         unsigned n)
{
  if (n)
    add(t, ", ");
  add_name(t, c);
  return n + 1;
}

/* "A, B" of all whose links into p have not ended, and of those within them who
 * send through them; gives how many. */
static unsigned add_feeders(struct text *t, const struct kam_port *p,
                            unsigned n)
{
  const struct kam_link *l;
  for (l = p->from; l; l = l->next) {
    const struct kam_component *from = owner_of(l->from);
    unsigned before = n;
    n = add_feeders(t, l->from, n);
    if ((l->from->flags & KAM_PORT_OUT) &&
        (n == before || !kam_is_passive(from)))
      n = add_item(t, from, n);
  }
  return n;
}

/* "A, B" of those of c whose ends it is told. */
static void add_watched(struct text *t, const struct kam_component *c)
{
  const struct kam_component *child;
  unsigned n = 0;
  for (child = c->first; child; child = child->next)
    if (child->flags & KAM_COMPONENT_WATCHED)
      n = add_item(t, child, n);
  if (!n)
    add(t, "another");
}

/* What would feed a box that nothing was ever linked to, from outside all that
 * it is in. */
static void explain_unfed(struct text *t, const struct kam_port *p)
{
  add(t, ", and nothing was ever linked to it; to feed it: [\"… -> ");
  while (p->from)
    p = p->from->from;
  add_name(t, owner_of(p));
  if (strcmp(p->spec->name, "inbox") != 0) {
    add(t, ".");
    add(t, p->spec->name);
  }
  add(t, "\"]");
}

/* Where signals are wired to control by hand: whose signal, of those that feed
 * c, is not? Or has the end come, and a second one is waited for? */
static void explain_control(struct text *t, const struct kam_component *c)
{
  const struct kam_inbox *control = &c->party.in[KAM_CONTROL];
  struct text names = {.len = 0};
  unsigned i, n = 0;
  for (i = 0; i < kam_party_inboxes(&c->party); i++) {
    const struct kam_inbox *b = kam_party_inbox(&c->party, i);
    const struct kam_link *l = b && b != control ? b->port.from : NULL;
    for (; l; l = l->next) {
      const struct kam_component *from = owner_of(l->from);
      const struct kam_link *to = from->party.out[KAM_SIGNAL_OUT].port.to;
      if ((l->from->flags & KAM_PORT_OUT) && (!to || to->to != &control->port))
        n = add_item(&names, from, n);
    }
  }
  if (c->party.told)
    add(t, ", and the end, which it has taken, comes once");
  else if (n && (control->port.flags & KAM_PORT_FED)) {
    add(t, ", and the signal of ");
    add(t, names.s);
    add(t, " is not linked to it");
  }
}

static void explain_box(struct text *t, const struct kam_component *c,
                        const struct kam_inbox *b)
{
  struct text feeders = {.len = 0};
  unsigned n = add_feeders(&feeders, &b->port, 0);
  if (strncmp(b->port.spec->name, "answer from ", 12) == 0) {
    add(t, " waits for an ");
    add(t, b->port.spec->name);
    add(t, "; not for ever: [self:ask(to, msg, 5)]");
    return;
  }
  if (!n && (b->port.flags & KAM_PORT_ENDS)) {
    add(t, " waits in ");
    add(t, b->port.spec->name);
    add(t, " for the end of ");
    add_watched(t, c);
    return;
  }
  add(t, " waits for a message in ");
  add(t, b->port.spec->name);
  if (n == 1) {
    add(t, "; only ");
    add(t, feeders.s);
    add(t, " feeds it");
  } else if (n) {
    add(t, "; ");
    add(t, feeders.s);
    add(t, " feed it");
  } else if (b->port.flags & KAM_PORT_FED) {
    if (!(b->port.flags & KAM_PORT_CONTROL) || !c->party.told)
      add(t, ", and nothing is linked to it any more");
  } else if (b->port.spec->open) {
    add(t, ", which is open: anybody may put one there");
  } else {
    explain_unfed(t, &b->port);
  }
  if (b->port.flags & KAM_PORT_CONTROL)
    explain_control(t, c);
}

static void explain_any(struct text *t, const struct kam_component *c)
{
  unsigned i, fed = 0;
  for (i = 0; i < kam_party_inboxes(&c->party); i++) {
    const struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (b && i != KAM_CONTROL && b->armed &&
        (b->port.from || (b->port.flags & KAM_PORT_ENDS))) {
      if (fed++)
        add(t, ", or");
      explain_box(t, c, b);
    }
  }
  if (!fed && c->party.in[0].port.spec->absent)
    add(t, " waits, and nothing will wake it");
  else if (!fed)
    explain_box(t, c, &c->party.in[KAM_INBOX]);
}

static void explain_room(struct text *t, const struct kam_component *c)
{
  const struct kam_inbox *b = c->party.held_in;
  char full[NAME];
  add(t, " waits for room in ");
  add_name(t, owner_of(&b->port));
  add(t, ".");
  add(t, b->port.spec->name);
  if (kam_inbox_len(b) >= b->limit)
    snprintf(full, sizeof full, " (%" PRIu64 " of %" PRIu32 ")",
             kam_inbox_len(b), b->limit);
  else
    snprintf(full, sizeof full, " (%.1f of %.0f MiB)", (double)b->bytes / MIB,
             (double)b->max_bytes / MIB);
  add(t, full);
}

static bool waits(const struct kam_component *c)
{
  return c->state == KAM_ACTIVE && !kam_is_passive(c) &&
         !(c->party.flags & KAM_PARTY_OUTSIDE);
}

static void explain(const struct kam_sched *s, const struct kam_component *c,
                    kam_line_fn line, void *ctx)
{
  struct text t = {.len = 0};
  uint64_t ms = (s->registry.world.now - c->since) / 1000000u;
  char since[NAME];
  add(&t, "  ");
  add_place(&t, c);
  if (c->party.waits == KAM_WAITS_ROOM)
    explain_room(&t, c);
  else if (c->party.waits == KAM_WAITS_BOX && c->party.waits_for)
    explain_box(&t, c, c->party.waits_for);
  else if (c->party.waits == KAM_WAITS_ANY)
    explain_any(&t, c);
  else
    add(&t, " waits for something that never comes");
  if (ms >= 100) {
    snprintf(since, sizeof since, ", for %.1f s now", (double)ms / 1000);
    add(&t, since);
  }
  line(ctx, t.s);
}

static bool waits_for_control(const struct kam_component *c)
{
  return c->party.waits == KAM_WAITS_BOX &&
         c->party.waits_for == &c->party.in[KAM_CONTROL];
}

/* What would mend it, for n components of which some wait for room, and some
 * for an end that they have had. */
static void explain_mend(unsigned n, unsigned room, unsigned told,
                         kam_line_fn line, void *ctx)
{
  struct text t = {.len = 0};
  if (told == n) {
    add(&t, n == 1 ? "  it has" : "  they have");
    add(&t, " been told to end: that comes once; let it end then");
    line(ctx, t.s);
    return;
  }
  add(&t, n == 1 ? "  it has" : n == 2 ? "  neither has" : "  none has");
  add(&t, n == 1 ? " not been told to end: " : " been told to end: ");
  add(&t, room
              ? "make a box larger ({ \"A -> B\", limit = 1000 }), let one use "
                "trySend, or send"
              : "send");
  add(&t, " kam.shutdownMicroprocess() to ");
  add(&t, n == 1 ? "its control" : "one's control");
  if (!room)
    add(&t, ", or feed it from outside");
  line(ctx, t.s);
}

void kam_stall_explain(const struct kam_sched *s, kam_line_fn line, void *ctx)
{
  const struct kam_registry *r = &s->registry;
  unsigned n = 0, room = 0, told = 0;
  char head[LINE];
  uint32_t i;
  for (i = 1; i < r->n_slots; i++) {
    const struct kam_component *c = r->slots[i].component;
    if (c && waits(c)) {
      n++;
      room += c->party.waits == KAM_WAITS_ROOM;
      told += waits_for_control(c) && c->party.told;
    }
  }
  snprintf(head, sizeof head,
           "stalled: nothing can move, and %u component%s still waiting "
           "(exit 3)",
           n, n == 1 ? " is" : "s are");
  line(ctx, head);
  for (i = 1; i < r->n_slots; i++)
    if (r->slots[i].component && waits(r->slots[i].component))
      explain(s, r->slots[i].component, line, ctx);
  explain_mend(n, room, told, line, ctx);
}
