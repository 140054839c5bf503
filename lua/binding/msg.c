/* msg: Lua values as messages, and back. */
#include "lua/binding/binding.h"

#include <stdlib.h>
#include <string.h>

/* More places for parked values; the table is filled, so that to park is to
 * write into its array. */
static void grow(lua_State *L, struct kam_lua *K, int parked)
{
  uint32_t n = K->all_places ? K->all_places * 2 : 64, i;
  uint32_t *places;
  for (i = K->all_places + 1; i <= n; i++) {
    lua_pushboolean(L, 0);
    lua_rawseti(L, parked, i);
  }
  places = realloc(K->places, n * sizeof *places);
  if (!places)
    luaL_error(L, "not enough memory");
  K->places = places;
  for (i = n; i > K->all_places; i--)
    K->places[K->n_places++] = i;
  K->all_places = n;
}

static struct kam_msg park(lua_State *L, struct kam_lua *K, int idx, int parked)
{
  struct kam_msg m = {.tag = KAM_PARKED, .kind = KAM_TABLE};
  uint32_t place;
  if (K->n_places == 0)
    grow(L, K, parked);
  place = K->places[--K->n_places];
  lua_pushvalue(L, idx);
  lua_rawseti(L, parked, place);
  m.u.place = place;
  return m;
}

static struct kam_msg park_string(lua_State *L, struct kam_lua *K, int idx,
                                  int parked)
{
  size_t len = lua_rawlen(L, idx);
  struct kam_msg m = park(L, K, idx, parked);
  m.kind = KAM_BYTES | KAM_LINE | KAM_BUFFER;
  m.flags = KAM_MSG_TEXT;
  m.len = len > UINT32_MAX ? UINT32_MAX : (uint32_t)len;
  return m;
}

static struct kam_msg of_table(lua_State *L, struct kam_lua *K, int idx,
                               int parked)
{
  const void *p = lua_topointer(L, idx);
  if (p == K->finished)
    return kam_msg_signal(KAM_FINISHED);
  if (p == K->shutdown)
    return kam_msg_signal(KAM_SHUTDOWN);
  return park(L, K, idx, parked);
}

static struct kam_msg of_userdata(lua_State *L, struct kam_lua *K, int idx,
                                  int parked)
{
  struct kam_object *o = kam_lua_tobuffer(L, idx);
  if (!o)
    return park(L, K, idx, parked);
  kam_object_ref(o);
  return kam_msg_bytes((struct kam_bytes *)o);
}

struct kam_msg kam_lua_tomsg(lua_State *L, struct kam_lua *K, int idx,
                             int parked)
{
  switch (lua_type(L, idx)) {
  case LUA_TNUMBER:
    return lua_isinteger(L, idx) ? kam_msg_int(lua_tointeger(L, idx))
                                 : kam_msg_number(lua_tonumber(L, idx));
  case LUA_TSTRING:
    return park_string(L, K, idx, parked);
  case LUA_TTABLE:
    return of_table(L, K, idx, parked);
  case LUA_TBOOLEAN:
    return kam_msg_bool(lua_toboolean(L, idx));
  case LUA_TUSERDATA:
    return of_userdata(L, K, idx, parked);
  case LUA_TNIL:
  case LUA_TNONE:
    kam_lua_raise(L, "E0301", 0);
    return (struct kam_msg){0};
  default:
    return park(L, K, idx, parked);
  }
}

void kam_lua_pushmsg(lua_State *L, struct kam_lua *K, struct kam_msg m,
                     int parked)
{
  const void *bytes;
  size_t len;
  switch ((enum kam_tag)m.tag) {
  case KAM_PARKED:
    lua_rawgeti(L, parked, (lua_Integer)m.u.place);
    return;
  case KAM_INT:
    lua_pushinteger(L, m.u.i);
    return;
  case KAM_NUMBER:
    lua_pushnumber(L, m.u.n);
    return;
  case KAM_BOOL:
    lua_pushboolean(L, m.u.b);
    return;
  case KAM_SIGNAL:
    kam_lua_pushtold(L, K, (enum kam_told)m.u.i);
    return;
  case KAM_OBJECT:
    bytes = kam_msg_view(NULL, m, &len);
    if (bytes)
      lua_pushlstring(L, bytes, len);
    else
      kam_lua_pushbuffer(L, m);
    return;
  case KAM_NOTHING:
    lua_pushnil(L);
    return;
  }
}

