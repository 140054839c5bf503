/* state: a Lua state and its runtime, made and ended together. */
#include "lua/binding/binding.h"
#include "lua/binding/kam_lua.h"

#include <lualib.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char lua_key = 0; /* its address names K in the registry */

struct kam_lua *kam_lua_of(lua_State *L)
{
  struct kam_lua *K;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &lua_key);
  K = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return K;
}

static struct kam_mem *mem_of(struct kam_lua *K)
{
  return &kam_registry(K->rt)->world.mem;
}

/* Lua's memory is the runtime's. */
static void *alloc(void *ud, void *p, size_t old, size_t size)
{
  struct kam_mem *mem = ud;
  if (size == 0) {
    kam_mem_free(mem, p, p ? old : 0);
    return NULL;
  }
  return kam_mem_realloc(mem, p, p ? old : 0, size);
}

int kam_lua_raise(lua_State *L, const char *code, int n)
{
  lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
  if (lua_getfield(L, -1, "raise") != LUA_TFUNCTION)
    return luaL_error(L, "%s", code);
  lua_remove(L, -2);
  lua_pushstring(L, code);
  lua_rotate(L, -2 - n, 2);
  lua_call(L, n + 1, 0);
  return 0;
}

int kam_lua_raisef(lua_State *L, const char *code, ...)
{
  va_list args;
  const char *s;
  int n = 0;
  va_start(args, code);
  for (s = va_arg(args, const char *); s; s = va_arg(args, const char *), n++)
    lua_pushstring(L, s);
  va_end(args);
  return kam_lua_raise(L, code, n);
}

bool kam_lua_report(struct kam_lua *K, const char *name, int nargs, int nres)
{
  lua_State *L = K->aux;
  int at = lua_gettop(L) - nargs + 1;
  if (!lua_checkstack(L, 20))
    return false;
  lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
  if (lua_isnil(L, -1) || lua_getfield(L, -1, name) != LUA_TFUNCTION) {
    lua_settop(L, at - 1);
    return false;
  }
  lua_remove(L, -2);
  lua_insert(L, at);
  if (lua_pcall(L, nargs, nres, 0) != LUA_OK) {
    const char *why = lua_tostring(L, -1);
    fprintf(stderr, "kam: %s: %s\n", name, why ? why : "not enough memory");
    lua_settop(L, at - 1);
    return false;
  }
  return true;
}

/* A table in the registry, with n places filled. */
static int new_table(lua_State *L, int n)
{
  int i;
  lua_createtable(L, n, 0);
  for (i = 1; i <= n; i++) {
    lua_pushboolean(L, 0);
    lua_rawseti(L, -2, i);
  }
  return luaL_ref(L, LUA_REGISTRYINDEX);
}

/* Ends all that lives, while Lua can still run what has to be closed. */
static void end_all(struct kam_lua *K)
{
  kam_registry(K->rt)->world.running = NULL; /* an error may have left it */
  kam_sched_kill(&K->rt->loop.sched);
  kam_loop_drain(&K->rt->loop);
}

static void free_kinds(struct kam_lua *K)
{
  while (K->kinds) {
    struct lua_kind *k = K->kinds;
    K->kinds = k->next;
    if (k->is_lua)
      kam_shape_free(mem_of(K), k->shape);
    kam_mem_free(mem_of(K), k->in, k->n_in * sizeof *k->in);
    kam_mem_free(mem_of(K), k->out, k->n_out * sizeof *k->out);
    kam_mem_strfree(mem_of(K), k->name);
    kam_mem_free(mem_of(K), k, sizeof *k);
  }
}

static int collect(lua_State *L)
{
  struct kam_lua *K = *(struct kam_lua **)lua_touserdata(L, 1);
  struct kam_registry *r = kam_registry(K->rt);
  end_all(K);
  K->rt->loop.watchdog.overrun = NULL;
  if (K->traces_file)
    fclose(K->tracer.out);
  r->world.trace = NULL;
  r->hooks = (struct kam_hooks){0};
  free_kinds(K);
  free(K->places);
  free(K->pool);
  if (K->owns_rt)
    kam_runtime_free(K->rt);
  free(K);
  return 0;
}

static void guard(lua_State *L, struct kam_lua *K)
{
  struct kam_lua **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = K;
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, collect);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  luaL_ref(L, LUA_REGISTRYINDEX);
}

static void *lua_memory(lua_State *L)
{
  void *ud;
  return lua_getallocf(L, &ud) == alloc ? ud : NULL;
}

