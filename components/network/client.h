/* client: a stream that is connected to where its component wants. */
#ifndef KAM_NETWORK_CLIENT_H
#define KAM_NETWORK_CLIENT_H

#include "core/stream.h"

struct kam_dial;

struct kam_client {
  struct kam_component comp; /* must be first */
  struct kam_stream s;
  struct kam_dial *dial; /* while it is not yet connected */
  double timeout;        /* options */
  bool half_open;
  bool connected;
  int error;  /* of the last try, libuv's */
  char *what; /* the peer, for texts */
};

/* Connects to the first address of a host's that answers, or to a Unix socket:
 * 0 or a negative code. What becomes of it is dealt with by the step. */
int kam_client_dial_tcp(struct kam_client *cl, const char *host, int port);
int kam_client_dial_pipe(struct kam_client *cl, const char *path);

int kam_client_step(struct kam_component *c);
void kam_client_close(struct kam_component *c);

extern const struct kam_box_spec kam_client_inboxes[], kam_client_outboxes[];

#define KAM_CLIENT_OPTIONS                                                     \
  {.name = "timeout",                                                          \
   .doc = "seconds that connecting may take",                                  \
   .type = KAM_OPTION_NUMBER,                                                  \
   .offset = offsetof(struct kam_client, timeout),                             \
   .fallback = {.type = KAM_OPTION_NUMBER, .n = 10},                           \
   .min = 0.001,                                                               \
   .max = 86400},                                                              \
  {                                                                            \
    .name = "halfOpen",                                                        \
    .doc = "a peer that has said that it sends no more is still sent to",      \
    .type = KAM_OPTION_BOOLEAN,                                                \
    .offset = offsetof(struct kam_client, half_open), .fallback = {            \
      .type = KAM_OPTION_BOOLEAN                                               \
    }                                                                          \
  }

#endif
