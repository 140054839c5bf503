/* box: bounded inboxes, outboxes, and the party that owns them.
 *
 *     outbox ──sink──> inbox ring [ t . . p . . . . ]   put - taken = length
 *                      first, last ──> parties that wait for room, each of
 *                                      which has left its message with itself
 *
 * An outbox stores nothing: a send goes straight into the last inbox of the
 * chain, which link.h has worked out. put and taken are the accounting. */
#ifndef KAM_BOX_H
#define KAM_BOX_H

#include "core/world.h"

enum {
  KAM_BOX_MESSAGES = 256,          /* the bound of a box that sets none */
  KAM_BOX_KEPT = 16,               /* slots that an idle box keeps */
  KAM_BOX_BYTES = 8 * 1024 * 1024, /* of payload */
  KAM_BOX_UNBOUNDED = 0x7fffffff
};

/* What a full box does with what comes. */
enum kam_policy {
  KAM_POLICY_UNSET,
  KAM_POLICY_WAIT, /* the sender waits */
  KAM_POLICY_DROP_OLDEST,
  KAM_POLICY_DROP_NEWEST
};

/* What a component declares about one box. */
struct kam_box_spec {
  const char *name;
  const char *doc;
  unsigned kinds; /* sum of kam_kinds; 0: any */
  uint32_t limit; /* messages; 0: KAM_BOX_MESSAGES */
  enum kam_policy policy;
  bool optional; /* unlinked: what is sent here may vanish unsaid */
  bool open;     /* others come and go: it ends only when told */
  bool absent;   /* a standard box that this component does not have */
};

enum kam_port_flags {
  KAM_PORT_OUT = 1,         /* an outbox */
  KAM_PORT_CONTROL = 2,     /* the inbox called control */
  KAM_PORT_SIGNAL = 4,      /* the outbox called signal */
  KAM_PORT_FED = 8,         /* something was linked to it once */
  KAM_PORT_CLOSED = 16,     /* all that fed it have ended */
  KAM_PORT_GONE = 32,       /* who would receive from here has ended */
  KAM_PORT_LENT = 64,       /* a box of a child was passed through it once */
  KAM_PORT_NULLED = 128,    /* linked to null, or to one that ends early and
                               has: discards on purpose */
  KAM_PORT_SAID = 256,      /* a signal that has been sent, or has come */
  KAM_PORT_PIPED = 512,     /* and its owner ends when its receiver has */
  KAM_PORT_BARREN = 1024,   /* and the receiver ended before it took any */
  KAM_PORT_INNER = 2048,    /* and the receiver was a child of the owner */
  KAM_PORT_SHUT = 4096,     /* its owner takes no more */
  KAM_PORT_ENDS = 8192,     /* the ends of others are told here */
  KAM_PORT_AWAITED = 16384, /* its owner has waited for a message in it */
  KAM_PORT_LEFT = 32768 /* its owner has ended as it was empty for a moment */
};

struct kam_link;

/* One end that a link can name; part of each box. */
struct kam_port {
  struct kam_party *owner;
  const struct kam_box_spec *spec;
  struct kam_link *to;   /* the link that leaves here, at most one */
  struct kam_link *from; /* the first of those that come in */
  uint16_t index;        /* among its owner's inboxes or outboxes */
  uint16_t flags;        /* kam_port_flags */
  uint32_t feeders;      /* incoming links that have not ended */
};

/* Counters that most boxes never need. */
struct kam_box_cold {
  uint64_t lost[KAM_REASON_COUNT];
  uint64_t lost_inside; /* of these, what had been put before */
  uint64_t moved_in, moved_out;
};

struct kam_inbox {
  struct kam_port port; /* must be first */
  struct kam_msg *ring; /* NULL until the first message */
  uint64_t put, taken;
  uint64_t bytes; /* payload of what waits */
  uint32_t size;  /* what fits without a look; 0: look each time */
  uint32_t mask;  /* slots - 1 */
  uint32_t limit; /* messages */
  uint8_t armed;  /* its owner waits for it */
  uint8_t policy; /* kam_policy */
  uint16_t kinds; /* what it takes */
  uint64_t max_bytes;
  struct kam_party *first, *last; /* senders that wait, in order */
  struct kam_box_cold *cold;      /* NULL until needed */
};

