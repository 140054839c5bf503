/* component: self tables, and what may be done to a component from outside. */
#include "lua/binding/binding.h"

#include <string.h>

static const char id_key = 0; /* its address is the key of the id in self */

struct kam_component *kam_lua_component(lua_State *L, struct kam_lua *K,
                                        int idx)
{
  struct kam_component *c =
      (struct kam_component *)kam_registry(K->rt)->world.running;
  uint64_t id;
  if (c && c->host == lua_topointer(L, idx))
    return c;
  if (lua_type(L, idx) != LUA_TTABLE)
    return NULL;
  lua_rawgetp(L, idx, &id_key);
  id = (uint64_t)lua_tointeger(L, -1);
  lua_pop(L, 1);
  c = id ? kam_component_get(kam_registry(K->rt), id) : NULL;
  return c && c->host == lua_topointer(L, idx) ? c : NULL;
}

bool kam_lua_is_self(lua_State *L, int idx)
{
  bool is;
  if (lua_type(L, idx) != LUA_TTABLE)
    return false;
  is = lua_rawgetp(L, idx, &id_key) == LUA_TNUMBER;
  lua_pop(L, 1);
  return is;
}

struct kam_component *kam_lua_check(lua_State *L, struct kam_lua *K, int idx)
{
  struct kam_component *c = kam_lua_component(L, K, idx);
  if (c)
    return c;
  idx = lua_absindex(L, idx);
  lua_pushvalue(L, idx);
  kam_lua_raise(L, kam_lua_is_self(L, idx) ? "E0210" : "E0211", 1);
  return NULL;
}

void kam_lua_pushself(lua_State *L, struct kam_lua *K,
                      const struct kam_component *c)
{
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->selves);
  lua_rawgeti(L, -1, c->slot);
  lua_remove(L, -2);
  if (lua_type(L, -1) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_pushnil(L);
  }
}

/* A copy of a file's name that lives as long as the state. */
static const char *keep_file(lua_State *L, struct kam_lua *K, const char *file)
{
  int top = lua_gettop(L);
  if (K->file && strcmp(K->file, file) == 0)
    return K->file;
  luaL_getsubtable(L, LUA_REGISTRYINDEX, "kam.files");
  lua_pushstring(L, file);
  lua_pushvalue(L, -1);
  if (lua_rawget(L, -3) == LUA_TNIL) { /* long strings are not all one */
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushvalue(L, -1);
    lua_rawset(L, -4);
  }
  K->file = lua_tostring(L, -1); /* as it stands in the table */
  lua_settop(L, top);
  return K->file;
}

/* Is it a function of a component of the library? */
static bool is_family(const char *source)
{
  return strstr(source, "/components/") && !strstr(source, "_spec.lua");
}

/* Where in a script it is being made: the first Lua function up the stack that
 * is not the library's own; failing that, where in a component of the library.
 */
static void set_place(lua_State *L, struct kam_lua *K, struct kam_component *c)
{
  lua_Debug ar;
  int level;
  for (level = 1; level < 16 && lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline <= 0 || strstr(ar.source, "lua/kam/"))
      continue;
    if (c->file && is_family(ar.source))
      continue;
    c->file = keep_file(L, K, ar.short_src);
    c->line = (uint32_t)ar.currentline;
    if (!is_family(ar.source))
      return;
  }
}

struct kam_component *kam_lua_make(lua_State *L, struct kam_lua *K,
                                   struct kam_shape *shape)
{
  struct kam_component *c;
  int self = lua_gettop(L);
  if (kam_component_new(kam_registry(K->rt), shape, &c))
    luaL_error(L, "not enough memory");
  lua_pushinteger(L, (lua_Integer)kam_component_id(c));
  lua_rawsetp(L, self, &id_key);
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->selves);
  lua_pushvalue(L, self);
  lua_rawseti(L, -2, c->slot);
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->threads);
  lua_pushboolean(L, 0);
  lua_rawseti(L, -2, c->slot);
  lua_pop(L, 2);
  c->host = (void *)(uintptr_t)lua_topointer(L, self);
  set_place(L, K, c);
  return c;
}

