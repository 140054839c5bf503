/* peers: how many connections each address has.
 *
 * An IPv6 address counts as its network of 64 bits, of which one host may use
 * all addresses. A table of slots, at most half of them in use; one that is
 * taken stands as near behind its place as there was room. */
#ifndef KAM_NETWORK_PEERS_H
#define KAM_NETWORK_PEERS_H

#include "core/mem.h"

#include <stdint.h>
#include <sys/socket.h>

struct kam_peers {
  struct kam_peer_slot *slots;
  size_t room, used; /* room is 0 or a power of two */
  uint64_t salt;     /* so that nobody knows who meets whom in the table */
};

/* The number that an address counts as. */
uint64_t kam_peer_of(const struct sockaddr *a);

/* How many it has. */
uint32_t kam_peers_count(const struct kam_peers *p, uint64_t peer);

/* One more: 0 or KAM_ENOMEM. */
int kam_peers_add(struct kam_peers *p, struct kam_mem *mem, uint64_t peer);

/* One less; it must have one. */
void kam_peers_remove(struct kam_peers *p, uint64_t peer);

void kam_peers_fini(struct kam_peers *p, struct kam_mem *mem);

#endif