void kam_lua_unpark(lua_State *L, struct kam_lua *K, struct kam_msg m,
                    int parked)
{
  if (m.tag == KAM_OBJECT) {
    kam_object_unref(m.u.object);
  } else if (m.tag == KAM_PARKED) {
    lua_pushboolean(L, 0);
    lua_rawseti(L, parked, (lua_Integer)m.u.place);
    K->places[K->n_places++] = (uint32_t)m.u.place;
  }
}

static void drop(void *ctx, struct kam_msg m)
{
  struct kam_lua *K = ctx;
  lua_rawgeti(K->aux, LUA_REGISTRYINDEX, K->parked);
  kam_lua_unpark(K->aux, K, m, lua_gettop(K->aux));
  lua_pop(K->aux, 1);
}

/* The string stays where it is parked while it is looked at. */
static const void *view(void *ctx, struct kam_msg m, size_t *len)
{
  struct kam_lua *K = ctx;
  const char *s;
  lua_rawgeti(K->aux, LUA_REGISTRYINDEX, K->parked);
  lua_rawgeti(K->aux, -1, (lua_Integer)m.u.place);
  s = lua_tolstring(K->aux, -1, len);
  lua_pop(K->aux, 2);
  return s;
}

/* show(place, whole): protected, for texts from the core. */
static int show_parked(lua_State *L)
{
  struct kam_lua *K = kam_lua_of(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->parked);
  lua_rawgeti(L, -1, lua_tointeger(L, 1));
  kam_lua_show(L, -1, lua_toboolean(L, 2));
  return 1;
}

static size_t text(void *ctx, struct kam_msg m, bool whole, char *buf,
                   size_t size)
{
  struct kam_lua *K = ctx;
  lua_State *L = K->aux;
  int top = lua_gettop(L);
  size_t len = 0, n;
  const char *s;
  if (!lua_checkstack(L, 20))
    return 0;
  lua_pushcfunction(L, show_parked);
  lua_pushinteger(L, (lua_Integer)m.u.place);
  lua_pushboolean(L, whole);
  lua_pcall(L, 2, 1, 0);
  s = lua_tolstring(L, -1, &len);
  if (!s)
    s = "?";
  if (!whole && (m.flags & KAM_MSG_TEXT)) {
    len = kam_quote(s, len, buf, size);
  } else if (size) {
    n = len < size ? len : size - 1;
    memcpy(buf, s, n);
    buf[n] = 0;
  }
  lua_settop(L, top);
  return len;
}

void kam_lua_init_host(struct kam_lua *K)
{
  static const char *const names[] = {
      [KAM_FINISHED] = "kam.finished", [KAM_SHUTDOWN] = "kam.shutdown"};
  lua_State *L = K->L;
  int told;
  for (told = KAM_FINISHED; told <= KAM_SHUTDOWN; told++) {
    lua_newtable(L);
    lua_pushstring(L, kam_lua_told_name((enum kam_told)told));
    lua_setfield(L, -2, "kind");
    *(told == KAM_FINISHED ? &K->finished : &K->shutdown) =
        lua_topointer(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, names[told]);
  }
  kam_registry(K->rt)->world.host =
      (struct kam_host){.ctx = K,
                        .drop = drop,
                        .view = view,
                        .text = text,
                        .make = kam_lua_make_tape,
                        .read = kam_lua_read_tape,
                        .read_fields = kam_lua_read_fields,
                        .serve = kam_lua_serve};
}

void kam_lua_pushtold(lua_State *L, struct kam_lua *K, enum kam_told told)
{
  (void)K;
  lua_getfield(L, LUA_REGISTRYINDEX,
               told == KAM_SHUTDOWN ? "kam.shutdown" : "kam.finished");
}

const char *kam_lua_told_name(enum kam_told told)
{
  return told == KAM_SHUTDOWN ? "shutdownMicroprocess" : "producerFinished";
}
