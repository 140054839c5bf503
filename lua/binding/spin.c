/* spin: one that gives way again and again, and never takes what waits for it.
 */
#include "lua/binding/binding.h"

#define SECOND UINT64_C(1000000000)

/* All that it has taken and sent. */
static uint64_t moved(const struct kam_party *p)
{
  uint64_t sum = 0;
  unsigned i, n = kam_party_inboxes(p);
  for (i = 0; i < n; i++) {
    const struct kam_inbox *b = kam_party_inbox(p, i);
    sum += b ? b->taken : 0;
  }
  n = kam_party_outboxes(p);
  for (i = 0; i < n; i++) {
    const struct kam_outbox *o = kam_party_outbox(p, i);
    sum += o ? o->sent : 0;
  }
  return sum;
}

static const struct kam_inbox *neglected(const struct kam_party *p)
{
  unsigned i, n = kam_party_inboxes(p);
  for (i = 0; i < n; i++) {
    const struct kam_inbox *b = kam_party_inbox(p, i);
    if (b && i != KAM_CONTROL && !b->port.to && kam_inbox_len(b))
      return b;
  }
  return NULL;
}

static void tell(lua_State *L, struct kam_lua *K, struct kam_component *c,
                 const struct kam_inbox *b)
{
  lua_Debug ar;
  char name[256];
  kam_component_name(c, name, sizeof name);
  lua_pushstring(K->aux, name);
  lua_pushstring(K->aux, b->port.spec->name);
  lua_pushinteger(K->aux, (lua_Integer)kam_inbox_len(b));
  if (lua_getstack(L, 1, &ar) && lua_getinfo(L, "Sl", &ar)) {
    lua_pushstring(K->aux, ar.short_src);
    lua_pushinteger(K->aux, ar.currentline);
  } else {
    lua_pushliteral(K->aux, "?");
    lua_pushinteger(K->aux, 0);
  }
  kam_lua_report(K, "spins", 5, 0);
}

void kam_lua_spins(lua_State *L, struct lua_component *lc)
{
  struct kam_lua *K = lc->K;
  struct kam_spin *s = &K->spin;
  uint64_t id = kam_component_id(&lc->c), now = kam_loop_now(&K->rt->loop);
  uint64_t sum = moved(&lc->c.party);
  const struct kam_inbox *b = neglected(&lc->c.party);
  if (s->id == id && s->moved == sum && b) {
    s->seen = now;
    if (!s->told && now - s->since >= SECOND) {
      s->told = true;
      tell(L, K, &lc->c, b);
    }
  } else if (s->id == id || !s->seen || now - s->seen >= SECOND) {
    *s = (struct kam_spin){.id = id, .moved = sum, .since = now, .seen = now};
  }
}
