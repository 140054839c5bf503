/* lua_harness: fuzz targets for what is written in Lua: fuzz_TARGET.lua gives a
 * function of { bytes =, pieces =, choice = }, and an error that it raises is a
 * find.
 *
 * libFuzzer sees no Lua, so each line that runs counts here as a place that was
 * reached: in the state itself, and in components once their main has called
 * watch, which prelude.lua sees to. */
#include "spec/fuzz/harness.h"

#include "lua/binding/kam_lua.h"

#include <lauxlib.h>
#include <lualib.h>

#include <stdio.h>
#include <stdlib.h>

enum { PLACES = 1 << 14 };

__attribute__((
    section("__libfuzzer_extra_counters"))) static uint8_t places[PLACES];

static void on_line(lua_State *L, lua_Debug *ar)
{
  uint64_t hash;
  lua_getinfo(L, "S", ar);
  hash = (uintptr_t)ar->source + (uint64_t)ar->currentline;
  places[hash * 0x9e3779b97f4a7c15u >> 50]++;
}

static int watch(lua_State *L)
{
  lua_sethook(L, on_line, LUA_MASKLINE, 0);
  return 0;
}

static void fail(lua_State *L)
{
  fprintf(stderr, "does not hold: %s\n", lua_tostring(L, -1));
  abort();
}

static int traceback(lua_State *L)
{
  luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
  return 1;
}

/* A state with the traceback and the target's function on it. */
static lua_State *open_target(void)
{
  lua_State *L = kam_lua_newstate();
  if (!L)
    abort();
  lua_pushcfunction(L, traceback);
  if (luaL_loadfile(L, KAM_ROOT "/spec/fuzz/prelude.lua"))
    fail(L);
  lua_pushliteral(L, KAM_ROOT);
  lua_pushliteral(L, KAM_TARGET);
  lua_pushcfunction(L, watch);
  if (lua_pcall(L, 3, 1, 1))
    fail(L);
  return L;
}

static void push_pieces(lua_State *L, const struct input *in)
{
  size_t at = 0, i, n;
  lua_newtable(L);
  for (i = 0; at < in->len || i == 0; i++) {
    n = piece_len(in->cuts, in->n_cuts, i, in->len - at);
    lua_pushlstring(L, n ? (const char *)in->bytes + at : "", n);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
    at += n;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static lua_State *L;
  struct input in = input_of(data, size);
  if (!L)
    L = open_target();
  watch(L);
  lua_pushvalue(L, 2);
  lua_newtable(L);
  lua_pushlstring(L, in.len ? (const char *)in.bytes : "", in.len);
  lua_setfield(L, -2, "bytes");
  push_pieces(L, &in);
  lua_setfield(L, -2, "pieces");
  lua_pushinteger(L, in.choice);
  lua_setfield(L, -2, "choice");
  if (lua_pcall(L, 1, 0, 1))
    fail(L);
  lua_sethook(L, NULL, 0, 0);
  return 0;
}
