/* component: instances, their boxes, options and owners, and what a step calls.
 *
 *     MADE ──activate──> ACTIVE ──main returns, fails, is stopped──> CLOSING
 *                                            children have ended ──> ENDED
 *
 * How they end is in life.h. */
#ifndef KAM_COMPONENT_H
#define KAM_COMPONENT_H

#include "core/bytes.h"
#include "core/err.h"
#include "core/kind.h"
#include "core/link.h"

enum kam_state { KAM_MADE, KAM_ACTIVE, KAM_CLOSING, KAM_ENDED };

enum kam_component_flags {
  KAM_COMPONENT_OPEN = 1, /* open has run */
  KAM_COMPONENT_FAILED = 2,
  KAM_COMPONENT_WATCHED = 4,    /* its failure is somebody's to deal with */
  KAM_COMPONENT_ASKED = 8,      /* has passed on producerFinished */
  KAM_COMPONENT_STOPPED = 16,   /* has passed on shutdownMicroprocess */
  KAM_COMPONENT_QUEUED = 32,    /* is to be finished */
  KAM_COMPONENT_DONE = 64,      /* its main has returned by itself */
  KAM_COMPONENT_FORCED = 128,   /* ended by force */
  KAM_COMPONENT_RANG = 256,     /* its alarm has gone off */
  KAM_COMPONENT_ASKED_OF = 512, /* a request that came has no answer yet */
  KAM_COMPONENT_RETURNS = 1024, /* what it leaves unread goes to its owner */
  KAM_COMPONENT_UNHEARD = 2048, /* told to end as its receivers had ended */
  KAM_COMPONENT_LEFT = 4096,    /* to end although services go on */
  KAM_COMPONENT_CUT = 8192      /* unheard, with something to do later */
};

struct kam_component {
  struct kam_party party; /* must be first */
  const struct kam_shape *shape;
  int (*step)(struct kam_component *c); /* of its kind */
  struct kam_component *owner, *first, *last, *next, *prev;
  struct kam_timer *alarm; /* NULL until the first */
  char *name;              /* given to it, or NULL */
  char *failure;           /* why it failed, or NULL */
  uint64_t seen;           /* messages that had come at its last pause */
  uint64_t number;         /* among those of its kind, from 1 */
  uint64_t order;          /* among all, from 1 */
  uint32_t slot;
  uint32_t pins;     /* who needs the struct although it has ended */
  uint32_t children; /* that have not ended */
  uint32_t outside;  /* handles, jobs: what may wake it from outside */
  uint32_t line;     /* where it was made */
  uint32_t mark;     /* scratch of who looks at the whole system */
  uint64_t since;    /* when it last ran */
  uint64_t alarm_at; /* its alarm, or 0 before the first */
  uint64_t rings_at; /* the same as traces show it */
  uint16_t flags;    /* kam_component_flags */
  uint8_t state;     /* kam_state */
  uint32_t near;     /* the outbox that was asked for by name last */
  const char *file;  /* borrowed from the host, or NULL */
  void *host;        /* the host's own */
};

/* What is said of a loss when the system ends. */
struct kam_loss {
  struct kam_loss *next;
  uint64_t count;                /* may be 0: nothing to say, unless stopped */
  const struct kam_port *sender; /* who still may send more, or NULL */
  enum kam_reason reason;
  bool inside;  /* of an inbox: the receiver ended before it took any */
  bool left;    /* or went on from there, but left when it was empty */
  bool idle;    /* the receiver had not even waited for one */
  bool stopped; /* so who feeds it was stopped */
  bool linked;  /* nobody was linked then, and somebody is now */
  uint32_t line;
  const char *file;
  char name[64], box[64], feeder[64];
};

struct kam_slot {
  struct kam_component *component; /* NULL: free */
  uint32_t generation;
  uint32_t next_free;
};

struct kam_warning;

/* What the host language is told; any may be NULL. */
struct kam_hooks {
  void *ctx;
  /* A component has failed and nobody watches it. */
  void (*failed)(void *ctx, struct kam_component *c);
  /* A watched one has ended, or one whose host part is to be given back. */
  void (*ended)(void *ctx, struct kam_component *c);
  /* A component has warned; see warn.h. */
  void (*warned)(void *ctx, const struct kam_warning *w);
};

struct kam_registry {
  struct kam_world world; /* must be first */
  struct kam_hooks hooks;
  struct kam_slot *slots;
  uint32_t n_slots, free_slot;        /* 0: none; slot 0 is never used */
  struct kam_component *first, *last; /* those without an owner */
  struct kam_queue finishing;         /* to be ended between two steps */
  struct kam_queue stopped;           /* told to end now, not yet looked at */
  uint64_t existing;                  /* structs */
  uint64_t active;                    /* that run() waits for */
  uint64_t outside;  /* holds: what may still wake a component */
  uint64_t made;     /* so far */
  uint64_t moves;    /* of components to and from their owners */
  uint64_t failures; /* that reached the top */
  uint64_t forced;   /* messages lost by force */
  struct kam_loss *losses, **losses_end;
  struct kam_warning *warnings; /* of each kind the last; see warn.h */
  bool asked;                   /* all have been asked, or told, to end */
  bool separate;           /* a failure at the top leaves the others alone */
  struct kam_wheel *wheel; /* of the scheduler above */
};

