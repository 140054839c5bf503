/* kind: declarations from Lua to the core and from the core to Lua, and the
 * constructors of both. */
#include "lua/binding/binding.h"

#include <string.h>

/* All kinds declared in C; written by the build from the names of the files. */
extern const struct kam_kind *const kam_builtin_kinds[];
extern const struct kam_missing_kind kam_missing_kinds[];

static struct kam_mem *mem_of(struct kam_lua *K)
{
  return &kam_registry(K->rt)->world.mem;
}

static const char *text_field(lua_State *L, int t, const char *name)
{
  const char *s;
  lua_getfield(L, t, name);
  s = lua_tostring(L, -1);
  lua_pop(L, 1); /* the declaration keeps it */
  return s;
}

static lua_Integer int_field(lua_State *L, int t, const char *name)
{
  lua_Integer n;
  lua_getfield(L, t, name);
  n = lua_tointeger(L, -1);
  lua_pop(L, 1);
  return n;
}

static bool bool_field(lua_State *L, int t, const char *name)
{
  bool b;
  lua_getfield(L, t, name);
  b = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return b;
}

static void read_box(lua_State *L, int t, struct kam_box_spec *spec)
{
  *spec = (struct kam_box_spec){.name = text_field(L, t, "name"),
                                .doc = text_field(L, t, "doc"),
                                .kinds = (unsigned)int_field(L, t, "kinds"),
                                .limit = (uint32_t)int_field(L, t, "limit"),
                                .policy =
                                    (enum kam_policy)int_field(L, t, "policy"),
                                .optional = bool_field(L, t, "optional"),
                                .open = bool_field(L, t, "open"),
                                .absent = bool_field(L, t, "absent")};
}

/* The list of boxes in field name of the table at t, ended by an empty one. */
static struct kam_box_spec *read_boxes(lua_State *L, struct kam_lua *K, int t,
                                       const char *name, unsigned *count)
{
  struct kam_box_spec *specs;
  unsigned i, n;
  lua_getfield(L, t, name);
  n = (unsigned)lua_rawlen(L, -1);
  specs = kam_mem_zalloc(mem_of(K), (n + 1) * sizeof *specs);
  if (!specs)
    luaL_error(L, "not enough memory");
  *count = n + 1;
  for (i = 0; i < n; i++) {
    lua_rawgeti(L, -1, i + 1);
    read_box(L, lua_gettop(L), &specs[i]);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return specs;
}

static struct lua_kind *new_kind(lua_State *L, struct kam_lua *K)
{
  struct lua_kind *k = kam_mem_zalloc(mem_of(K), sizeof *k);
  if (!k)
    luaL_error(L, "not enough memory");
  k->main = LUA_NOREF;
  k->next = K->kinds;
  K->kinds = k;
  return k;
}

/* kind(declaration) -> kind: a normal declaration in Lua (see component.lua),
 * which must live as long as the state. */
static int l_kind(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct lua_kind *k = new_kind(L, K);
  lua_settop(L, 1);
  lua_pushvalue(L, 1);
  luaL_ref(L, LUA_REGISTRYINDEX); /* its strings are borrowed */
  k->in = read_boxes(L, K, 1, "inboxes", &k->n_in);
  k->out = read_boxes(L, K, 1, "outboxes", &k->n_out);
  k->name = kam_mem_strdup(mem_of(K), text_field(L, 1, "name"));
  if (lua_getfield(L, 1, "main") == LUA_TFUNCTION)
    k->main = luaL_ref(L, LUA_REGISTRYINDEX);
  k->kind = (struct kam_kind){.name = k->name,
                              .inboxes = k->in,
                              .outboxes = k->out,
                              .size = sizeof(struct lua_component),
                              .effects = bool_field(L, 1, "effects"),
                              .ends_early = bool_field(L, 1, "endsEarly"),
                              .passive = k->main == LUA_NOREF,
                              .step = kam_lua_step,
                              .halt = kam_lua_halt};
  if (!k->name || kam_shape_new(mem_of(K), &k->kind, &k->shape))
    return luaL_error(L, "not enough memory");
  k->is_lua = true;
  lua_pushlightuserdata(L, k);
  return 1;
}

static void set_text(lua_State *L, const char *key, const char *s)
{
  if (s) {
    lua_pushstring(L, s);
    lua_setfield(L, -2, key);
  }
}

static void set_flag(lua_State *L, const char *key, bool b)
{
  if (b) {
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, key);
  }
}

