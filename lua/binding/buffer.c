/* buffer: a counted object in Lua's hands. */
#include "lua/binding/binding.h"

#define BUFFER "kam.buffer"

static struct kam_object **check(lua_State *L)
{
  struct kam_object **b = luaL_checkudata(L, 1, BUFFER);
  if (!*b)
    kam_lua_raise(L, "E0313", 0);
  return b;
}

static const char *view(lua_State *L, size_t *len)
{
  struct kam_object *o = *check(L);
  const char *s = o->ops->view(o, len);
  if (!s)
    *len = 0;
  return s ? s : "";
}

struct kam_object *kam_lua_tobuffer(lua_State *L, int idx)
{
  struct kam_object **b = luaL_testudata(L, idx, BUFFER);
  return b ? *b : NULL;
}

void kam_lua_pushbuffer(lua_State *L, struct kam_msg m)
{
  struct kam_object **b = lua_newuserdatauv(L, sizeof *b, 0);
  *b = NULL;
  luaL_setmetatable(L, BUFFER);
  if (m.tag != KAM_OBJECT)
    return;
  *b = m.u.object;
  kam_object_ref(*b);
}

static int l_len(lua_State *L)
{
  size_t len;
  view(L, &len);
  lua_pushinteger(L, (lua_Integer)len);
  return 1;
}

static int l_tostring(lua_State *L)
{
  size_t len;
  const char *s = view(L, &len);
  lua_pushlstring(L, s, len);
  return 1;
}

/* sub(i, j) -> a buffer of the bytes from i to j, as string.sub counts; it
 * copies nothing */
static int l_sub(lua_State *L)
{
  struct kam_object *o = *check(L);
  size_t len;
  lua_Integer i = luaL_checkinteger(L, 2), j = luaL_optinteger(L, 3, -1), n;
  struct kam_bytes *slice;
  view(L, &len);
  n = (lua_Integer)len;
  i = i < 0 ? (n + i + 1 > 1 ? n + i + 1 : 1) : i == 0 ? 1 : i;
  j = j < 0 ? n + j + 1 : j > n ? n : j;
  if (i > n || j < i)
    i = j + 1;
  if (i < 1 || j < 0)
    i = 1, j = 0;
  slice = kam_bytes_slice((struct kam_bytes *)o, (size_t)(i > n ? n : i - 1),
                          (size_t)(j >= i ? j - i + 1 : 0));
  if (!slice)
    return luaL_error(L, "not enough memory");
  kam_lua_pushbuffer(L, kam_msg_bytes(slice));
  kam_bytes_unref(slice);
  return 1;
}

/* release(): gives its memory back now; it cannot be used any more */
static int l_release(lua_State *L)
{
  struct kam_object **b = luaL_checkudata(L, 1, BUFFER);
  struct kam_object *o = *b;
  *b = NULL;
  if (o)
    kam_object_unref(o);
  return 0;
}

void kam_lua_open_buffer(lua_State *L)
{
  static const luaL_Reg methods[] = {
      {"sub", l_sub}, {"release", l_release}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__len", l_len},
                                  {"__tostring", l_tostring},
                                  {"__gc", l_release},
                                  {"__close", l_release},
                                  {NULL, NULL}};
  luaL_newmetatable(L, BUFFER);
  luaL_setfuncs(L, meta, 0);
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  luaL_newmetatable(L, "kam.linkage");
  lua_pop(L, 1);
}
