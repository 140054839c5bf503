/* link: ends by component and name, linkages, and null. */
#include "lua/binding/binding.h"

#include <string.h>

#define LINKAGE "kam.linkage"

/* A link as Lua holds it: found anew when it is to be cut. */
struct linkage {
  uint64_t from;
  uint32_t serial;
  uint16_t index;
  bool out;
};

/* One end as given: a component, and a box or its usual one. */
struct end {
  struct kam_component *c;
  const char *box; /* NULL: the usual one */
  int self;        /* index of its self table */
};

static struct kam_port *outbox(const struct end *e)
{
  struct kam_outbox *o = kam_component_outbox(e->c, e->box ? e->box : "outbox");
  return o ? &o->port : NULL;
}

static struct kam_port *inbox(const struct end *e)
{
  struct kam_inbox *b = kam_component_inbox(e->c, e->box ? e->box : "inbox");
  return b ? &b->port : NULL;
}

/* Raises: there is no such box. values: self, name, side */
static int no_box(lua_State *L, const struct end *e, const char *side)
{
  lua_pushvalue(L, e->self);
  lua_pushstring(L, e->box ? e->box : side);
  lua_pushstring(L, side);
  return kam_lua_raise(L, "E0103", 3);
}

/* Raises what kam_link_new refused. values: from, its box, to, its box */
static int refused(lua_State *L, const struct end *from, const struct end *to,
                   const struct kam_port *p, const struct kam_port *q, int err)
{
  const char *code = err == KAM_EWAY     ? "E0104"
                     : err == KAM_ETAKEN ? "E0105"
                     : err == KAM_ECYCLE ? "E0106"
                     : err == KAM_EKIND  ? "E0107"
                                         : "E0108";
  if (err == KAM_ENOMEM)
    return luaL_error(L, "not enough memory");
  lua_pushvalue(L, from->self);
  lua_pushstring(L, p->spec->name);
  lua_pushvalue(L, to->self);
  lua_pushstring(L, q->spec->name);
  return kam_lua_raise(L, code, 4);
}

static void read_terms(lua_State *L, int idx, struct kam_link_terms *t)
{
  if (!lua_istable(L, idx))
    return;
  lua_getfield(L, idx, "pipe");
  t->pipe = lua_toboolean(L, -1);
  lua_getfield(L, idx, "limit");
  t->limit = (uint32_t)lua_tointeger(L, -1);
  lua_getfield(L, idx, "policy");
  t->policy = (enum kam_policy)lua_tointeger(L, -1);
  lua_pop(L, 3);
}

static int push_linkage(lua_State *L, const struct kam_link *l)
{
  struct linkage *k = lua_newuserdatauv(L, sizeof *k, 0);
  const struct kam_component *c = (const struct kam_component *)l->from->owner;
  *k = (struct linkage){.from = kam_component_id(c),
                        .serial = l->serial,
                        .index = l->from->index,
                        .out = l->from->flags & KAM_PORT_OUT};
  luaL_setmetatable(L, LINKAGE);
  return 1;
}

static int make(lua_State *L, const struct end *from, const struct end *to,
                struct kam_port *p, struct kam_port *q,
                const struct kam_link_terms *terms)
{
  struct kam_link *l;
  int err;
  if (!p)
    return no_box(L, from, "outbox");
  if (!q)
    return no_box(L, to, "inbox");
  err = kam_link_new(p, q, terms, &l);
  if (err)
    return refused(L, from, to, p, q, err);
  return push_linkage(L, l);
}

/* link(from, box, to, box, terms, from an inbox?, to an outbox?) -> linkage */
static int l_link(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct end from = {.self = 1}, to = {.self = 3};
  struct kam_link_terms terms = {0};
  struct kam_port *p, *q;
  lua_settop(L, 7);
  from.c = kam_lua_check(L, K, 1);
  to.c = kam_lua_check(L, K, 3);
  from.box = lua_tostring(L, 2);
  to.box = lua_tostring(L, 4);
  read_terms(L, 5, &terms);
  p = lua_toboolean(L, 6) ? inbox(&from) : outbox(&from);
  q = lua_toboolean(L, 7) ? outbox(&to) : inbox(&to);
  return make(L, &from, &to, p, q, &terms);
}

