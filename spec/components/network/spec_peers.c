/* spec_peers: the counts of connections by address against a model that cannot
 * be wrong: a list of addresses, looked through from end to end.
 *
 *     spec_peers [first seed [count]]
 *
 * Addresses come and go in any order, often the same ones. Those of one IPv6
 * network count as one, an IPv4 address is the same in both families, and no
 * two others are. */
#include "components/network/peers.h"

#include "spec/core/check.h"

#include <netinet/in.h>

enum { LIVE = 400, OPERATIONS = 20000, COUNT = 10 };

union address {
  struct sockaddr any;
  struct sockaddr_in four;
  struct sockaddr_in6 six;
};

struct sim {
  uint64_t rng;
  unsigned kinds; /* of addresses: from few to many */
  struct kam_mem mem;
  struct kam_peers peers;
  unsigned n, live[LIVE]; /* numbers of addresses */
};

static uint64_t below(struct sim *s, uint64_t n)
{
  return check_random(&s->rng) % n;
}

/* Address k, in one of the forms that it may have. */
static union address address(struct sim *s, unsigned k)
{
  union address a = {.four = {.sin_family = AF_INET}};
  unsigned char *b = a.six.sin6_addr.s6_addr, *to = b + 8;
  unsigned i;
  if (k % 2 == 0 && below(s, 2)) {
    a.four.sin_addr.s_addr = htonl(k * 2654435761u);
    return a;
  }
  a.six = (struct sockaddr_in6){.sin6_family = AF_INET6};
  if (k % 2 == 0) { /* mapped */
    b[10] = b[11] = 0xff;
    to = b + 16;
  } else {
    for (i = 8; i < 16; i++)
      b[i] = (unsigned char)below(s, 256);
    b[0] = 0x20; /* so that none is a mapped one */
  }
  for (i = 0; i < 4; i++)
    to[-1 - (int)i] = (unsigned char)((k * 2654435761u) >> 8 * i);
  return a;
}

static uint64_t peer(struct sim *s, unsigned k)
{
  union address a = address(s, k);
  return kam_peer_of(&a.any);
}

static unsigned count(const struct sim *s, unsigned k)
{
  unsigned i, n = 0;
  for (i = 0; i < s->n; i++)
    n += s->live[i] == k;
  return n;
}

static void operate(struct sim *s)
{
  unsigned k = (unsigned)below(s, s->kinds), i;
  check(kam_peers_count(&s->peers, peer(s, k)) == count(s, k));
  if (s->n < LIVE && (s->n == 0 || below(s, 2))) {
    check(kam_peers_add(&s->peers, &s->mem, peer(s, k)) == 0);
    s->live[s->n++] = k;
  } else {
    i = (unsigned)below(s, s->n);
    k = s->live[i];
    s->live[i] = s->live[--s->n];
    kam_peers_remove(&s->peers, peer(s, k));
  }
  check(kam_peers_count(&s->peers, peer(s, k)) == count(s, k));
}

static void play(uint64_t seed)
{
  struct sim s = {.rng = seed};
  unsigned i;
  snprintf(check_scene, sizeof check_scene, "spec_peers: seed %llu",
           (unsigned long long)seed);
  s.kinds = 1u << below(&s, 12);
  kam_mem_init(&s.mem);
  for (i = 0; i < OPERATIONS; i++)
    operate(&s);
  while (s.n)
    kam_peers_remove(&s.peers, peer(&s, s.live[--s.n]));
  check(s.peers.used == 0);
  kam_peers_fini(&s.peers, &s.mem);
  check(s.mem.used == 0);
  kam_mem_fini(&s.mem);
}

int main(int argc, char **argv)
{
  uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, n, i;
  n = argc > 2 ? strtoull(argv[2], NULL, 10) : COUNT;
  check_begin();
  for (i = 0; i < n; i++)
    play(first + i);
  printf("spec_peers: %llu seeds from %llu on were counted right\n",
         (unsigned long long)n, (unsigned long long)first);
  return 0;
}