struct kam_outbox {
  struct kam_port port;   /* must be first */
  struct kam_inbox *sink; /* where a send goes, or NULL */
  uint64_t sent;
  uint32_t policy;           /* of its link; overrides the inbox's */
  struct kam_box_cold *cold; /* NULL until needed */
};

enum kam_party_flags {
  KAM_PARTY_SETTLE = 1,   /* an end came: look before the next step */
  KAM_PARTY_WAITED = 2,   /* it waited although its boxes are not empty */
  KAM_PARTY_STARTED = 4,  /* has run */
  KAM_PARTY_ENDED = 8,    /* its boxes are no more */
  KAM_PARTY_OUTSIDE = 16, /* a handle: ordinary code acts for it */
  KAM_PARTY_PASSIVE = 32, /* a chassis: it only has children */
  KAM_PARTY_SUSPECT = 64, /* one of its feeders has ended, others live */
  KAM_PARTY_STOPPED = 128 /* has been seen to be told to end now */
};

/* What a party waits for. */
enum kam_waits {
  KAM_WAITS_NOT,
  KAM_WAITS_BOX,  /* one box */
  KAM_WAITS_ANY,  /* any of its boxes */
  KAM_WAITS_ROOM, /* its message is held */
  KAM_WAITS_TIME, /* only for time to pass */
  KAM_WAITS_CHILDREN
};

/* The owner of boxes, as boxes see it: the first part of every component. */
struct kam_party {
  struct kam_world *world;
  uint8_t ready;               /* is in the run queue */
  uint8_t waits;               /* kam_waits */
  uint8_t told;                /* kam_told */
  uint8_t notice;              /* kam_told that its control still has for it */
  uint8_t outcome;             /* kam_sent of the message that was held last */
  uint16_t flags;              /* kam_party_flags */
  uint16_t n_in, n_out;        /* boxes of its declaration */
  uint16_t more_in, more_out;  /* and places of those added later */
  uint32_t took, gave;         /* in this run */
  struct kam_inbox *in;        /* n_in of them */
  struct kam_outbox *out;      /* n_out of them */
  struct kam_inbox **added_in; /* more_in; NULL where one was removed */
  struct kam_outbox **added_out;
  struct kam_inbox *waits_for; /* KAM_WAITS_BOX */
  struct kam_msg held;         /* KAM_WAITS_ROOM */
  struct kam_inbox *held_in;
  struct kam_outbox *held_from;
  struct kam_party *held_next;
};

/* The standard boxes, as indices. */
enum { KAM_INBOX, KAM_CONTROL, KAM_IN_EXTRA };
enum { KAM_OUTBOX, KAM_SIGNAL_OUT, KAM_OUT_EXTRA };

/* Results of a send that are no errors. */
enum kam_sent {
  KAM_SENT,      /* in the box, or discarded and counted as declared */
  KAM_WAIT,      /* held: the sender may go on when it is in */
  KAM_NOBODY,    /* the receiver has ended; counted */
  KAM_TOLD_STOP, /* told to end now, and there was no room; counted */
  KAM_FULL       /* only from kam_outbox_try: the caller still owns it */
};

/* Makes the party able to run. */
static inline void kam_party_wake(struct kam_party *p)
{
  if (p->ready)
    return;
  p->ready = 1;
  kam_queue_push(&p->world->ready, p);
  if (p->world->trace)
    kam_world_trace(p->world,
                    (struct kam_event){.kind = KAM_EVENT_WOKEN, .party = p});
}

/* Tells a party to end; telling it twice, or less than before, does nothing.
 * What it holds while told to end now is discarded. */
void kam_party_tell(struct kam_party *p, enum kam_told told);

/* Takes back the message that p holds, and discards it as reason says. */
void kam_party_withdraw(struct kam_party *p, enum kam_reason reason);

void kam_inbox_init(struct kam_inbox *b, struct kam_party *owner,
                    const struct kam_box_spec *spec, unsigned index);
void kam_outbox_init(struct kam_outbox *o, struct kam_party *owner,
                     const struct kam_box_spec *spec, unsigned index);

/* Discards what waits there as reason says, lets those go on who wait for
 * room, and adds its counters to the world's. Gives how many messages that
 * waited were lost. */
