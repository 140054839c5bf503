/* warn: a component has warned: that goes to the library as it is. */
#include "core/warn.h"

#include "lua/binding/binding.h"

#include <stdio.h>

/* Protected, as memory may be out. */
static int tell(lua_State *L)
{
  const struct kam_warning *w = lua_touserdata(L, 1);
  luaL_checkstack(L, 20, NULL);
  lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
  lua_getfield(L, -1, "warned");
  lua_pushstring(L, w->code);
  lua_pushstring(L, w->name);
  lua_pushstring(L, w->text);
  if (w->told)
    lua_pushinteger(L, (lua_Integer)w->count);
  else
    lua_pushnil(L);
  lua_pushstring(L, w->file); /* nil for NULL */
  lua_pushinteger(L, w->line);
  lua_call(L, 6, 0);
  return 0;
}

/* warn(c, text): in the name of c */
static int l_warn(lua_State *L)
{
  struct kam_component *c = kam_lua_check(L, kam_lua_up(L, 1), 1);
  const char *text = luaL_checkstring(L, 2);
  if (c->state < KAM_ENDED)
    kam_component_warn(c, "W0014", text);
  return 0;
}

const struct luaL_Reg kam_lua_warn_functions[] = {
    {"warn", l_warn},
    {NULL, NULL},
};

void kam_lua_warned(void *ctx, const struct kam_warning *w)
{
  lua_State *L = ((struct kam_lua *)ctx)->aux;
  if (lua_checkstack(L, 20)) {
    lua_pushcfunction(L, tell);
    lua_pushlightuserdata(L, (struct kam_warning *)(uintptr_t)w);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK)
      return;
    lua_pop(L, 1);
  }
  fprintf(stderr, "warning[%s]: %s: %s\n", w->code, w->name, w->text);
}