static void push_boxes(lua_State *L, const struct kam_box_spec *specs)
{
  lua_Integer i;
  lua_newtable(L);
  for (i = 0; specs && specs[i].name; i++) {
    lua_createtable(L, 0, 8);
    set_text(L, "name", specs[i].name);
    set_text(L, "doc", specs[i].doc);
    lua_pushinteger(L, (lua_Integer)specs[i].kinds);
    lua_setfield(L, -2, "kinds");
    lua_pushinteger(L, (lua_Integer)specs[i].limit);
    lua_setfield(L, -2, "limit");
    set_flag(L, "optional", specs[i].optional);
    set_flag(L, "open", specs[i].open);
    set_flag(L, "absent", specs[i].absent);
    lua_rawseti(L, -2, i + 1);
  }
}

static void push_value(lua_State *L, const struct kam_value *v)
{
  switch (v->type) {
  case KAM_OPTION_INTEGER:
    lua_pushinteger(L, v->i);
    break;
  case KAM_OPTION_NUMBER:
    lua_pushnumber(L, v->n);
    break;
  case KAM_OPTION_BOOLEAN:
    lua_pushboolean(L, v->b);
    break;
  case KAM_OPTION_STRING:
    lua_pushstring(L, v->s);
    break;
  case KAM_OPTION_LIST:
  case KAM_OPTION_MAKER:
  case KAM_OPTION_VALUE:
    lua_pushnil(L);
    break;
  }
}