uint64_t kam_inbox_fini(struct kam_inbox *b, enum kam_reason reason);
void kam_outbox_fini(struct kam_outbox *o);

/* Adds a box's counters to t. */
void kam_inbox_count(const struct kam_inbox *b, struct kam_totals *t);
void kam_outbox_count(const struct kam_outbox *o, struct kam_totals *t);

void kam__inbox_free_ring(struct kam_inbox *b);

/* Its owner is about to wait: a ring that a burst has made large goes back to
 * its pool while nothing waits; its size is remembered. */
static inline void kam_inbox_rest(struct kam_inbox *b)
{
  if (b->mask >= KAM_BOX_KEPT && b->ring && b->put == b->taken)
    kam__inbox_free_ring(b);
}

static inline uint64_t kam_inbox_len(const struct kam_inbox *b)
{
  return b->put - b->taken;
}

/* Sets the bound and the policy; what waits stays, and held messages come in
 * if there is room now. */
void kam_inbox_bound(struct kam_inbox *b, uint32_t limit,
                     enum kam_policy policy);

/* Works out b->size anew. */
void kam_inbox_tune(struct kam_inbox *b);

/* Puts m behind all that waits, without regard to the bound: for the runtime.
 * Takes m. 0, or KAM_EGONE, KAM_EKIND or KAM_ENOMEM, and then m was
 * discarded. */
int kam_inbox_inject(struct kam_inbox *b, struct kam_msg m);

/* Does to take all that waits in b, and what is held for it? */
bool kam_inbox_fits(const struct kam_inbox *b, const struct kam_inbox *to);

/* Moves all that waits in b, and who waits for room in it, to the end of to.
 * 0, or KAM_ENOMEM and nothing has moved. */
int kam_inbox_move(struct kam_inbox *b, struct kam_inbox *to);

/* Counts a message that is not sent on. Takes m. */
void kam_inbox_lose(struct kam_inbox *b, struct kam_msg m,
                    enum kam_reason reason);
void kam_outbox_lose(struct kam_outbox *o, struct kam_msg m,
                     enum kam_reason reason);

int kam__outbox_send_slow(struct kam_outbox *o, struct kam_msg m);
void kam__inbox_admit(struct kam_inbox *b);
void kam__inbox_took(struct kam_inbox *b, const struct kam_msg *m);

/* Is there room without a look at anything else? */
static inline bool kam__inbox_easy(const struct kam_inbox *b, uint32_t len)
{
  return b && b->put - b->taken < b->size && b->bytes + len <= b->max_bytes;
}

static inline void kam__inbox_put(struct kam_inbox *b, struct kam_msg m)
{
  b->ring[b->put++ & b->mask] = m;
  b->bytes += m.len;
  if (b->armed)
    kam_party_wake(b->port.owner);
}

/* Sends m; takes it in every case. A kam_sent, or a negative code, and then m
 * was discarded as an error. */
static inline int kam_outbox_send(struct kam_outbox *o, struct kam_msg m)
{
  o->sent++;
  if (kam__inbox_easy(o->sink, m.len) && !o->port.owner->world->trace) {
    kam__inbox_put(o->sink, m);
    return KAM_SENT;
  }
  return kam__outbox_send_slow(o, m);
}

/* The same, but never waits: KAM_FULL, and the caller still owns m. */
int kam_outbox_try(struct kam_outbox *o, struct kam_msg m);

/* Does a component hear what is sent here, or is it linked to null on purpose?
 * A handle is deaf in this: ordinary code is told by a failure. Asked by those
 * that send what is wrong to a box error, if there is one, and else fail. */
static inline bool kam_outbox_heard(const struct kam_outbox *o)
{
  return (o->port.flags & KAM_PORT_NULLED) ||
         (o->sink && !(o->sink->port.owner->flags & KAM_PARTY_OUTSIDE));
}

/* Takes the oldest message, which must be there, and lets in the first of
 * those that wait. The caller owns it. */
static inline struct kam_msg kam_inbox_take(struct kam_inbox *b)
{
  struct kam_msg m = b->ring[b->taken++ & b->mask];
  b->bytes -= m.len;
  if (b->first)
    kam__inbox_admit(b);
  if (b->port.owner->world->trace)
    kam__inbox_took(b, &m);
  return m;
}

#endif
