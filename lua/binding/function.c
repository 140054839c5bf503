/* function: components made of one Lua function: map, filter, each, source.
 *
 * Each is a component whose step runs a batch of calls under one pcall, so that
 * a message costs one Lua call and no switch of coroutines. */
#include "lua/binding/binding.h"

#include <string.h>

struct function_component {
  struct kam_component c; /* must be first */
  struct kam_lua *K;
  struct kam_msg handled; /* while its function runs */
};

static const char function_key = 0;

/* Where things are on the stack of a batch. */
enum { AT_C = 1, AT_PARKED, AT_FUNCTION };

static void begin(lua_State *L, struct function_component *f)
{
  lua_rawgeti(L, LUA_REGISTRYINDEX, f->K->parked);
  kam_lua_pushself(L, f->K, &f->c);
  lua_rawgetp(L, -1, &function_key);
  lua_remove(L, -2);
}

/* Calls in one step. */
static uint32_t calls(const struct function_component *f)
{
  return f->c.party.world->batch;
}

static int done(lua_State *L, int step)
{
  lua_pushinteger(L, step);
  return 1;
}

/* Is there nothing to take now? Then what the step has to say. */
static bool take(struct function_component *f, int *step)
{
  if (kam_take(&f->c, KAM_INBOX, &f->handled))
    return true;
  *step = kam_over(&f->c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
  return false;
}

static void call(lua_State *L, struct function_component *f, int nres)
{
  lua_pushvalue(L, AT_FUNCTION);
  kam_lua_pushmsg(L, f->K, f->handled, AT_PARKED);
  lua_call(L, 1, nres);
}

/* The message that was handled is over; the result stays on the stack. */
static void handled(lua_State *L, struct function_component *f)
{
  if (f->handled.tag == KAM_PARKED || f->handled.tag == KAM_OBJECT)
    kam_lua_unpark(L, f->K, f->handled, AT_PARKED);
  f->handled.tag = KAM_NOTHING;
}

static void check_sent(lua_State *L, struct function_component *f, int r)
{
  if (r == KAM_ENOMEM)
    luaL_error(L, "not enough memory");
  if (r < 0) {
    kam_lua_pushself(L, f->K, &f->c);
    lua_pushliteral(L, "outbox");
    kam_lua_raise(L, r == KAM_ESELF ? "E0312" : "E0311", 2);
  }
}

static int nothing(lua_State *L, struct function_component *f)
{
  lua_pushinteger(L, (lua_Integer)f->c.party.in[KAM_INBOX].taken);
  return kam_lua_raise(L, "E0501", 1);
}

static int map_batch(lua_State *L)
{
  struct function_component *f = lua_touserdata(L, AT_C);
  struct kam_msg m;
  uint32_t i, n = calls(f);
  int r, step = KAM_AGAIN;
  begin(L, f);
  for (i = 0; i < n; i++) {
    if (!take(f, &step))
      return done(L, step);
    call(L, f, 1);
    if (lua_isinteger(L, -1)) {
      m = kam_msg_int(lua_tointeger(L, -1));
    } else {
      if (lua_isnil(L, -1))
        return nothing(L, f);
      m = kam_lua_tomsg(L, f->K, -1, AT_PARKED);
    }
    handled(L, f);
    lua_pop(L, 1);
    r = kam_send(&f->c, KAM_OUTBOX, m);
    if (r == KAM_WAIT)
      return done(L, KAM_BLOCKED);
    check_sent(L, f, r);
  }
  return done(L, step);
}

static int filter_batch(lua_State *L)
{
  struct function_component *f = lua_touserdata(L, AT_C);
  struct kam_msg m;
  uint32_t i, n = calls(f);
  int r, step = KAM_AGAIN;
  begin(L, f);
  for (i = 0; i < n; i++) {
    if (!take(f, &step))
      return done(L, step);
    call(L, f, 1);
    m = f->handled;
    f->handled.tag = KAM_NOTHING;
    r = lua_toboolean(L, -1);
    lua_settop(L, AT_FUNCTION);
    if (!r) {
      kam_outbox_lose(&f->c.party.out[KAM_OUTBOX], m, KAM_LOST_FILTERED);
      f->c.party.out[KAM_OUTBOX].sent++;
      continue;
    }
    r = kam_send(&f->c, KAM_OUTBOX, m);
    if (r == KAM_WAIT)
      return done(L, KAM_BLOCKED);
    check_sent(L, f, r);
  }
  return done(L, step);
}

static int each_batch(lua_State *L)
{
  struct function_component *f = lua_touserdata(L, AT_C);
  uint32_t i, n = calls(f);
  int step = KAM_AGAIN;
  begin(L, f);
  for (i = 0; i < n; i++) {
    if (!take(f, &step))
      return done(L, step);
    call(L, f, 0);
    handled(L, f);
  }
  return done(L, step);
}

static int source_batch(lua_State *L)
{
  struct function_component *f = lua_touserdata(L, AT_C);
  struct kam_msg m;
  uint32_t i, n = calls(f);
  int r;
  begin(L, f);
  for (i = 0; i < n; i++) {
    if (f->c.party.told)
      return done(L, KAM_DONE);
    lua_pushvalue(L, AT_FUNCTION);
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1))
      return done(L, KAM_DONE);
    m = kam_lua_tomsg(L, f->K, -1, AT_PARKED);
    lua_settop(L, AT_FUNCTION);
    r = kam_send(&f->c, KAM_OUTBOX, m);
    if (r == KAM_WAIT)
      return done(L, KAM_BLOCKED);
    check_sent(L, f, r);
  }
  return done(L, KAM_AGAIN);
}

