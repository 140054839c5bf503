/* over: whether something may still come in a box. */
#include "lua/binding/binding.h"

/* Was it meant for b too that no more will come? One that nothing ever fed has
 * not ended, as long as others were: to wait there is a stall. */
static bool is_awaited(const struct lua_component *lc,
                       const struct kam_inbox *b)
{
  const struct kam_party *p = &lc->c.party;
  unsigned i;
  if ((b->port.flags & KAM_PORT_FED) || b->port.spec->open)
    return true;
  for (i = 0; i < kam_party_inboxes(p); i++) {
    const struct kam_inbox *other = kam_party_inbox(p, i);
    if (other && i != KAM_CONTROL && (other->port.flags & KAM_PORT_FED))
      return false;
  }
  return true;
}

/* Does the end of child come in b, as a message? */
static bool is_watched_in(const struct lua_component *lc,
                          const struct kam_component *child,
                          const struct kam_inbox *b)
{
  lua_State *L = lc->K->aux;
  bool is;
  kam_lua_pushself(L, lc->K, child);
  kam_lua_pushself(L, lc->K, &lc->c);
  lua_pushstring(L, b->port.spec->name);
  if (!kam_lua_report(lc->K, "comes", 3, 1))
    return false;
  is = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return is;
}

/* Is b for the end of one that it joins, or of a child that is told to end, or
 * is about to be, but has not yet? That end comes. */
static bool is_near(const struct lua_component *lc, const struct kam_inbox *b)
{
  const struct kam_component *child;
  if (!(b->port.flags & KAM_PORT_ENDS))
    return false;
  if (lc->joins && kam_component_get(kam_registry(lc->K->rt), lc->joins))
    return true;
  for (child = lc->c.first; child; child = child->next)
    if ((child->flags & KAM_COMPONENT_WATCHED) && child->state < KAM_ENDED &&
        (child->party.told || child->state == KAM_CLOSING ||
         (child->party.flags & KAM_PARTY_SETTLE)) &&
        is_watched_in(lc, child, b))
      return true;
  return false;
}

const char *kam_lua_over(const struct lua_component *lc,
                         const struct kam_inbox *b)
{
  if (lc->c.party.told == KAM_SHUTDOWN)
    return "told";
  if (b->put != b->taken || b->first)
    return NULL;
  if (b->port.flags & KAM_PORT_CLOSED)
    return is_near(lc, b) ? NULL : "ended";
  if (lc->c.party.told && is_awaited(lc, b))
    return is_near(lc, b) ? NULL : "told";
  return NULL;
}