static struct kam_lua *open_state(lua_State *L)
{
  struct kam_lua *K = calloc(1, sizeof *K);
  void *mem = lua_memory(L);
  if (!K)
    luaL_error(L, "out of memory");
  if (mem) /* the runtime begins with the memory that Lua's comes from */
    K->rt = mem;
  else if (kam_runtime_new(&K->rt))
    luaL_error(L, "kam cannot make a runtime");
  K->owns_rt = mem == NULL;
  lua_pushlightuserdata(L, K);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &lua_key);
  guard(L, K);
  return K;
}

static void open_tables(lua_State *L, struct kam_lua *K)
{
  struct kam_registry *r = kam_registry(K->rt);
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
  K->L = lua_tothread(L, -1);
  lua_pop(L, 1);
  *(void **)lua_getextraspace(K->L) = NULL;
  K->from = K->L;
  K->aux = lua_newthread(L);
  luaL_ref(L, LUA_REGISTRYINDEX);
  K->parked = new_table(L, 0);
  K->selves = new_table(L, 0);
  K->threads = new_table(L, 0);
  K->pooled = new_table(L, POOL_SIZE);
  K->pool = calloc(POOL_SIZE, sizeof *K->pool);
  if (!K->pool)
    luaL_error(L, "out of memory");
  r->hooks = (struct kam_hooks){.ctx = K,
                                .failed = kam_lua_failed,
                                .ended = kam_lua_ended,
                                .warned = kam_lua_warned};
  K->rt->loop.watchdog.overrun = kam_lua_overrun;
  K->rt->loop.watchdog.ctx = K;
  kam_lua_init_host(K);
}

static void set_functions(lua_State *L, struct kam_lua *K,
                          const luaL_Reg *functions)
{
  lua_pushlightuserdata(L, K);
  luaL_setfuncs(L, functions, 1);
}

/* library(t): the functions of the Lua library that the binding calls. */
static int set_library(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  lua_setfield(L, LUA_REGISTRYINDEX, "kam.library");
  return 0;
}

int luaopen_kam_core(lua_State *L)
{
  struct kam_lua *K = kam_lua_of(L);
  if (!K) {
    K = open_state(L);
    open_tables(L, K);
    kam_lua_open_buffer(L);
    kam_lua_wrap_coroutines(L, K);
  }
  lua_newtable(L);
  set_functions(L, K, kam_lua_kind_functions);
  set_functions(L, K, kam_lua_component_functions);
  set_functions(L, K, kam_lua_link_functions);
  set_functions(L, K, kam_lua_sched_functions);
  set_functions(L, K, kam_lua_look_functions);
  set_functions(L, K, kam_lua_pace_functions);
  set_functions(L, K, kam_lua_prompt_functions);
  set_functions(L, K, kam_lua_function_functions);
  set_functions(L, K, kam_lua_handle_functions);
  set_functions(L, K, kam_lua_file_functions);
  set_functions(L, K, kam_lua_warn_functions);
  lua_pushcfunction(L, set_library);
  lua_setfield(L, -2, "library");
  kam_lua_push_methods(L, K);
  lua_setfield(L, -2, "methods");
  kam_lua_pushtold(L, K, KAM_FINISHED);
  lua_setfield(L, -2, "finished");
  kam_lua_pushtold(L, K, KAM_SHUTDOWN);
  lua_setfield(L, -2, "shutdown");
  return 1;
}

lua_State *kam_lua_newstate(void)
{
  struct kam_runtime *rt;
  lua_State *L;
  if (kam_runtime_new(&rt))
    return NULL;
  L = lua_newstate(alloc, rt);
  if (!L) {
    kam_runtime_free(rt);
    return NULL;
  }
  if (getenv(
          "KAM_GC_STRESS")) /* a step at every allocation, cycle upon cycle */
    lua_gc(L, LUA_GCINC, 1, 1000, 1);
  luaL_openlibs(L);
  luaL_requiref(L, "kam.core", luaopen_kam_core, 0);
  lua_pop(L, 1);
  return L;
}

void kam_lua_close(lua_State *L)
{
  struct kam_runtime *rt = lua_memory(L);
  end_all(kam_lua_of(L));
  lua_close(L);
  kam_runtime_free(rt);
}

static void show_tree(void *ctx)
{
  kam_lua_report(ctx, "tree", 0, 0);
}

int kam_lua_catch(lua_State *L)
{
  struct kam_lua *K = kam_lua_of(L);
  K->rt->loop.show = show_tree;
  K->rt->loop.show_ctx = K;
  return kam_loop_catch(&K->rt->loop);
}