/* rename(c, name) */
static int l_rename(lua_State *L)
{
  struct kam_component *c = kam_lua_check(L, kam_lua_up(L, 1), 1);
  if (kam_component_rename(c, luaL_checkstring(L, 2)))
    return luaL_error(L, "not enough memory");
  return 0;
}

/* name(c) -> its name, its kind's name; nil when it has ended */
static int l_name(lua_State *L)
{
  struct kam_component *c = kam_lua_component(L, kam_lua_up(L, 1), 1);
  char name[256];
  if (!c)
    return 0;
  kam_component_name(c, name, sizeof name);
  lua_pushstring(L, name);
  lua_pushstring(L, c->shape->kind->name);
  return 2;
}

/* place(c) -> file, line */
static int l_place(lua_State *L)
{
  struct kam_component *c = kam_lua_component(L, kam_lua_up(L, 1), 1);
  if (!c || !c->file)
    return 0;
  lua_pushstring(L, c->file);
  lua_pushinteger(L, c->line);
  return 2;
}

/* order(c) -> a number that grows with the time of making */
static int l_order(lua_State *L)
{
  struct kam_component *c = kam_lua_check(L, kam_lua_up(L, 1), 1);
  lua_pushinteger(L, (lua_Integer)c->order);
  return 1;
}

/* state(c) -> "made", "active", "closing", "ended" */
static int l_state(lua_State *L)
{
  static const char *const names[] = {[KAM_MADE] = "made",
                                      [KAM_ACTIVE] = "active",
                                      [KAM_CLOSING] = "closing",
                                      [KAM_ENDED] = "ended"};
  struct kam_component *c = kam_lua_component(L, kam_lua_up(L, 1), 1);
  lua_pushstring(L, names[c ? c->state : KAM_ENDED]);
  return 1;
}

/* owned(c) -> has it an owner? */
static int l_owned(lua_State *L)
{
  struct kam_component *c = kam_lua_component(L, kam_lua_up(L, 1), 1);
  lua_pushboolean(L, c && c->owner);
  return 1;
}

/* The field children of the component at 1 is there from its first child on. */
static void show_children(lua_State *L)
{
  lua_pushliteral(L, "children");
  if (lua_rawget(L, 1) == LUA_TNIL) {
    lua_pushliteral(L, "children");
    lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
    lua_getfield(L, -1, "children");
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    lua_remove(L, -2);
    lua_rawset(L, 1);
  }
  lua_pop(L, 1);
}

/* self:addChildren(c, ...) -> c, ...: makes each a child of self; children
 * start with their owner, so at once if it runs. */
static int l_add_children(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_component *owner = kam_lua_component(L, K, 1);
  int i, n = lua_gettop(L);
  bool first;
  if (!owner)
    return kam_lua_raisef(L, "E0305", "addChildren", NULL);
  first = owner->first == NULL;
  luaL_checkstack(L, 10, NULL);
  for (i = 2; i <= n; i++) {
    struct kam_component *c = kam_lua_check(L, K, i);
    if (kam_component_adopt(owner, c)) {
      lua_pushvalue(L, i);
      return kam_lua_raise(L, c->owner ? "E0212" : "E0213", 1);
    }
  }
  if (first)
    show_children(L);
  return n - 1;
}

static int l_activate(lua_State *L)
{
  kam_component_activate(kam_lua_check(L, kam_lua_up(L, 1), 1));
  return 0;
}

/* stop(c): tells it to end now; nothing if it has ended */
static int l_stop(lua_State *L)
{
  struct kam_component *c = kam_lua_component(L, kam_lua_up(L, 1), 1);
  if (c)
    kam_component_stop(c);
  return 0;
}

