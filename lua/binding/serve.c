/* serve: components that a component in C asks a maker of the user's for. */
#include "lua/binding/binding.h"

#include "core/tape.h"

struct request {
  struct kam_msg maker;
  const struct kam_tape *tape;
  struct kam_component *made; /* NULL: the library has said why not */
};

/* serve(request): protected */
static int serve(lua_State *L)
{
  struct request *r = lua_touserdata(L, 1);
  struct kam_lua *K = kam_lua_of(L);
  size_t at = 0;
  lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
  lua_getfield(L, -1, "serve");
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->parked);
  lua_rawgeti(L, -1, (lua_Integer)r->maker.u.place);
  lua_remove(L, -2);
  kam_lua_pushtape(L, r->tape, &at);
  lua_call(L, 2, 1);
  r->made = kam_lua_component(L, K, -1);
  return 0;
}

int kam_lua_serve(void *ctx, struct kam_msg maker, const struct kam_tape *t,
                  struct kam_component **out)
{
  struct kam_lua *K = ctx;
  lua_State *L = K->aux;
  struct request r = {.maker = maker, .tape = t};
  int top = lua_gettop(L), status;
  if (kam_tape_error(t) || !lua_checkstack(L, 8))
    return KAM_ENOMEM;
  lua_pushcfunction(L, serve);
  lua_pushlightuserdata(L, &r);
  status = lua_pcall(L, 1, 0, 0);
  lua_settop(L, top);
  *out = r.made;
  if (status != LUA_OK)
    return KAM_ENOMEM;
  return r.made ? 0 : KAM_EFAILED;
}
