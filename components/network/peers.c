/* peers: a table of counts by address, open and probed one by one. */
#include "components/network/peers.h"

#include "core/err.h"

#include <string.h>
#include <uv.h>

enum { FIRST_ROOM = 64 };

struct kam_peer_slot {
  uint64_t peer;
  uint32_t n; /* 0: the slot is free */
};

/* Of IPv4 those of ffff::/16, which are no host's. */
uint64_t kam_peer_of(const struct sockaddr *a)
{
  static const unsigned char mapped[12] = {0, 0, 0, 0, 0,    0,
                                           0, 0, 0, 0, 0xff, 0xff};
  const unsigned char *b;
  uint64_t n = UINT64_C(0xffff) << 16;
  size_t i, size = 4;
  if (a->sa_family == AF_INET6) {
    b = ((const struct sockaddr_in6 *)(const void *)a)->sin6_addr.s6_addr;
    if (memcmp(b, mapped, sizeof mapped) == 0) {
      b += sizeof mapped;
    } else {
      size = 8;
      n = 0;
    }
  } else {
    b = (const void *)&((const struct sockaddr_in *)(const void *)a)->sin_addr;
  }
  for (i = 0; i < size; i++)
    n = n << 8 | b[i];
  return n;
}

/* --- the table --- */

static size_t place(const struct kam_peers *p, uint64_t peer)
{
  uint64_t h = (peer ^ p->salt) * UINT64_C(0x9e3779b97f4a7c15);
  return (size_t)(h ^ h >> 32) & (p->room - 1);
}

static size_t next(const struct kam_peers *p, size_t i)
{
  return (i + 1) & (p->room - 1);
}

/* Its slot, or the free one that it would get. */
static size_t find(const struct kam_peers *p, uint64_t peer)
{
  size_t i = place(p, peer);
  while (p->slots[i].n && p->slots[i].peer != peer)
    i = next(p, i);
  return i;
}

uint32_t kam_peers_count(const struct kam_peers *p, uint64_t peer)
{
  return p->room ? p->slots[find(p, peer)].n : 0;
}

static int grow(struct kam_peers *p, struct kam_mem *mem)
{
  struct kam_peers old = *p;
  size_t room = old.room ? old.room * 2 : FIRST_ROOM, i;
  struct kam_peer_slot *slots = kam_mem_zalloc(mem, room * sizeof *slots);
  if (!slots)
    return KAM_ENOMEM;
  p->salt = old.room ? old.salt : uv_hrtime() ^ (uint64_t)(uintptr_t)slots;
  p->slots = slots;
  p->room = room;
  for (i = 0; i < old.room; i++)
    if (old.slots[i].n)
      slots[find(p, old.slots[i].peer)] = old.slots[i];
  kam_mem_free(mem, old.slots, old.room * sizeof *slots);
  return 0;
}

int kam_peers_add(struct kam_peers *p, struct kam_mem *mem, uint64_t peer)
{
  struct kam_peer_slot *s;
  if (p->used * 2 >= p->room && grow(p, mem))
    return KAM_ENOMEM;
  s = &p->slots[find(p, peer)];
  s->peer = peer;
  p->used += s->n++ == 0;
  return 0;
}

/* Those behind a slot that has become free move up to it, unless their place
 * is between it and where they are. */
static void close_gap(struct kam_peers *p, size_t gap)
{
  size_t i, mask = p->room - 1;
  for (i = next(p, gap); p->slots[i].n; i = next(p, i)) {
    size_t from = place(p, p->slots[i].peer);
    if (((i - from) & mask) < ((i - gap) & mask))
      continue;
    p->slots[gap] = p->slots[i];
    p->slots[i].n = 0;
    gap = i;
  }
}

void kam_peers_remove(struct kam_peers *p, uint64_t peer)
{
  size_t i = find(p, peer);
  if (--p->slots[i].n)
    return;
  p->used--;
  close_gap(p, i);
}

void kam_peers_fini(struct kam_peers *p, struct kam_mem *mem)
{
  kam_mem_free(mem, p->slots, p->room * sizeof *p->slots);
  *p = (struct kam_peers){0};
}