/* watch(c): its failure is no longer its owner's */
static int l_watch(lua_State *L)
{
  struct kam_component *c = kam_lua_check(L, kam_lua_up(L, 1), 1);
  struct kam_component *watcher = kam_lua_check(L, kam_lua_up(L, 1), 2);
  struct kam_inbox *b = kam_component_inbox(watcher, luaL_checkstring(L, 3));
  c->flags |= KAM_COMPONENT_WATCHED;
  if (b)
    b->port.flags |= KAM_PORT_ENDS;
  return 0;
}

/* joins(self, c): what it waits for is the end of c; nil: no more */
static int l_joins(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct lua_component *lc = (struct lua_component *)kam_lua_check(L, K, 1);
  lc->joins = lua_isnil(L, 2) ? 0 : kam_component_id(kam_lua_check(L, K, 2));
  return 0;
}

/* returns(c): what it leaves unread at its end goes back to the inbox of its
 * owner that is passed on to it */
static int l_returns(lua_State *L)
{
  kam_lua_check(L, kam_lua_up(L, 1), 1)->flags |= KAM_COMPONENT_RETURNS;
  return 0;
}

/* set(c, name, value): one option of a component declared in C */
static int l_set(lua_State *L)
{
  struct kam_component *c = kam_lua_check(L, kam_lua_up(L, 1), 1);
  const char *name = luaL_checkstring(L, 2);
  const struct kam_option_spec *o = kam_kind_option(c->shape->kind, name);
  struct kam_value v = {.type = o ? o->type : KAM_OPTION_BOOLEAN};
  if (o && o->type == KAM_OPTION_INTEGER)
    v.i = lua_tointeger(L, 3);
  else if (o && o->type == KAM_OPTION_NUMBER)
    v.n = lua_tonumber(L, 3);
  else if (o && o->type == KAM_OPTION_STRING)
    v.s = lua_tostring(L, 3);
  else
    v.b = lua_toboolean(L, 3);
  lua_pushboolean(L, kam_component_set(c, name, &v) == 0);
  if (lua_toboolean(L, -1) && c->state == KAM_ACTIVE)
    kam_party_wake(&c->party);
  return 1;
}

/* each(c or nil, f): f(child) for each child, or each that has no owner */
static int l_children(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_component *c = NULL, *child;
  bool roots = lua_isnoneornil(L, 1);
  lua_Integer n = 0;
  if (!roots)
    c = kam_lua_component(L, K, 1);
  lua_newtable(L);
  if (!c && !roots)
    return 1;
  child = c ? c->first : kam_registry(K->rt)->first;
  for (; child; child = child->next) {
    kam_lua_pushself(L, K, child);
    if (lua_isnil(L, -1))
      lua_pop(L, 1);
    else
      lua_rawseti(L, -2, ++n);
  }
  return 1;
}

/* moves() -> a number that changes when somebody gets another owner or ends */
static int l_moves(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  lua_pushinteger(L, (lua_Integer)kam_registry(K->rt)->moves);
  return 1;
}

static void push_box(lua_State *L, const struct kam_port *p)
{
  lua_createtable(L, 0, 8);
  lua_pushstring(L, p->spec->name);
  lua_setfield(L, -2, "name");
  lua_pushinteger(L, p->spec->kinds);
  lua_setfield(L, -2, "kinds");
  lua_pushstring(L, p->spec->doc ? p->spec->doc : "");
  lua_setfield(L, -2, "doc");
  lua_pushboolean(L, p->from != NULL);
  lua_setfield(L, -2, "fed");
  lua_pushboolean(L, p->to != NULL);
  lua_setfield(L, -2, "linked");
  lua_pushboolean(L, p->spec->optional);
  lua_setfield(L, -2, "optional");
  lua_pushboolean(L, p->spec->open);
  lua_setfield(L, -2, "open");
}

static void set_count(lua_State *L, const char *name, uint64_t n)
{
  lua_pushinteger(L, (lua_Integer)n);
  lua_setfield(L, -2, name);
}