static int trace_back(lua_State *L)
{
  luaL_checkstack(L, 40, NULL);
  kam_lua_show(L, 1, true);
  luaL_traceback(L, L, NULL, 1);
  lua_setfield(L, LUA_REGISTRYINDEX, "kam.traceback");
  return 1;
}

static int failed(struct function_component *f, lua_State *L, int top)
{
  const char *text = lua_tostring(L, -1);
  lua_sethook(L, NULL, 0, 0); /* if it was stopped, what follows is not */
  kam_component_fail(&f->c, text ? text : "an error");
  lua_settop(L, top);
  lua_pushnil(L);
  lua_setfield(L, LUA_REGISTRYINDEX, "kam.traceback");
  kam_msg_drop(&f->c.party.world->host, f->handled);
  f->handled.tag = KAM_NOTHING;
  return KAM_AGAIN;
}

static int step(struct kam_component *c, lua_CFunction batch)
{
  struct function_component *f = (struct function_component *)c;
  lua_State *L = f->K->aux;
  int top = lua_gettop(L), r;
  lua_pushcfunction(L, trace_back);
  lua_pushcfunction(L, batch);
  lua_pushlightuserdata(L, f);
  if (lua_pcall(L, 1, 1, top + 1) != LUA_OK)
    return failed(f, L, top);
  r = (int)lua_tointeger(L, -1);
  lua_settop(L, top);
  return r;
}

static int map_step(struct kam_component *c)
{
  return step(c, map_batch);
}

static int filter_step(struct kam_component *c)
{
  return step(c, filter_batch);
}

static int each_step(struct kam_component *c)
{
  return step(c, each_batch);
}

static int source_step(struct kam_component *c)
{
  return step(c, source_batch);
}

static const struct kam_box_spec no_outbox[] = {
    {.name = "outbox", .absent = true}, {0}};
static const struct kam_box_spec no_inbox[] = {
    {.name = "inbox", .absent = true}, {0}};

static const struct kam_kind kinds[] = {
    {.name = "map",
     .size = sizeof(struct function_component),
     .step = map_step},
    {.name = "filter",
     .size = sizeof(struct function_component),
     .step = filter_step},
    {.name = "each",
     .size = sizeof(struct function_component),
     .outboxes = no_outbox,
     .effects = true,
     .step = each_step},
    {.name = "source",
     .size = sizeof(struct function_component),
     .inboxes = no_inbox,
     .step = source_step},
};

const struct kam_msg *kam_lua_function_msg(const struct kam_component *c)
{
  size_t i;
  for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (c->shape->kind == &kinds[i])
      return &((const struct function_component *)c)->handled;
  return NULL;
}

/* func(kind, f, metatable) -> component */
static int l_func(lua_State *L)
{
  static const char *const names[] = {"map", "filter", "each", "source", NULL};
  struct kam_lua *K = kam_lua_up(L, 1);
  int i = luaL_checkoption(L, 1, NULL, names);
  struct kam_shape *shape;
  struct function_component *f;
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_settop(L, 3);
  if (kam_shape_of(K->rt, &kinds[i], &shape))
    return luaL_error(L, "not enough memory");
  lua_createtable(L, 0, 2);
  lua_insert(L, 3);
  lua_setmetatable(L, 3);
  lua_pushvalue(L, 2);
  lua_rawsetp(L, 3, &function_key);
  f = (struct function_component *)kam_lua_make(L, K, shape);
  f->K = K;
  return 1;
}

const struct luaL_Reg kam_lua_function_functions[] = {
    {"func", l_func},
    {NULL, NULL},
};
