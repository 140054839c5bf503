/* listener: a socket that listens, and what has connected to it.
 *
 * One descriptor is kept in reserve: when there are no others, the peer that
 * has waited longest is accepted with it and closed at once, so that it knows,
 * and the kernel does not go on to say that it waits. Errors are libuv's. */
#ifndef KAM_NETWORK_LISTENER_H
#define KAM_NETWORK_LISTENER_H

#include <stdbool.h>
#include <uv.h>

struct kam_listener {
  uv_poll_t poll; /* must be first */
  uv_poll_cb ready;
  int fd, spare;    /* -1: none */
  const char *path; /* that is taken away when it closes, or NULL; borrowed */
  bool started;
  bool rests; /* nothing is accepted now */
};

/* Before all others. */
void kam_listener_init(struct kam_listener *l);

/* Make the socket, bind it to an address, or a path, and listen there. 0 or an
 * error. */
int kam_listener_bind(struct kam_listener *l, const struct sockaddr *a,
                      int backlog);
int kam_listener_bind_path(struct kam_listener *l, const char *path,
                           int backlog);

/* What the connections over TCP have from their beginning: the kernel hands it
 * down. */
void kam_listener_tune(const struct kam_listener *l, bool no_delay,
                       bool keep_alive);

/* Calls ready whenever a peer waits to be accepted. 0 or an error. */
int kam_listener_start(struct kam_listener *l, uv_loop_t *loop,
                       uv_poll_cb ready);

/* Accepts a peer: its descriptor, which the caller owns, and its address in a;
 * UV_EAGAIN: none waits; or the error by which one could not be accepted, and
 * was closed. Where even that could not be done, the listener rests until it is
 * told to go on. */
int kam_listener_accept(struct kam_listener *l, struct sockaddr_storage *a);
void kam_listener_go_on(struct kam_listener *l);

/* Closes what is open; closed is called if it has been started. */
void kam_listener_close(struct kam_listener *l, uv_close_cb closed);

#endif