static inline struct kam_registry *kam_registry_of(const struct kam_party *p)
{
  return (struct kam_registry *)p->world;
}

int kam_registry_init(struct kam_registry *r);
void kam_registry_fini(struct kam_registry *r);

/* An instance with its options at their fallbacks, not yet active; it belongs
 * to the registry. 0 or KAM_ENOMEM. */
int kam_component_new(struct kam_registry *r, struct kam_shape *shape,
                      struct kam_component **out);

/* Sets an option: 0, KAM_EOPTION (unknown, wrong type or value, or not to be
 * changed while it runs) or KAM_ENOMEM. */
int kam_component_set(struct kam_component *c, const char *name,
                      const struct kam_value *value);

/* A number that names it for ever, and the component of that number, or NULL
 * when it has ended. Borrowed. */
uint64_t kam_component_id(const struct kam_component *c);
struct kam_component *kam_component_get(const struct kam_registry *r,
                                        uint64_t id);

/* Its given name, or its kind's, with its number if it is not the first. */
void kam_component_name(const struct kam_component *c, char *buf, size_t size);

/* 0 or KAM_ENOMEM. */
int kam_component_rename(struct kam_component *c, const char *name);

/* Makes c a child: it is started with its owner, and ends with it. 0, or
 * KAM_ESTATE if it has an owner, runs already or has ended. */
int kam_component_adopt(struct kam_component *owner, struct kam_component *c);

/* Takes an ending one out of its owner's list. */
void kam_component_leave(struct kam_component *c);

/* Starts it, and then its children in the order of their making. */
void kam_component_activate(struct kam_component *c);

/* The struct of an ended one is freed when nobody pins it and it stands in no
 * queue: to be called by who has unpinned it, or taken it out of one. */
void kam_component_unpin(struct kam_component *c);
void kam_component_reap(struct kam_component *c);

/* Adds a box; spec is copied, its strings too. *index is its place. 0,
 * KAM_ENAME or KAM_ENOMEM. */
int kam_component_add_inbox(struct kam_component *c,
                            const struct kam_box_spec *spec, unsigned *index);
int kam_component_add_outbox(struct kam_component *c,
                             const struct kam_box_spec *spec, unsigned *index);

/* Removes an added one: 0, or KAM_ESTATE if it was declared. */
int kam_component_remove_inbox(struct kam_component *c, unsigned index);
int kam_component_remove_outbox(struct kam_component *c, unsigned index);

/* Boxes by name, or NULL. Borrowed. */
struct kam_inbox *kam_component_inbox(const struct kam_component *c,
                                      const char *name);
struct kam_outbox *kam_component_outbox(struct kam_component *c,
                                        const char *name);

/* Is something in its boxes that had not come at its last pause? The first
 * such box, control included, or NULL. */
struct kam_inbox *kam_component_news(struct kam_component *c);

/* --- for a step --- */

/* Takes the oldest message of an inbox: false if there is none now. */
static inline bool kam_take(struct kam_component *c, unsigned in,
                            struct kam_msg *m)
{
  struct kam_inbox *b = &c->party.in[in];
  if (b->put == b->taken || c->party.told == KAM_SHUTDOWN)
    return false;
  *m = kam_inbox_take(b);
  return true;
}

/* Sends m, and takes it in every case. KAM_WAIT: return KAM_BLOCKED; the step
 * is not called before it is in. */
static inline int kam_send(struct kam_component *c, unsigned out,
                           struct kam_msg m)
{
  if (m.flags & KAM_MSG_SLICE)
    kam_bytes_compact(&m);
  return kam_outbox_send(&c->party.out[out], m);
}

/* Has the message that it sent last not got in yet? */
static inline bool kam_is_held(const struct kam_component *c)
{
  return c->party.held.tag != KAM_NOTHING;
}

/* Will nothing more come in this inbox, and is it empty? */
static inline bool kam_over(const struct kam_component *c, unsigned in)
{
  const struct kam_inbox *b = &c->party.in[in];
  return c->party.told == KAM_SHUTDOWN ||
         (b->put == b->taken && !b->first &&
          ((b->port.flags & KAM_PORT_CLOSED) || c->party.told));
}

/* Does what is sent here go to one that copies parts of files? */
bool kam_reaches_copier(const struct kam_component *c, unsigned out);

/* The runtime's memory, for what a component keeps. */
static inline struct kam_mem *kam_mem_of(struct kam_component *c)
{
  return &c->party.world->mem;
}

/* Something outside can wake c from now on, or no longer: while it can, the
 * system is not stalled, and c's struct lives. */
void kam_component_hold(struct kam_component *c);
void kam_component_unhold(struct kam_component *c);

#endif
