/* spec_box: boxes and links, one clause of their promises (B1 to B6) at a time.
 *
 * The components here never run: the program itself sends from their outboxes
 * and takes from their inboxes, and looks after each clause whether all
 * messages are accounted for. */
#include "spec/core/invariants.h"

#include "core/warn.h"

enum { IN = KAM_INBOX, OUT = KAM_OUTBOX };
enum { PLAIN, BYTES, FRAME };

struct rig {
  struct kam_runtime *rt;
  struct kam_component *a, *b, *c, *d, *e; /* plain ones */
};

static int idle(struct kam_component *c)
{
  (void)c;
  return KAM_PAUSE;
}

static const struct kam_box_spec bytes_only[] = {
    {.name = "inbox", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec scalars_out[] = {
    {.name = "outbox", .kinds = KAM_SCALAR},
    {.name = "spare", .optional = true},
    {0}};
static const struct kam_kind kinds[] = {
    [PLAIN] = {.name = "Plain",
               .outboxes = scalars_out,
               .size = sizeof(struct kam_component),
               .step = idle},
    [BYTES] = {.name = "Bytes",
               .inboxes = bytes_only,
               .size = sizeof(struct kam_component),
               .step = idle},
    [FRAME] = {.name = "Frame",
               .size = sizeof(struct kam_component),
               .passive = true}};

static struct kam_component *make(struct rig *r, unsigned kind)
{
  struct kam_component *c;
  check(kam_new(r->rt, &kinds[kind], &c) == 0);
  return c;
}

static struct kam_inbox *inbox(struct kam_component *c)
{
  return &c->party.in[IN];
}

static struct kam_outbox *outbox(struct kam_component *c)
{
  return &c->party.out[OUT];
}

static int put(struct kam_component *c, int64_t i)
{
  return kam_outbox_send(outbox(c), kam_msg_int(i));
}

static void bound(struct kam_component *c, uint32_t limit)
{
  kam_inbox_bound(inbox(c), limit, KAM_POLICY_UNSET);
}

/* A boolean is -1. */
static int64_t take(struct kam_component *c)
{
  struct kam_msg m;
  check(kam_inbox_len(inbox(c)) > 0);
  m = kam_inbox_take(inbox(c));
  check(m.tag == KAM_INT || m.tag == KAM_BOOL);
  return m.tag == KAM_INT ? m.u.i : -1;
}

static uint64_t waiting(struct kam_component *c)
{
  return kam_inbox_len(inbox(c));
}

static struct kam_link *join(struct kam_component *from,
                             struct kam_component *to)
{
  struct kam_link *l;
  check(kam_link_new(&outbox(from)->port, &inbox(to)->port, NULL, &l) == 0);
  return l;
}

/* Passes an inbox, or an outbox, through. */
static struct kam_link *pass_in(struct kam_component *from,
                                struct kam_component *to)
{
  struct kam_link *l;
  check(kam_link_new(&inbox(from)->port, &inbox(to)->port, NULL, &l) == 0);
  return l;
}

static struct kam_link *pass_out(struct kam_component *from,
                                 struct kam_component *to)
{
  struct kam_link *l;
  check(kam_link_new(&outbox(from)->port, &outbox(to)->port, NULL, &l) == 0);
  return l;
}

static uint64_t lost(struct rig *r, enum kam_reason reason)
{
  struct kam_totals t;
  uint64_t in_boxes, held;
  check_accounts(kam_registry(r->rt));
  kam_registry_totals(kam_registry(r->rt), &t, &in_boxes, &held);
  return t.lost[reason];
}

static uint64_t held(struct rig *r)
{
  struct kam_totals t;
  uint64_t in_boxes, n;
  kam_registry_totals(kam_registry(r->rt), &t, &in_boxes, &n);
  return n;
}

/* --- B1, B2 --- */

static void straight_to_the_last_inbox(struct rig *r)
{
  pass_out(r->a, r->b);
  join(r->b, r->c);
  pass_in(r->c, r->d);
  pass_in(r->d, r->e);
  check(put(r->a, 1) == KAM_SENT && put(r->b, 2) == KAM_SENT);
  check(waiting(r->c) == 0 && waiting(r->d) == 0);
  check(take(r->e) == 1 && take(r->e) == 2);
  check(outbox(r->a)->sink == inbox(r->e));
}

static void in_order_across_relinking(struct rig *r)
{
  struct kam_link *l = join(r->a, r->b);
  int i;
  bound(r->b, 2);
  for (i = 1; i <= 3; i++)
    check(put(r->a, i) == (i < 3 ? KAM_SENT : KAM_WAIT));
  kam_link_cut(l); /* the third one is still held for b */
  check(held(r) == 1);
  l = join(r->a, r->c);
  check(take(r->b) == 1 && take(r->b) == 2 && take(r->b) == 3);
  check(put(r->a, 4) == KAM_SENT);
  kam_link_cut(l);
  join(r->a, r->b);
  check(put(r->a, 5) == KAM_SENT);
  check(take(r->c) == 4 && take(r->b) == 5);
}

static void an_outbox_feeds_one(struct rig *r)
{
  join(r->a, r->c);
  join(r->b, r->c); /* many to one */
  check(kam_link_new(&outbox(r->a)->port, &inbox(r->d)->port, NULL, NULL) ==
        KAM_ETAKEN);
  check(kam_link_new(&inbox(r->c)->port, &outbox(r->d)->port, NULL, NULL) ==
        KAM_EWAY);
  put(r->a, 1);
  put(r->b, 2);
  check(take(r->c) == 1 && take(r->c) == 2);
}

static void several_boxes_are_lent_to_one(struct rig *r)
{
  pass_out(r->a, r->c);
  pass_out(r->b, r->c);
  check(put(r->a, 0) == KAM_SENT); /* c is not linked yet */
  check(lost(r, KAM_LOST_UNLINKED) == 1);
  join(r->c, r->d);
  put(r->a, 1);
  put(r->b, 2);
  check(take(r->d) == 1 && take(r->d) == 2);
}

/* --- B3 --- */

static void circles_are_refused(struct rig *r)
{
  pass_in(r->a, r->b);
  pass_in(r->b, r->c);
  check(kam_link_new(&inbox(r->c)->port, &inbox(r->a)->port, NULL, NULL) ==
        KAM_ECYCLE);
  check(kam_link_new(&inbox(r->d)->port, &inbox(r->d)->port, NULL, NULL) ==
        KAM_ECYCLE);
  pass_out(r->a, r->b);
  check(kam_link_new(&outbox(r->b)->port, &outbox(r->a)->port, NULL, NULL) ==
        KAM_ECYCLE);
  check(inbox(r->c)->port.to == NULL && outbox(r->b)->port.to == NULL);
  check(inbox(r->a)->port.from == NULL);
}

static void kinds_that_never_fit_are_refused(struct rig *r)
{
  struct kam_component *bytes = make(r, BYTES);
  check(kam_connect(r->a, "outbox", bytes, "inbox") == KAM_EKIND);
  check(kam_connect(r->a, "spare", bytes, "inbox") == 0);
  check(kam_outbox_send(&r->a->party.out[KAM_OUT_EXTRA], kam_msg_int(1)) ==
        KAM_EKIND);
  check(lost(r, KAM_LOST_ERROR) == 1);
  check(kam_inbox_inject(inbox(bytes), kam_msg_signal(KAM_FINISHED)) ==
        KAM_EKIND);
  check(lost(r, KAM_LOST_ERROR) == 2 && waiting(bytes) == 0);
}

static void what_waits_must_fit_too(struct rig *r)
{
  struct kam_component *bytes = make(r, BYTES);
  struct kam_msg text = kam_msg_int(0);
  text.kind = KAM_BYTES;
  join(r->a, r->b);
  bound(r->b, 1);
  put(r->a, 1);
  check(kam_link_new(&inbox(r->b)->port, &inbox(bytes)->port, NULL, NULL) ==
        KAM_EKIND);
  check(waiting(r->b) == 1 && outbox(r->a)->sink == inbox(r->b));
  check(take(r->b) == 1);
  check(kam_connect(r->c, "spare", r->b, "inbox") == 0);
  check(kam_outbox_send(&r->c->party.out[KAM_OUT_EXTRA], text) == KAM_SENT);
  check(put(r->a, 2) == KAM_WAIT); /* nor does what is held */
  check(kam_link_new(&inbox(r->b)->port, &inbox(bytes)->port, NULL, NULL) ==
        KAM_EKIND);
  check(take(r->b) == 0 && take(r->b) == 2);
  pass_in(r->b, bytes);
  check(put(r->a, 3) == KAM_EKIND);
}

static void linking_onward_moves_what_waits(struct rig *r)
{
  join(r->a, r->c);
  join(r->b, r->d);
  bound(r->c, 3);
  bound(r->d, 2);
  check(put(r->b, 1) == KAM_SENT);
  check(put(r->a, 2) == KAM_SENT && put(r->a, 3) == KAM_SENT);
  check(put(r->a, 4) == KAM_SENT && put(r->a, 5) == KAM_WAIT);
  check(put(r->b, 6) == KAM_SENT && put(r->b, 7) == KAM_WAIT);
  pass_in(r->c, r->d); /* over its bound: 1 6 | 2 3 4, and 7 5 are held */
  check(waiting(r->c) == 0 && waiting(r->d) == 5 && held(r) == 2);
  check(take(r->d) == 1 && take(r->d) == 6);
  check(take(r->d) == 2 && take(r->d) == 3 && held(r) == 1);
  check(take(r->d) == 4 && take(r->d) == 7 && take(r->d) == 5);
}

static void a_removed_box_counts_what_it_held(struct rig *r)
{
  struct kam_box_spec spec = {.name = "more", .limit = 2};
  struct kam_inbox *more;
  unsigned i;
  check(kam_component_add_inbox(r->b, &spec, &i) == 0);
  check(kam_component_add_inbox(r->b, &spec, &i) == KAM_ENAME);
  more = kam_component_inbox(r->b, "more");
  i = more->port.index;
  check(kam_connect(r->a, "outbox", r->b, "more") == 0);
  check(put(r->a, 1) == KAM_SENT && put(r->a, 2) == KAM_SENT);
  check(put(r->a, 3) == KAM_WAIT);
  check(kam_component_remove_inbox(r->b, i) == 0);
  check(kam_component_remove_inbox(r->b, IN) == KAM_ESTATE);
  check(lost(r, KAM_LOST_REMOVED) == 2 && lost(r, KAM_LOST_GONE) == 1);
  check(put(r->a, 4) == KAM_SENT && lost(r, KAM_LOST_UNLINKED) == 1);
}

/* --- B4 --- */

static void a_bound_of_256(struct rig *r)
{
  int i;
  join(r->a, r->b);
  for (i = 0; i < 256; i++)
    check(put(r->a, i) == KAM_SENT);
  check(put(r->a, 256) == KAM_WAIT);
  check(inbox(r->b)->mask == 255); /* who is held takes no room */
  for (i = 0; i <= 256; i++)
    check(take(r->b) == i);
}

static struct kam_msg payload(uint32_t len)
{
  struct kam_msg m = kam_msg_int(len);
  m.len = len;
  return m;
}

static void a_bound_in_bytes(struct rig *r)
{
  struct kam_outbox *o = outbox(r->a);
  join(r->a, r->b);
  /* one always fits */
  check(kam_outbox_send(o, payload(KAM_BOX_BYTES + 1)) == KAM_SENT);
  check(kam_outbox_try(o, payload(0)) == KAM_FULL);
  take(r->b);
  check(kam_outbox_send(o, payload(KAM_BOX_BYTES - 1)) == KAM_SENT);
  check(kam_outbox_send(o, payload(1)) == KAM_SENT);
  check(kam_outbox_send(o, payload(1)) == KAM_WAIT);
  check(inbox(r->b)->bytes == KAM_BOX_BYTES);
  take(r->b);
  check(waiting(r->b) == 2 && inbox(r->b)->bytes == 2);
}

static void unbounded_must_be_asked_for(struct rig *r)
{
  int i;
  join(r->a, r->b);
  bound(r->b, KAM_BOX_UNBOUNDED);
  for (i = 0; i < 100000; i++)
    check(kam_outbox_send(outbox(r->a), payload(1 << 20)) == KAM_SENT);
  check(waiting(r->b) == 100000);
}

static void the_oldest_is_dropped(struct rig *r)
{
  int i;
  join(r->a, r->b);
  kam_inbox_bound(inbox(r->b), 3, KAM_POLICY_DROP_OLDEST);
  for (i = 1; i <= 5; i++)
    check(put(r->a, i) == KAM_SENT);
  check(lost(r, KAM_LOST_DROPPED) == 2);
  check(take(r->b) == 3 && take(r->b) == 4 && take(r->b) == 5);
}

static void the_newest_is_dropped(struct rig *r)
{
  int i;
  join(r->a, r->b);
  kam_inbox_bound(inbox(r->b), 3, KAM_POLICY_DROP_NEWEST);
  for (i = 1; i <= 5; i++)
    check(put(r->a, i) == KAM_SENT);
  check(lost(r, KAM_LOST_DROPPED) == 2);
  check(take(r->b) == 1 && take(r->b) == 2 && take(r->b) == 3);
}

static void a_link_has_terms_of_its_own(struct rig *r)
{
  struct kam_link_terms terms = {.limit = 1, .policy = KAM_POLICY_DROP_NEWEST};
  struct kam_link *l;
  check(kam_link_new(&outbox(r->a)->port, &inbox(r->b)->port, &terms, &l) == 0);
  join(r->c, r->b);
  check(put(r->a, 1) == KAM_SENT && put(r->a, 2) == KAM_SENT);
  check(put(r->c, 3) == KAM_WAIT); /* the box itself says wait */
  check(lost(r, KAM_LOST_DROPPED) == 1);
  kam_link_cut(l);
  join(r->a, r->b);
  check(kam_outbox_try(outbox(r->a), kam_msg_int(4)) == KAM_FULL);
  check(take(r->b) == 1 && take(r->b) == 3);
}

static void control_is_never_full(struct rig *r)
{
  struct kam_inbox *control = &r->b->party.in[KAM_CONTROL];
  int i;
  check(kam_connect(r->a, "outbox", r->b, "control") == 0);
  for (i = 0; i < 1000; i++)
    check(put(r->a, i) == KAM_SENT);
  check(kam_outbox_send(outbox(r->a), kam_msg_signal(KAM_FINISHED)) ==
        KAM_SENT);
  check(r->b->party.told == KAM_FINISHED); /* told, not queued */
  check(kam_inbox_len(control) == 1000);
  for (i = 0; i < 1000; i++)
    check(kam_inbox_take(control).u.i == i);
}

static void what_the_runtime_sends_never_waits(struct rig *r)
{
  join(r->a, r->b);
  bound(r->b, 1);
  check(put(r->a, 1) == KAM_SENT && put(r->a, 2) == KAM_WAIT);
  check(kam_inbox_inject(inbox(r->b), kam_msg_int(3)) == 0);
  check(waiting(r->b) == 2);
  check(take(r->b) == 1 && take(r->b) == 3 && take(r->b) == 2);
}

/* --- B5 --- */

static void who_waits_comes_in_turn(struct rig *r)
{
  join(r->a, r->e);
  join(r->b, r->e);
  join(r->c, r->e);
  bound(r->e, 1);
  check(put(r->a, 1) == KAM_SENT);
  check(put(r->b, 2) == KAM_WAIT && put(r->c, 3) == KAM_WAIT);
  check(take(r->e) == 1 && waiting(r->e) == 1 && held(r) == 1);
  check(r->b->party.ready && r->b->party.outcome == KAM_SENT);
  check(!r->c->party.ready);
  check(put(r->a, 4) == KAM_WAIT); /* behind c, who waits already */
  check(take(r->e) == 2 && take(r->e) == 3 && take(r->e) == 4);
}

static void a_small_one_does_not_overtake(struct rig *r)
{
  join(r->a, r->d);
  join(r->b, r->d);
  join(r->c, r->d);
  put(r->a, 1);
  inbox(r->d)->max_bytes = 50;
  check(kam_outbox_send(outbox(r->a), payload(30)) == KAM_SENT);
  check(kam_outbox_send(outbox(r->a), payload(40)) == KAM_WAIT);
  check(kam_outbox_send(outbox(r->b), payload(10)) == KAM_WAIT);
  check(take(r->d) == 1 && held(r) == 2);
  kam_component_kill(r->a); /* the next in line does fit */
  check(held(r) == 0 && take(r->d) == 30 && take(r->d) == 10);
}

static void a_wider_bound_lets_them_in(struct rig *r)
{
  join(r->a, r->c);
  join(r->b, r->c);
  bound(r->c, 1);
  put(r->a, 1);
  check(put(r->a, 2) == KAM_WAIT && put(r->b, 3) == KAM_WAIT);
  bound(r->c, 2);
  check(waiting(r->c) == 2 && held(r) == 1 && r->a->party.ready);
}

static void they_go_on_when_the_receiver_ends(struct rig *r)
{
  join(r->a, r->c);
  join(r->b, r->c);
  bound(r->c, 1);
  put(r->a, 1);
  check(put(r->a, 2) == KAM_WAIT && put(r->b, 3) == KAM_WAIT);
  kam_component_kill(r->c);
  check(held(r) == 0 && lost(r, KAM_LOST_GONE) == 2);
  check(lost(r, KAM_LOST_STOPPED) == 1);
  check(r->a->party.outcome == KAM_NOBODY && r->a->party.ready);
  check(put(r->b, 4) == KAM_NOBODY && lost(r, KAM_LOST_GONE) == 3);
}

static void told_to_end_now_it_waits_no_more(struct rig *r)
{
  join(r->a, r->c);
  join(r->b, r->c);
  bound(r->c, 1);
  put(r->a, 1);
  check(put(r->a, 2) == KAM_WAIT && put(r->b, 3) == KAM_WAIT);
  join(r->d, r->c);
  check(put(r->d, 30) == KAM_WAIT);
  kam_party_tell(&r->d->party, KAM_SHUTDOWN); /* the last in line */
  check(held(r) == 2 && lost(r, KAM_LOST_STOPPED) == 1);
  kam_party_tell(&r->a->party, KAM_SHUTDOWN); /* and the first */
  check(held(r) == 1 && lost(r, KAM_LOST_STOPPED) == 2);
  check(put(r->a, 4) == KAM_TOLD_STOP && lost(r, KAM_LOST_STOPPED) == 3);
  check(take(r->c) == 1 && take(r->c) == 3);
  check(put(r->a, 5) == KAM_SENT); /* what fits is delivered */
}

static void a_send_to_itself_does_not_wait(struct rig *r)
{
  join(r->a, r->a);
  bound(r->a, 1);
  check(put(r->a, 1) == KAM_SENT && put(r->a, 2) == KAM_ESELF);
  check(lost(r, KAM_LOST_ERROR) == 1 && held(r) == 0);
}

/* --- B6, and ends --- */

static void each_loss_has_its_reason(struct rig *r)
{
  struct kam_link *l = join(r->b, r->c);
  put(r->a, 1);
  check(lost(r, KAM_LOST_UNLINKED) == 1);
  outbox(r->a)->port.flags |= KAM_PORT_NULLED;
  put(r->a, 2);
  check(lost(r, KAM_LOST_NULLED) == 1 && lost(r, KAM_LOST_UNLINKED) == 1);
  put(r->b, 3);
  put(r->b, 4);
  kam_link_cut(l);
  kam_component_kill(r->c);
  check(lost(r, KAM_LOST_STOPPED) == 2);
  check(kam_registry(r->rt)->forced == 2);
}

static void losses_are_told_once(struct rig *r)
{
  const struct kam_loss *loss;
  kam_outbox_send(&r->a->party.out[KAM_OUT_EXTRA], kam_msg_int(1));
  put(r->a, 1);
  put(r->a, 2);
  kam_component_kill(r->a);
  loss = kam_registry(r->rt)->losses;
  check(loss && !loss->next); /* nothing of the optional box */
  check(loss->count == 2 && loss->reason == KAM_LOST_UNLINKED);
  check(!strcmp(loss->name, "Plain") && !strcmp(loss->box, "outbox"));
}

/* What the host heard: the counts of sums, and how many lines. */
struct heard {
  unsigned lines;
  uint64_t count;
  bool sum;
  char said[128];
};

static void hear(void *ctx, const struct kam_warning *w)
{
  struct heard *h = ctx;
  h->lines++;
  h->count = w->count;
  h->sum = w->told;
  snprintf(h->said, sizeof h->said, "%s %s %.60s", w->code, w->name, w->text);
}

static void a_warning_is_told_once_and_then_summed(struct rig *r)
{
  struct kam_registry *reg = kam_registry(r->rt);
  struct heard h = {0};
  int i;
  reg->hooks.ctx = &h;
  reg->hooks.warned = hear;
  kam_component_warn(r->a, "W0011", "full of 1");
  check(h.lines == 1 && !h.sum && !strcmp(h.said, "W0011 Plain full of 1"));
  for (i = 2; i < 1000; i++)
    kam_component_warn(i % 2 ? r->a : r->b, "W0011", "full of some");
  check(h.lines == 1);
  kam_component_warn(r->a, "W0012", "another code");
  check(h.lines == 2 && !h.sum);
  reg->world.now += UINT64_C(60000000000);
  kam_component_warn(r->b, "W0011", "full of 1000");
  check(h.lines == 3 && h.sum && h.count == 999);
  check(!strcmp(h.said, "W0011 Plain 2 full of 1000"));
  kam_component_warn(r->a, "W0011", "full of 1001");
  r->c->line = 7; /* made elsewhere */
  kam_component_warn(r->c, "W0011", "full of 1002");
  check(h.lines == 4 && !h.sum);
  kam_registry_tell_warnings(reg);
  check(h.lines == 5 && h.sum && h.count == 1);
  kam_registry_tell_warnings(reg);
  check(h.lines == 5);
  reg->hooks.warned = NULL;
}

static void the_last_feeder_closes_a_box(struct rig *r)
{
  struct kam_link *l;
  join(r->a, r->d);
  join(r->b, r->d);
  l = join(r->c, r->d);
  kam_component_kill(r->a);
  kam_link_cut(l); /* which is no end */
  check(!(inbox(r->d)->port.flags & KAM_PORT_CLOSED));
  kam_component_kill(r->b);
  check(inbox(r->d)->port.flags & KAM_PORT_CLOSED);
  l = join(r->c, r->d);
  check(!(inbox(r->d)->port.flags & KAM_PORT_CLOSED));
  kam_link_cut(l);
  check(!(inbox(r->d)->port.flags & KAM_PORT_CLOSED));
}

static void an_end_is_passed_through_later_too(struct rig *r)
{
  struct kam_component *frame = make(r, FRAME);
  join(r->a, frame);
  kam_component_kill(r->a);
  check(inbox(frame)->port.flags & KAM_PORT_CLOSED);
  pass_in(frame, r->b);
  check(inbox(r->b)->port.flags & KAM_PORT_CLOSED);
}

static void what_leads_to_the_dead_leads_nowhere(struct rig *r)
{
  struct kam_component *frame = make(r, FRAME);
  pass_in(frame, r->b);
  kam_component_kill(r->b);
  join(r->a, frame); /* after the end of who was behind it */
  check(put(r->a, 1) == KAM_NOBODY && lost(r, KAM_LOST_GONE) == 1);
  pass_in(frame, r->c);
  check(put(r->a, 2) == KAM_SENT && take(r->c) == 2);
}

static void an_added_box_ends_with_its_owner(struct rig *r)
{
  struct kam_box_spec spec = {.name = "more", .limit = 1};
  unsigned i;
  check(kam_component_add_inbox(r->b, &spec, &i) == 0);
  check(kam_connect(r->a, "outbox", r->b, "more") == 0);
  check(put(r->a, 1) == KAM_SENT && put(r->a, 2) == KAM_WAIT);
  kam_component_kill(r->b);
  check(lost(r, KAM_LOST_STOPPED) == 1 && lost(r, KAM_LOST_GONE) == 1);
  check(put(r->a, 3) == KAM_NOBODY);
}

static void a_removed_outbox_takes_back_what_it_sent(struct rig *r)
{
  struct kam_box_spec spec = {.name = "more"};
  struct kam_outbox *more;
  unsigned i;
  check(kam_component_add_outbox(r->a, &spec, &i) == 0);
  more = kam_party_outbox(&r->a->party, i);
  check(kam_connect(r->a, "more", r->b, "inbox") == 0);
  bound(r->b, 1);
  check(kam_outbox_send(more, kam_msg_int(1)) == KAM_SENT);
  check(kam_outbox_send(more, kam_msg_int(2)) == KAM_WAIT);
  check(kam_component_remove_outbox(r->a, OUT) == KAM_ESTATE);
  check(kam_component_remove_outbox(r->a, i) == 0);
  check(held(r) == 0 && lost(r, KAM_LOST_REMOVED) == 1);
  check(take(r->b) == 1 && (inbox(r->b)->port.flags & KAM_PORT_CLOSED));
}

static void a_closing_box_takes_no_more(struct rig *r)
{
  check(kam_component_adopt(r->a, r->b) == 0);
  join(r->c, r->a);
  kam_start(r->a);
  put(r->c, 1);
  kam_component_finish(r->a); /* it waits for its child */
  check(r->a->state == KAM_CLOSING && lost(r, KAM_LOST_GONE) == 1);
  check(put(r->c, 2) == KAM_NOBODY && lost(r, KAM_LOST_GONE) == 2);
  check(kam_connect(r->d, "outbox", r->a, "inbox") == KAM_EGONE);
  check(kam_inbox_inject(inbox(r->a), kam_msg_int(3)) == KAM_EGONE);
  check(lost(r, KAM_LOST_GONE) == 3);
}

#define CLAUSES(X)                                                             \
  X(straight_to_the_last_inbox)                                                \
  X(in_order_across_relinking)                                                 \
  X(an_outbox_feeds_one)                                                       \
  X(several_boxes_are_lent_to_one)                                             \
  X(circles_are_refused)                                                       \
  X(kinds_that_never_fit_are_refused)                                          \
  X(what_waits_must_fit_too)                                                   \
  X(linking_onward_moves_what_waits)                                           \
  X(a_removed_box_counts_what_it_held)                                         \
  X(a_bound_of_256)                                                            \
  X(a_bound_in_bytes)                                                          \
  X(unbounded_must_be_asked_for)                                               \
  X(the_oldest_is_dropped)                                                     \
  X(the_newest_is_dropped)                                                     \
  X(a_link_has_terms_of_its_own)                                               \
  X(control_is_never_full)                                                     \
  X(what_the_runtime_sends_never_waits)                                        \
  X(who_waits_comes_in_turn)                                                   \
  X(a_small_one_does_not_overtake)                                             \
  X(a_wider_bound_lets_them_in)                                                \
  X(they_go_on_when_the_receiver_ends)                                         \
  X(told_to_end_now_it_waits_no_more)                                          \
  X(a_send_to_itself_does_not_wait)                                            \
  X(each_loss_has_its_reason)                                                  \
  X(losses_are_told_once)                                                      \
  X(a_warning_is_told_once_and_then_summed)                                    \
  X(the_last_feeder_closes_a_box)                                              \
  X(an_end_is_passed_through_later_too)                                        \
  X(what_leads_to_the_dead_leads_nowhere)                                      \
  X(an_added_box_ends_with_its_owner)                                          \
  X(a_removed_outbox_takes_back_what_it_sent)                                  \
  X(a_closing_box_takes_no_more)

static const struct clause {
  const char *name;
  void (*hold)(struct rig *r);
} clauses[] = {
#define CLAUSE(name) {#name, name},
    CLAUSES(CLAUSE)
#undef CLAUSE
};

static void no_trace(void *ctx, const struct kam_event *e)
{
  ++*(uint64_t *)ctx;
  check(e->number == *(uint64_t *)ctx);
}

/* Once on the fast path, and once with somebody who watches. */
static void play(const struct clause *clause, bool watched)
{
  struct rig r;
  uint64_t events = 0;
  snprintf(check_scene, sizeof check_scene, "spec_box: %s%s", clause->name,
           watched ? ", watched" : "");
  check(kam_runtime_new(&r.rt) == 0);
  if (watched) {
    kam_registry(r.rt)->world.trace = no_trace;
    kam_registry(r.rt)->world.trace_ctx = &events;
  }
  r.a = make(&r, PLAIN);
  r.b = make(&r, PLAIN);
  r.c = make(&r, PLAIN);
  r.d = make(&r, PLAIN);
  r.e = make(&r, PLAIN);
  clause->hold(&r);
  check_runtime(kam_registry(r.rt));
  kam_sched_kill(&r.rt->loop.sched);
  check_runtime(kam_registry(r.rt));
  kam_runtime_free(r.rt);
}

int main(void)
{
  unsigned i;
  check_begin();
  for (i = 0; i < sizeof clauses / sizeof *clauses; i++) {
    play(&clauses[i], false);
    play(&clauses[i], true);
  }
  printf("spec_box: %u clauses hold\n", i);
  return 0;
}
