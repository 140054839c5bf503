/* connection: one accepted stream and its handler, two children of a server.
 *
 *     peer <──> connection.outbox ──> handler.inbox
 *               connection.inbox <── handler.outbox
 *
 * The handler's end closes the connection, behind what it sent. That of the
 * peer ends the handler's inbox, and asks the handler to end; one that does not
 * in time is told to. */
#ifndef KAM_NETWORK_CONNECTION_H
#define KAM_NETWORK_CONNECTION_H

#include "core/stream.h"

/* What is the same for all connections of a server. */
struct kam_terms {
  double idle;    /* seconds without a byte, or with less than the least rate
                     of what is sent, until it is closed; 0: for ever */
  double total;   /* seconds that it may last; 0: for ever */
  bool half_open; /* a peer that sends no more may still be sent to */
};

struct kam_connection {
  struct kam_component comp; /* must be first */
  struct kam_stream s;
  const struct kam_terms *terms; /* of its server, which lives longer */
  struct kam_connection *next, **back;
  void (*gone)(struct kam_connection *cn); /* it has ended */
  struct kam_component *server;
  uint64_t peer;    /* as its server counts it */
  uint64_t handler; /* its number, as of kam_component_id */
  uint64_t began, deadline;
  uint64_t looked, taken; /* when the peer was looked at, bytes it had taken */
  uint8_t phase;
  bool drains; /* the server is to end */
};

extern const struct kam_kind kam_connection_kind;

/* Links a new one, whose stream is open, with its handler: 0 or a negative
 * code. Both must be children of the server then. */
int kam_connection_join(struct kam_connection *cn,
                        struct kam_component *handler);

/* The server is to end: no more is read. */
void kam_connection_drain(struct kam_connection *cn);

#endif
