/* kam: the host program. What it does is in Lua, in lua/kam/cli.lua; this is
 * only the door: a state on a runtime, the arguments, and the way to the
 * library. */
#include "lua/binding/kam_lua.h"

#include <lauxlib.h>
#include <lualib.h>

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folder that holds lua/ and components/: that of the sources when it runs
 * from a build folder in them, else where it was installed. */
static int find_root(char *root, size_t size)
{
  static const char *const places[] = {"/..", "/../share/kam", NULL};
  char exe[PATH_MAX], probe[PATH_MAX + 64];
  ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
  int i;
  if (n < 0)
    return -1;
  exe[n] = 0;
  *strrchr(exe, '/') = 0;
  for (i = 0; places[i]; i++) {
    snprintf(probe, sizeof probe, "%s%s/lua/kam/init.lua", exe, places[i]);
    if (access(probe, R_OK) != 0)
      continue;
    snprintf(probe, sizeof probe, "%s%s", exe, places[i]);
    return realpath(probe, exe) && snprintf(root, size, "%s", exe) > 0 ? 0 : -1;
  }
  return -1;
}

static void set_path(lua_State *L, const char *root)
{
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "path");
  lua_pushfstring(L, "%s/lua/?.lua;%s/lua/?/init.lua;%s", root, root,
                  lua_tostring(L, -1));
  lua_setfield(L, -3, "path");
  lua_pop(L, 2);
}

static void set_arg(lua_State *L, int argc, char **argv)
{
  int i;
  lua_createtable(L, argc, 1);
  for (i = 0; i < argc; i++) {
    lua_pushstring(L, argv[i]);
    lua_rawseti(L, -2, i);
  }
  lua_setglobal(L, "arg");
}

static int traceback(lua_State *L)
{
  luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
  return 1;
}

/* Runs the command; gives its exit status. */
static int command(lua_State *L, const char *root)
{
  int status = 70;
  lua_pushcfunction(L, traceback);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "kam.cli");
  if (lua_pcall(L, 1, 1, -3) == LUA_OK) {
    lua_pushstring(L, root);
    lua_pushliteral(L, KAM_VERSION);
    if (lua_pcall(L, 2, 1, -4) == LUA_OK) {
      status = (int)lua_tointeger(L, -1);
      lua_settop(L, 0);
      return status;
    }
  }
  fprintf(stderr, "kam: %s\n", lua_tostring(L, -1));
  lua_settop(L, 0);
  return status;
}

int main(int argc, char **argv)
{
  char root[PATH_MAX];
  lua_State *L;
  int status;
  signal(SIGPIPE, SIG_IGN); /* a broken pipe is an error of who writes */
  if (find_root(root, sizeof root)) {
    fprintf(stderr, "kam: its library is not beside it\n");
    return 70;
  }
  L = kam_lua_newstate();
  if (!L) {
    fprintf(stderr, "kam: out of memory\n");
    return 70;
  }
  set_path(L, root);
  set_arg(L, argc, argv);
  kam_lua_catch(L);
  status = command(L, root);
  kam_lua_close(L);
  if (fflush(stdout) && status == 0)
    status = 1;
  return status;
}