/* Reads an end at idx: a component, { component, "box" }, or a text that the
 * library resolves among the children of the component at 1. */
static void read_end(lua_State *L, struct kam_lua *K, int idx, struct end *e)
{
  if (lua_type(L, idx) == LUA_TSTRING) {
    lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
    lua_getfield(L, -1, "resolve");
    lua_pushvalue(L, 1);
    lua_pushvalue(L, idx);
    lua_call(L, 2, 2);
    e->self = lua_gettop(L) - 1;
    e->box = lua_tostring(L, -1);
  } else if (lua_type(L, idx) == LUA_TTABLE && !kam_lua_is_self(L, idx)) {
    lua_rawgeti(L, idx, 1);
    lua_rawgeti(L, idx, 2);
    e->self = lua_gettop(L) - 1;
    e->box = lua_tostring(L, -1);
  } else {
    e->self = idx;
    if (lua_rawequal(L, idx, 1))
      kam_lua_raise(L, "E0109", 0); /* which of our own boxes? */
  }
  e->c = kam_lua_check(L, K, e->self);
}

/* self:link "A -> B": among the named children, by the library. */
static int link_text(lua_State *L)
{
  lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
  lua_getfield(L, -1, "linktext");
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_call(L, 2, 1);
  return 1;
}

/* self:link(from, to, terms) -> linkage. A name is looked for on the usual side
 * first: on the left among outboxes, on the right among inboxes. */
static int l_link_method(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct end from = {0}, to = {0};
  struct kam_link_terms terms = {0};
  struct kam_port *p, *q;
  lua_settop(L, 4);
  if (!kam_lua_is_self(L, 1))
    return kam_lua_raisef(L, "E0305", "link", NULL);
  if (lua_type(L, 2) == LUA_TSTRING && lua_isnil(L, 3))
    return link_text(L);
  read_end(L, K, 2, &from);
  read_end(L, K, 3, &to);
  if (lua_istable(L, 4)) {
    lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
    lua_getfield(L, -1, "terms");
    lua_pushvalue(L, 4);
    lua_call(L, 1, 1);
    read_terms(L, lua_gettop(L), &terms);
  }
  p = outbox(&from);
  q = inbox(&to);
  if (!p)
    p = inbox(&from);
  if (!q)
    q = outbox(&to);
  return make(L, &from, &to, p, q, &terms);
}

static struct kam_link *find(struct kam_lua *K, const struct linkage *k)
{
  struct kam_component *c = kam_component_get(kam_registry(K->rt), k->from);
  struct kam_port *p = NULL;
  if (c && k->out) {
    struct kam_outbox *o = kam_party_outbox(&c->party, k->index);
    p = o ? &o->port : NULL;
  } else if (c) {
    struct kam_inbox *b = kam_party_inbox(&c->party, k->index);
    p = b ? &b->port : NULL;
  }
  return p && p->to && p->to->serial == k->serial ? p->to : NULL;
}

static void cut_all(struct kam_port *p)
{
  if (p->to)
    kam_link_cut(p->to);
  while (p->from)
    kam_link_cut(p->from);
}

/* Unlinks the linkage or component there. */
static int unlink_at(lua_State *L, struct kam_lua *K, int idx)
{
  struct linkage *k = luaL_testudata(L, idx, LINKAGE);
  struct kam_link *l = k ? find(K, k) : NULL;
  struct kam_component *c;
  unsigned i;
  if (k) {
    if (l)
      kam_link_cut(l);
    lua_pushboolean(L, l != NULL);
    return 1;
  }
  c = kam_lua_check(L, K, idx);
  for (i = 0; i < kam_party_inboxes(&c->party); i++)
    if (kam_party_inbox(&c->party, i))
      cut_all(&kam_party_inbox(&c->party, i)->port);
  for (i = 0; i < kam_party_outboxes(&c->party); i++)
    if (kam_party_outbox(&c->party, i))
      cut_all(&kam_party_outbox(&c->party, i)->port);
  lua_pushboolean(L, 1);
  return 1;
}