static void push_one_of(lua_State *L, const char *const *one_of)
{
  lua_Integer i;
  if (!one_of)
    return;
  lua_newtable(L);
  for (i = 0; one_of[i]; i++) {
    lua_pushstring(L, one_of[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "oneOf");
}

static void push_options(lua_State *L, const struct kam_kind *kind)
{
  static const char *const types[] = {
      [KAM_OPTION_INTEGER] = "integer", [KAM_OPTION_NUMBER] = "number",
      [KAM_OPTION_BOOLEAN] = "boolean", [KAM_OPTION_STRING] = "string",
      [KAM_OPTION_LIST] = "strings",    [KAM_OPTION_MAKER] = "maker",
      [KAM_OPTION_VALUE] = "any"};
  const struct kam_option_spec *o;
  bool optional;
  lua_newtable(L);
  for (o = kind->options; o && o->name; o++) {
    lua_createtable(L, 0, 8);
    set_text(L, "doc", o->doc);
    set_text(L, "type", types[o->type]);
    if (!o->required) {
      push_value(L, &o->fallback);
      optional = lua_isnil(L, -1);
      lua_setfield(L, -2, "default");
      set_flag(L, "optional", optional);
    }
    if (o->min != 0 || o->max != 0) {
      lua_pushnumber(L, o->min);
      lua_setfield(L, -2, "min");
      lua_pushnumber(L, o->max);
      lua_setfield(L, -2, "max");
    }
    push_one_of(L, o->one_of);
    set_flag(L, "required", o->required);
    set_flag(L, "live", o->live);
    lua_setfield(L, -2, o->name);
  }
}

/* builtin(i) -> declaration, kind: the i-th kind declared in C, or nil. */
static int l_builtin(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  lua_Integer n = luaL_checkinteger(L, 1), i;
  const struct kam_kind *kind;
  struct lua_kind *k;
  for (i = 1; i < n && kam_builtin_kinds[i - 1];)
    i++;
  kind = kam_builtin_kinds[i - 1];
  if (!kind)
    return 0;
  k = new_kind(L, K);
  if (kam_shape_of(K->rt, kind, &k->shape))
    return luaL_error(L, "not enough memory");
  lua_createtable(L, 0, 12);
  set_text(L, "name", kind->name);
  set_text(L, "family", kind->family);
  set_text(L, "summary", kind->summary);
  set_text(L, "doc", kind->doc);
  set_text(L, "ends", kind->ends);
  set_text(L, "example", kind->example);
  set_text(L, "first", kind->first);
  set_flag(L, "effects", kind->effects);
  set_flag(L, "endsEarly", kind->ends_early);
  set_flag(L, "answers", kind->answers);
  push_boxes(L, kind->inboxes);
  lua_setfield(L, -2, "inboxes");
  push_boxes(L, kind->outboxes);
  lua_setfield(L, -2, "outboxes");
  push_options(L, kind);
  lua_setfield(L, -2, "options");
  lua_pushlightuserdata(L, k);
  return 2;
}

/* The strings of the list on top, which gets an array of them above it. */
static const char *const *to_list(lua_State *L)
{
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1), i;
  const char **list = lua_newuserdatauv(L, (size_t)(n + 1) * sizeof *list, 0);
  for (i = 0; i < n; i++) {
    lua_rawgeti(L, -2, i + 1);
    list[i] = lua_tostring(L, -1);
    lua_pop(L, 1); /* the list keeps it */
  }
  list[n] = NULL;
  return list;
}

/* The value of one option of a C component, from its checked self table; it is
 * borrowed from what is on the stack from there on. */
static struct kam_value to_value(lua_State *L, struct kam_lua *K,
                                 enum kam_option_type type)
{
  struct kam_value v = {.type = type};
  switch (type) {
  case KAM_OPTION_INTEGER:
    v.i = lua_tointeger(L, -1);
    break;
  case KAM_OPTION_NUMBER:
    v.n = lua_tonumber(L, -1);
    break;
  case KAM_OPTION_BOOLEAN:
    v.b = lua_toboolean(L, -1);
    break;
  case KAM_OPTION_STRING:
    v.s = lua_tostring(L, -1);
    break;
  case KAM_OPTION_LIST:
    v.list = to_list(L);
    break;
  case KAM_OPTION_MAKER:
  case KAM_OPTION_VALUE:
    lua_rawgeti(L, LUA_REGISTRYINDEX, K->parked);
    v.msg = kam_lua_tomsg(L, K, -2, lua_absindex(L, -1));
    break;
  }
  return v;
}

static void set_options(lua_State *L, struct kam_lua *K,
                        struct kam_component *c, int self)
{
  const struct kam_option_spec *o;
  for (o = c->shape->kind->options; o && o->name; o++) {
    struct kam_value v;
    lua_pushstring(L, o->name);
    if (lua_rawget(L, self) != LUA_TNIL) {
      v = to_value(L, K, o->type);
      if (kam_option_set(c->party.world, o, c, &v)) {
        kam_component_stop(c);
        luaL_error(L, "%s: option %s cannot be set", c->shape->kind->name,
                   o->name);
      }
    }
    lua_settop(L, self);
  }
}

/* What init raised (on top) goes on to who makes the component. */
static void refuse(lua_State *L, const char *kind)
{
  lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
  lua_getfield(L, -1, "unmade");
  lua_pushstring(L, kind);
  lua_pushvalue(L, -4);
  lua_call(L, 2, 1);
  lua_error(L);
}

/* init runs with the component not yet active; if it fails, there is none. */
static void call_init(lua_State *L, struct kam_lua *K, struct kam_component *c,
                      int self)
{
  bool before = K->making;
  int status;
  lua_pushvalue(L, lua_upvalueindex(5));
  lua_pushvalue(L, self);
  K->making = true;
  status = lua_pcall(L, 1, 0, 0);
  K->making = before;
  if (status != LUA_OK) {
    kam_component_stop(c);
    refuse(L, c->shape->kind->name);
  }
}

/* Upvalues: K, kind, metatable, prepare, init or nil, has it options?
 * prepare(...) gives the self table with its options in it. */
static int construct(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct lua_kind *k = lua_touserdata(L, lua_upvalueindex(2));
  struct kam_component *c;
  int n = lua_gettop(L);
  if (n == 0 && !lua_toboolean(L, lua_upvalueindex(6))) {
    lua_createtable(L, 0, 1);
  } else {
    lua_pushvalue(L, lua_upvalueindex(4));
    lua_insert(L, 1);
    lua_call(L, n, 1);
  }
  lua_pushvalue(L, lua_upvalueindex(3));
  lua_setmetatable(L, -2);
  c = kam_lua_make(L, K, k->shape);
  if (k->is_lua)
    ((struct lua_component *)c)->K = K;
  else
    set_options(L, K, c, lua_gettop(L));
  if (!lua_isnil(L, lua_upvalueindex(5)))
    call_init(L, K, c, lua_gettop(L));
  return 1;
}

/* constructor(kind, metatable, prepare, init, has options) -> function */
static int l_constructor(lua_State *L)
{
  lua_settop(L, 5);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_pushcclosure(L, construct, 6);
  return 1;
}

/* missing(i) -> file, family, library: the i-th kind that this build lacks, or
 * nil. */
static int l_missing(lua_State *L)
{
  lua_Integer n = luaL_checkinteger(L, 1), i;
  const struct kam_missing_kind *m = kam_missing_kinds;
  for (i = 1; i < n && m->file; i++)
    m++;
  if (!m->file)
    return 0;
  lua_pushstring(L, m->file);
  lua_pushstring(L, m->family);
  lua_pushstring(L, m->library);
  return 3;
}

/* main(kind) -> the function that is its main, or nil */
static int l_main(lua_State *L)
{
  struct lua_kind *k = lua_touserdata(L, 1);
  if (k->main == LUA_NOREF)
    return 0;
  lua_rawgeti(L, LUA_REGISTRYINDEX, k->main);
  return 1;
}

const struct luaL_Reg kam_lua_kind_functions[] = {
    {"kind", l_kind}, {"builtin", l_builtin}, {"constructor", l_constructor},
    {"main", l_main}, {"missing", l_missing}, {NULL, NULL},
};
