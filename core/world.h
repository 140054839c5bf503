/* world: what all components of one runtime share, below the scheduler: memory,
 * the host language, who can run, the trace hook, and the sums of what was
 * sent and of what became of it. One thread uses it, the loop's. */
#ifndef KAM_WORLD_H
#define KAM_WORLD_H

#include "core/msg.h"
#include "core/queue.h"

/* Why a message was discarded. */
#define KAM_REASONS(X)                                                         \
  X(UNLINKED, "unlinked") /* sent to an outbox that nobody is linked to */     \
  X(DROPPED, "dropped")   /* a full box that says so */                        \
  X(LATE, "late")         /* a tick that found its destination full */         \
  X(FILTERED, "filtered") /* by a component whose work that is */              \
  X(REMOVED, "removed")   /* with its box */                                   \
  X(GONE, "receiverGone") /* the receiver had ended */                         \
  X(STOPPED, "shutdown")  /* told to end now */                                \
  X(ERROR, "error")       /* being handled when its component failed */        \
  X(NULLED, "null")       /* linked to null on purpose */

enum kam_reason {
#define KAM_REASON_ENUM(name, text) KAM_LOST_##name,
  KAM_REASONS(KAM_REASON_ENUM)
#undef KAM_REASON_ENUM
      KAM_REASON_COUNT
};

/* "unlinked" and so on. Borrowed, static. */
const char *kam_reason_text(enum kam_reason reason);

/* What happens to messages and components, for who watches. */
enum kam_event_kind {
  KAM_EVENT_SENT,     /* from an outbox into the last inbox of its chain */
  KAM_EVENT_TAKEN,    /* out of an inbox by its owner */
  KAM_EVENT_LOST,     /* discarded; reason says why */
  KAM_EVENT_LINKED,   /* from one box to another */
  KAM_EVENT_UNLINKED, /* and no longer */
  KAM_EVENT_WOKEN,    /* a component can run */
  KAM_EVENT_TOLD,     /* a component is told to end; told says how */
  KAM_EVENT_ENDED     /* a component has ended */
};

struct kam_port;
struct kam_party;

struct kam_event {
  uint64_t number; /* from 1 */
  uint64_t time;   /* nanoseconds, of kam_world.shown */
  enum kam_event_kind kind;
  const struct kam_port *from, *to; /* NULL where there is none */
  const struct kam_party *party;    /* whom it is about, or NULL */
  const struct kam_msg *msg;        /* borrowed, or NULL */
  enum kam_reason reason;
  enum kam_told told;
};

typedef void (*kam_trace_fn)(void *ctx, const struct kam_event *e);

/* sent + injected = delivered + waiting in boxes + held + the sum of lost. */
struct kam_totals {
  uint64_t sent;      /* by components to their outboxes */
  uint64_t injected;  /* put into boxes by the runtime itself */
  uint64_t delivered; /* taken by components */
  uint64_t lost[KAM_REASON_COUNT];
};

/* The first part of what a family keeps once for all its components. */
struct kam_shared {
  struct kam_shared *next;
  const void *tag; /* an address that only its family knows */
  void (*free)(struct kam_shared *s, struct kam_mem *mem);
};

enum { KAM_BATCH = 64 }; /* what kam_world.batch is, unless it is set */

struct kam_world {
  struct kam_mem mem;
  struct kam_host host;
  struct kam_queue ready;    /* parties that can run, each at most once */
  struct kam_queue suspects; /* parties that may be left in a dying ring */
  struct kam_party *running; /* the one that runs, or NULL */
  uint64_t now;              /* nanoseconds; set by who calls the scheduler */
  uint64_t shown; /* the time in traces: that of the last alarm as it was meant,
                     or outside event, and so the same in each run */
  uint32_t batch; /* messages taken or sent in one run */
  kam_trace_fn trace; /* NULL: nobody watches */
  void *trace_ctx;
  uint64_t events; /* numbered so far */
  uint32_t links;  /* made so far */
  struct kam_shared *shared;
  struct kam_totals gone; /* sums of boxes that are no more */
};

/* What was shared under that tag, or NULL. Borrowed. */
struct kam_shared *kam_world_shared(const struct kam_world *w, const void *tag);

/* Takes s, which knows its tag, and frees it when all components are gone. */
void kam_world_share(struct kam_world *w, struct kam_shared *s);
void kam_world_unshare(struct kam_world *w);

/* Hands e to the watcher, numbered and dated. Call only if there is one. */
void kam_world_trace(struct kam_world *w, struct kam_event e);

#endif
