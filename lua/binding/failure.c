/* failure: a component has failed: its error in words, and what is known. */
#include "lua/binding/binding.h"

#include <stdio.h>

/* describe(co, err) -> the text of an error; its traceback is kept for
 * kam_lua_failed. Protected, as memory may be out. */
static int describe(lua_State *L)
{
  lua_State *co = lua_touserdata(L, 1);
  luaL_checkstack(L, 40, NULL);
  kam_lua_show(L, 2, true);
  luaL_traceback(L, co, NULL, 0);
  lua_setfield(L, LUA_REGISTRYINDEX, "kam.traceback");
  return 1;
}

/* The traceback is no longer wanted; that takes no memory. */
static int forget_traceback(lua_State *L)
{
  lua_pushnil(L);
  lua_setfield(L, LUA_REGISTRYINDEX, "kam.traceback");
  return 0;
}

void kam_lua_fail(struct kam_lua *K, struct kam_component *c, lua_State *co)
{
  lua_State *L = K->aux;
  const char *text = NULL;
  if (lua_type(co, -1) == LUA_TSTRING)
    text = lua_tostring(co, -1); /* as it is, if there is no memory for more */
  lua_pushcfunction(L, describe);
  lua_pushlightuserdata(L, co);
  lua_checkstack(co, 40);
  lua_pushvalue(co, -1);
  lua_xmove(co, L, 1);
  if (co == L)
    lua_insert(L, -2);
  if (lua_pcall(L, 2, 1, 0) == LUA_OK)
    text = lua_tostring(L, -1);
  kam_component_fail(c, text ? text : "an error that cannot be shown");
  lua_pop(L, 1);
  lua_pushcfunction(L, forget_traceback);
  if (lua_pcall(L, 0, 0, 0) != LUA_OK)
    lua_pop(L, 1);
}

static void set_handled(lua_State *L, struct kam_lua *K,
                        struct kam_component *c)
{
  const struct kam_msg *m = c->shape->kind->step == kam_lua_step
                                ? &((struct lua_component *)c)->last
                                : kam_lua_function_msg(c);
  char text[256];
  if (!m || m->tag == KAM_NOTHING)
    return;
  kam_msg_text(&kam_registry(K->rt)->world.host, *m, false, text, sizeof text);
  kam_lua_setstring(L, "handling", text);
}

static uint64_t taken(const struct kam_component *c)
{
  uint64_t n = 0;
  unsigned i;
  for (i = 0; i < kam_party_inboxes(&c->party); i++) {
    const struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (b && i != KAM_CONTROL)
      n += b->taken;
  }
  return n;
}

/* failed(c): tells the library what is known of the failure of c. */
static int tell_failed(lua_State *L)
{
  struct kam_lua *K = kam_lua_of(L);
  struct kam_component *c = lua_touserdata(L, 1);
  char name[256];
  luaL_checkstack(L, 20, NULL);
  kam_component_name(c, name, sizeof name);
  lua_createtable(L, 0, 10);
  kam_lua_setstring(L, "name", name);
  kam_lua_setstring(L, "kind", c->shape->kind->name);
  kam_lua_setstring(L, "message",
                    c->failure ? c->failure : "not enough memory");
  if (c->file) {
    kam_lua_setstring(L, "file", c->file);
    lua_pushinteger(L, c->line);
    lua_setfield(L, -2, "line");
  }
  if (lua_getfield(L, LUA_REGISTRYINDEX, "kam.traceback") == LUA_TSTRING)
    lua_setfield(L, -2, "traceback");
  else
    lua_pop(L, 1);
  set_handled(L, K, c);
  lua_pushinteger(L, (lua_Integer)taken(c));
  lua_setfield(L, -2, "number");
  kam_lua_pushself(L, K, c);
  lua_setfield(L, -2, "component");
  if (c->owner) {
    kam_lua_setstring(L, "owner",
                      c->owner->name ? c->owner->name
                                     : c->owner->shape->kind->name);
    lua_pushinteger(L, c->owner->children - 1);
    lua_setfield(L, -2, "siblings");
  }
  lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
  lua_getfield(L, -1, "failed");
  lua_pushvalue(L, 2);
  lua_call(L, 1, 0);
  return 0;
}

void kam_lua_failed(void *ctx, struct kam_component *c)
{
  struct kam_lua *K = ctx;
  lua_State *L = K->aux;
  char name[256];
  if (lua_checkstack(L, 20)) {
    lua_pushcfunction(L, tell_failed);
    lua_pushlightuserdata(L, c);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK)
      return;
    lua_pop(L, 1);
  }
  kam_component_name(c, name, sizeof name); /* no memory to say more */
  fprintf(stderr, "error[E0400]: %s failed: %s\n", name,
          c->failure ? c->failure : "not enough memory");
}
