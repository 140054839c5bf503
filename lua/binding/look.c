/* look: what is there: links, and what a component is doing. */
#include "lua/binding/binding.h"

#include <stdlib.h>

static const struct kam_component *owner(const struct kam_port *p)
{
  return (const struct kam_component *)p->owner;
}

static void set_self(lua_State *L, struct kam_lua *K, const char *key,
                     const struct kam_component *c)
{
  kam_lua_pushself(L, K, c);
  lua_setfield(L, -2, key);
}

static const char *way(const struct kam_port *from, const struct kam_port *to)
{
  if (!(from->flags & KAM_PORT_OUT))
    return "in";
  return to->flags & KAM_PORT_OUT ? "out" : "link";
}

/* Is what finds b full dropped, when it comes by a link that leaves p? */
static int drops(const struct kam_port *p, const struct kam_inbox *b)
{
  uint32_t own = p->flags & KAM_PORT_OUT
                     ? ((const struct kam_outbox *)p)->policy
                     : KAM_POLICY_UNSET;
  return (own != KAM_POLICY_UNSET ? own : b->policy) > KAM_POLICY_WAIT;
}

/* A table of the link that leaves p, if there is one, into the list below. */
static void add_link(lua_State *L, struct kam_lua *K, struct kam_port *p)
{
  const struct kam_port *to = p->to ? p->to->to : NULL;
  if (!to && !(p->flags & KAM_PORT_NULLED))
    return;
  lua_createtable(L, 0, 6);
  set_self(L, K, "from", owner(p));
  kam_lua_setstring(L, "box", p->spec->name);
  kam_lua_setstring(L, "kind", to ? way(p, to) : "null");
  if (to) {
    set_self(L, K, "to", owner(to));
    kam_lua_setstring(L, "tobox", to->spec->name);
    if (!(to->flags & KAM_PORT_OUT)) {
      const struct kam_inbox *b = (const struct kam_inbox *)to;
      lua_pushinteger(L, b->limit);
      lua_setfield(L, -2, "limit");
      lua_pushboolean(L, drops(p, b));
      lua_setfield(L, -2, "drops");
    }
  }
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

static void add_links(lua_State *L, struct kam_lua *K,
                      const struct kam_component *c)
{
  unsigned i;
  for (i = 0; i < kam_party_inboxes(&c->party); i++)
    if (kam_party_inbox(&c->party, i))
      add_link(L, K, &kam_party_inbox(&c->party, i)->port);
  for (i = 0; i < kam_party_outboxes(&c->party); i++)
    if (kam_party_outbox(&c->party, i))
      add_link(L, K, &kam_party_outbox(&c->party, i)->port);
}

static int by_order(const void *one, const void *other)
{
  const struct kam_component *a = *(const struct kam_component *const *)one;
  const struct kam_component *b = *(const struct kam_component *const *)other;
  return (a->order > b->order) - (a->order < b->order);
}

/* links() -> list of { from =, box =, to =, tobox =, kind =, limit =, drops =
 * }, of all that lives, in the order of making; kind is "link", "in" or "out"
 * for a box passed through, or "null" */
static int l_links(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  const struct kam_registry *r = kam_registry(K->rt);
  const struct kam_component **all =
      lua_newuserdatauv(L, r->n_slots * sizeof *all, 0);
  size_t i, n = 0;
  for (i = 1; i < r->n_slots; i++)
    if (r->slots[i].component &&
        !(r->slots[i].component->party.flags & KAM_PARTY_OUTSIDE))
      all[n++] = r->slots[i].component;
  qsort(all, n, sizeof *all, by_order);
  lua_newtable(L);
  for (i = 0; i < n; i++)
    add_links(L, K, all[i]);
  return 1;
}

static const char *waits(const struct kam_component *c)
{
  switch ((enum kam_waits)c->party.waits) {
  case KAM_WAITS_BOX:
    return "box";
  case KAM_WAITS_ANY:
    return "any";
  case KAM_WAITS_ROOM:
    return "room";
  case KAM_WAITS_TIME:
    return "time";
  case KAM_WAITS_CHILDREN:
    return "children";
  case KAM_WAITS_NOT:
    break;
  }
  return c->party.ready ? "turn" : "outside";
}

/* look(c) -> { waits =, box =, to =, since =, told =, passive =, timed = }; nil
 * when it has ended. waits is "box", "any", "room", "time", "children",
 * "turn" (it can run) or "outside" */
static int l_look(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_component *c = kam_lua_component(L, K, 1);
  const struct kam_inbox *b;
  if (!c)
    return 0;
  lua_createtable(L, 0, 8);
  kam_lua_setstring(L, "waits", waits(c));
  b = c->party.waits == KAM_WAITS_ROOM ? c->party.held_in : c->party.waits_for;
  if (b &&
      (c->party.waits == KAM_WAITS_ROOM || c->party.waits == KAM_WAITS_BOX)) {
    kam_lua_setstring(L, "box", b->port.spec->name);
    set_self(L, K, "to", owner(&b->port));
  }
  lua_pushnumber(L, (double)(kam_registry(K->rt)->world.now - c->since) / 1e9);
  lua_setfield(L, -2, "since");
  if (c->party.told)
    kam_lua_setstring(L, "told",
                      kam_lua_told_name((enum kam_told)c->party.told));
  lua_pushboolean(L, c->party.flags & KAM_PARTY_PASSIVE);
  lua_setfield(L, -2, "passive");
  lua_pushboolean(L, kam_alarm_armed(c));
  lua_setfield(L, -2, "timed");
  return 1;
}

/* steps() -> how often the scheduler has let somebody run */
static int l_steps(lua_State *L)
{
  lua_pushinteger(L, kam_lua_up(L, 1)->rt->loop.sched.activations);
  return 1;
}

/* versions() -> those of Lua and of libuv, which is the one that runs */
static int l_versions(lua_State *L)
{
  lua_pushstring(L, LUA_RELEASE);
  lua_pushstring(L, uv_version_string());
  return 2;
}

const struct luaL_Reg kam_lua_look_functions[] = {{"links", l_links},
                                                  {"look", l_look},
                                                  {"steps", l_steps},
                                                  {"versions", l_versions},
                                                  {NULL, NULL}};