/* self:unlink(linkage, component or "A -> B") -> was there a link? */
static int l_unlink_method(lua_State *L)
{
  lua_settop(L, 2);
  if (!kam_lua_is_self(L, 1))
    return kam_lua_raisef(L, "E0305", "unlink", NULL);
  if (lua_type(L, 2) != LUA_TSTRING)
    return unlink_at(L, kam_lua_up(L, 1), 2);
  lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
  lua_getfield(L, -1, "unlinktext");
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_call(L, 2, 1);
  return 1;
}

/* unlinkbox(c, box, from an inbox?): cuts what leaves it */
static int l_unlinkbox(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct end e = {.self = 1, .c = kam_lua_check(L, K, 1)};
  struct kam_port *p;
  e.box = lua_tostring(L, 2);
  p = lua_toboolean(L, 3) ? inbox(&e) : outbox(&e);
  if (p && p->to)
    kam_link_cut(p->to);
  lua_pushboolean(L, p != NULL);
  return 1;
}

/* null(c, box, off) -> is that new?: what it sends there is discarded on
 * purpose, or no longer */
static int l_null(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct end e = {.self = 1, .c = kam_lua_check(L, K, 1)};
  struct kam_port *p;
  bool was, off;
  e.box = lua_tostring(L, 2);
  p = outbox(&e);
  if (!p)
    return no_box(L, &e, "outbox");
  was = p->flags & KAM_PORT_NULLED;
  off = lua_toboolean(L, 3);
  p->flags &= (uint16_t)~KAM_PORT_NULLED;
  if (!off)
    p->flags |= KAM_PORT_NULLED;
  lua_pushboolean(L, was == off);
  return 1;
}

/* inject(c, box, msg, asks) -> whom it has come to, or nil: puts a message
 * there for the runtime, or where the box is passed on to; never waits. asks:
 * it is a request, and one that nobody can answer any more is to be found when
 * its receiver ends. */
static int l_inject(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_component *c = kam_lua_component(L, K, 1);
  struct kam_inbox *b =
      c ? kam_component_inbox(c, luaL_checkstring(L, 2)) : NULL;
  struct kam_msg m;
  bool asks = lua_toboolean(L, 4);
  lua_settop(L, 3);
  b = b ? kam_port_final(&b->port) : NULL;
  if (!b)
    return 0;
  if (asks) {
    ((struct kam_component *)b->port.owner)->flags |= KAM_COMPONENT_ASKED_OF;
    K->asks = true;
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->parked);
  m = kam_lua_tomsg(L, K, 3, 4);
  if (kam_inbox_inject(b, m))
    return 0;
  kam_lua_pushself(L, K, (struct kam_component *)b->port.owner);
  return 1;
}

/* answered(c): no request that came to it is without an answer */
static int l_answered(lua_State *L)
{
  struct kam_component *c = kam_lua_component(L, kam_lua_up(L, 1), 1);
  if (c)
    c->flags &= (uint16_t)~KAM_COMPONENT_ASKED_OF;
  return 0;
}

/* sink(c, box) -> where a send to this outbox goes: component, box; or nil */
static int l_sink(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct end e = {.self = 1, .c = kam_lua_check(L, K, 1)};
  struct kam_port *p;
  e.box = lua_tostring(L, 2);
  p = lua_toboolean(L, 3) ? inbox(&e) : outbox(&e);
  if (!p || !p->to)
    return 0;
  p = p->to->to;
  kam_lua_pushself(L, K, (struct kam_component *)p->owner);
  lua_pushstring(L, p->spec->name);
  return 2;
}

const struct luaL_Reg kam_lua_link_functions[] = {
    {"link", l_link},
    {"linkmethod", l_link_method},
    {"unlinkmethod", l_unlink_method},
    {"unlinkbox", l_unlinkbox},
    {"null", l_null},
    {"inject", l_inject},
    {"answered", l_answered},
    {"sink", l_sink},
    {NULL, NULL},
};
