/* link: who is wired to whom, and what follows from it.
 *
 *     A.outbox ──> B.inbox                    an outbox feeds one inbox
 *     P.inbox ──> A.inbox                     passed through, inwards
 *     B.outbox ──> P.outbox ──> C.inbox       passed through, outwards
 *
 * A change works out anew the last inbox of every chain it touches, so that a
 * send is one step, however long the chain is.
 *
 * The end travels along the same way. A link from an outbox ends when the
 * component that it names has ended; one from an inbox when that inbox has
 * closed; an inbox has closed when its last feeder ended. To unlink is no end.
 */
#ifndef KAM_LINK_H
#define KAM_LINK_H

#include "core/party.h"

enum kam_link_flags {
  KAM_LINK_FEEDS = 1, /* counted in its destination's feeders */
  KAM_LINK_PIPE = 2   /* in a pipeline: a receiver's end ends the sender */
};

struct kam_link {
  struct kam_port *from, *to;
  struct kam_link *next; /* of those into the same port */
  struct kam_link **back;
  uint32_t serial; /* tells it from another one between the same ports */
  uint32_t flags;
};

/* What a link sets at its ends. */
struct kam_link_terms {
  bool pipe;
  uint32_t limit; /* of the inbox; 0: as it is */
  enum kam_policy policy;
};

/* Links two ports; terms may be NULL. Messages that wait in an inbox which is
 * linked onward move. *out is borrowed: it lives until it is cut or an end of
 * it ends. 0, or KAM_EWAY, KAM_ETAKEN, KAM_ECYCLE, KAM_EKIND, KAM_EGONE or
 * KAM_ENOMEM, and nothing has changed. */
int kam_link_new(struct kam_port *from, struct kam_port *to,
                 const struct kam_link_terms *terms, struct kam_link **out);

/* Unlinks by hand. */
void kam_link_cut(struct kam_link *l);

/* The feeder has ended; what it fed may close. */
void kam_link_end(struct kam_link *l);

/* The owner of an inbox has ended: what leads there leads nowhere, and the
 * senders look whether anybody is left for them. */
void kam_inbox_unlink(struct kam_inbox *b);

/* The owner of an outbox has ended. */
void kam_outbox_unlink(struct kam_outbox *o);

/* The last inbox of the chain from p on, or NULL. */
struct kam_inbox *kam_port_final(struct kam_port *p);

/* Have all signals that were wired to this control been said? */
bool kam_control_said(const struct kam_inbox *control);

static inline struct kam_inbox *kam_port_inbox(struct kam_port *p)
{
  return p->flags & KAM_PORT_OUT ? NULL : (struct kam_inbox *)p;
}

#endif
