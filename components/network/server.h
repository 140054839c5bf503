/* server: what listens, and keeps the connections that it accepts. */
#ifndef KAM_NETWORK_SERVER_H
#define KAM_NETWORK_SERVER_H

#include "components/network/connection.h"
#include "components/network/listener.h"
#include "components/network/peers.h"

#include "core/tape.h"

enum { KAM_OUT_COUNT = KAM_OUT_EXTRA, KAM_OUT_LISTENING }; /* by name */

struct kam_server {
  struct kam_component comp; /* must be first */
  struct kam_listener listener;
  struct kam_msg protocol; /* options */
  struct kam_terms terms;
  int64_t connections, per_address, backlog;
  struct kam_connection *all; /* that live, n of them */
  int64_t n;
  int64_t opened, closed; /* connections, of which COUNT was not told yet */
  struct kam_peers peers; /* counted if per_address is set */
  bool told_address;
  bool is_tcp, no_delay, keep_alive;
};

/* Fails the component with an E0670 about what it should listen on. */
int kam_server_cannot(struct kam_server *sv, const char *what, int err);

/* Accepts what connects to its listener, which has been bound: 0 or libuv's
 * error. */
int kam_server_start(struct kam_server *sv);

/* Writes into a table where it listens. */
typedef void (*kam_address_fn)(struct kam_server *sv, struct kam_tape *t);

int kam_server_step(struct kam_component *c, kam_address_fn address);
void kam_server_close(struct kam_component *c);

/* The address that it listens on, or that is at one end of a socket. */
void kam_address_text(const struct sockaddr *a, char *buf, size_t size,
                      int *port);

/* What all servers are given, and the boxes that they have. */
extern const struct kam_box_spec kam_server_inboxes[], kam_server_outboxes[];

#define KAM_SERVER_OPTIONS(type_)                                              \
  {.name = "protocol",                                                         \
   .doc = "maker of each connection's handler: a constructor is given those "  \
          "of peer, peerport, localip and localport that it declares, a "      \
          "function a table of them",                                          \
   .type = KAM_OPTION_MAKER,                                                   \
   .offset = offsetof(type_, protocol),                                        \
   .required = true},                                                          \
      {.name = "connections",                                                  \
       .doc = "how many there may be at once; further ones are closed",        \
       .type = KAM_OPTION_INTEGER,                                             \
       .offset = offsetof(type_, connections),                                 \
       .fallback = {.type = KAM_OPTION_INTEGER, .i = 20000},                   \
       .min = 1,                                                               \
       .max = 10000000},                                                       \
      {.name = "backlog",                                                      \
       .doc = "how many the kernel keeps that are not yet accepted",           \
       .type = KAM_OPTION_INTEGER,                                             \
       .offset = offsetof(type_, backlog),                                     \
       .fallback = {.type = KAM_OPTION_INTEGER, .i = 511},                     \
       .min = 1,                                                               \
       .max = 65535},                                                          \
      {.name = "idle",                                                         \
       .doc = "seconds without a byte, or in which the peer took less than "   \
              "500 bytes each of what is for it, after which a connection "    \
              "is closed; 0: never",                                           \
       .type = KAM_OPTION_NUMBER,                                              \
       .offset = offsetof(type_, terms.idle),                                  \
       .fallback = {.type = KAM_OPTION_NUMBER, .n = 0},                        \
       .max = 1e6},                                                            \
      {.name = "total",                                                        \
       .doc = "seconds after which a connection is closed; 0: never",          \
       .type = KAM_OPTION_NUMBER,                                              \
       .offset = offsetof(type_, terms.total),                                 \
       .fallback = {.type = KAM_OPTION_NUMBER, .n = 0},                        \
       .max = 1e6},                                                            \
  {                                                                            \
    .name = "halfOpen",                                                        \
    .doc = "a peer that has said that it sends no more is still sent to, "     \
           "until the handler ends by itself",                                 \
    .type = KAM_OPTION_BOOLEAN, .offset = offsetof(type_, terms.half_open),    \
    .fallback = {                                                              \
      .type = KAM_OPTION_BOOLEAN                                               \
    }                                                                          \
  }

#endif