/* boxes(c) -> list of inboxes, list of outboxes, each { name =, doc =, … } */
static int l_boxes(lua_State *L)
{
  struct kam_component *c = kam_lua_component(L, kam_lua_up(L, 1), 1);
  lua_Integer n = 0;
  unsigned i;
  lua_newtable(L);
  lua_newtable(L);
  for (i = 0; c && i < kam_party_inboxes(&c->party); i++) {
    const struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (!b)
      continue;
    push_box(L, &b->port);
    set_count(L, "waiting", kam_inbox_len(b));
    set_count(L, "taken", b->taken);
    set_count(L, "limit", b->limit);
    set_count(L, "bytes", b->bytes);
    set_count(L, "maxBytes", b->max_bytes);
    lua_rawseti(L, -3, ++n);
  }
  for (n = 0, i = 0; c && i < kam_party_outboxes(&c->party); i++) {
    const struct kam_outbox *o = kam_party_outbox(&c->party, i);
    if (!o)
      continue;
    push_box(L, &o->port);
    lua_pushboolean(L, kam_outbox_heard(o));
    lua_setfield(L, -2, "heard");
    set_count(L, "sent", o->sent);
    lua_rawseti(L, -2, ++n);
  }
  return 2;
}

static void read_spec(lua_State *L, struct kam_box_spec *spec)
{
  spec->name = luaL_checkstring(L, 2);
  spec->doc = luaL_optstring(L, 3, "");
  spec->kinds = (unsigned)luaL_optinteger(L, 4, 0);
  spec->limit = (uint32_t)luaL_optinteger(L, 5, 0);
  spec->policy = (enum kam_policy)luaL_optinteger(L, 6, 0);
  spec->optional = lua_toboolean(L, 7);
  spec->open = lua_toboolean(L, 8);
}

/* addbox(c, name, doc, kinds, limit, policy, optional, open, out) -> true, or
 * false if the name is taken */
static int l_addbox(lua_State *L)
{
  struct kam_component *c = kam_lua_check(L, kam_lua_up(L, 1), 1);
  struct kam_box_spec spec = {0};
  unsigned at;
  int err;
  read_spec(L, &spec);
  err = lua_toboolean(L, 9) ? kam_component_add_outbox(c, &spec, &at)
                            : kam_component_add_inbox(c, &spec, &at);
  if (err == KAM_ENOMEM)
    return luaL_error(L, "not enough memory");
  lua_pushboolean(L, err == 0);
  return 1;
}

/* removebox(c, name, out) -> true, or false if it was declared or is none */
static int l_removebox(lua_State *L)
{
  struct kam_component *c = kam_lua_check(L, kam_lua_up(L, 1), 1);
  const char *name = luaL_checkstring(L, 2);
  int err = KAM_ESTATE;
  if (lua_toboolean(L, 3)) {
    struct kam_outbox *o = kam_component_outbox(c, name);
    if (o)
      err = kam_component_remove_outbox(c, o->port.index);
  } else {
    struct kam_inbox *b = kam_component_inbox(c, name);
    if (b)
      err = kam_component_remove_inbox(c, b->port.index);
  }
  lua_pushboolean(L, err == 0);
  return 1;
}

/* running() -> the component that runs, or nil */
static int l_running(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_party *p = kam_registry(K->rt)->world.running;
  if (!p)
    return 0;
  kam_lua_pushself(L, K, (struct kam_component *)p);
  return 1;
}

/* isself(v): is it, or was it, a component? */
static int l_isself(lua_State *L)
{
  lua_pushboolean(L, kam_lua_is_self(L, 1));
  return 1;
}

const struct luaL_Reg kam_lua_component_functions[] = {
    {"rename", l_rename},
    {"name", l_name},
    {"place", l_place},
    {"state", l_state},
    {"order", l_order},
    {"owned", l_owned},
    {"addchildren", l_add_children},
    {"activate", l_activate},
    {"stop", l_stop},
    {"joins", l_joins},
    {"watch", l_watch},
    {"returns", l_returns},
    {"set", l_set},
    {"children", l_children},
    {"moves", l_moves},
    {"boxes", l_boxes},
    {"addbox", l_addbox},
    {"removebox", l_removebox},
    {"running", l_running},
    {"isself", l_isself},
    {NULL, NULL},
};
