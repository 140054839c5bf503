/* prompt: ^C for ordinary code, which runs while no loop does. */
#include "lua/binding/binding.h"

#include <unistd.h>

static void raise_interrupted(lua_State *L, lua_Debug *ar)
{
  (void)ar;
  lua_sethook(L, NULL, 0, 0);
  luaL_error(L, "interrupted");
}

/* In a signal handler: as lua.c does, only sets a hook. */
static void interrupt(void *ctx)
{
  struct kam_lua *K = ctx;
  lua_State *L = K->inner ? K->inner : K->prompt;
  if (L)
    lua_sethook(L, raise_interrupted,
                LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

/* terminal(): are the standard input and output terminals? */
static int l_terminal(lua_State *L)
{
  lua_pushboolean(L, isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
  return 1;
}

/* prompts(on): a prompt is up: SIGINT interrupts what is called by guarded, and
 * what fails leaves alone what else runs; or it is no longer */
static int l_prompts(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  K->rt->loop.interrupt = lua_toboolean(L, 1) ? interrupt : NULL;
  K->rt->loop.interrupt_ctx = K;
  kam_registry(K->rt)->separate = lua_toboolean(L, 1);
  return 0;
}

/* guarded(f) -> what pcall(f) gives; SIGINT is an error in f */
static int l_guarded(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  lua_State *before = K->prompt;
  int status;
  kam_loop_forget_interrupts(&K->rt->loop);
  K->prompt = L;
  status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
  K->prompt = before;
  lua_sethook(L, NULL, 0, 0);
  lua_pushboolean(L, status == LUA_OK);
  lua_insert(L, 1);
  return lua_gettop(L);
}

/* forget(): SIGINT is dealt with */
static int l_forget(lua_State *L)
{
  kam_loop_forget_interrupts(&kam_lua_up(L, 1)->rt->loop);
  return 0;
}

const struct luaL_Reg kam_lua_prompt_functions[] = {
    {"terminal", l_terminal}, {"prompts", l_prompts}, {"guarded", l_guarded},
    {"forget", l_forget},     {NULL, NULL},
};
