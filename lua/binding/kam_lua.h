/* kam_lua: the binding's one header for a host program. */
#ifndef KAM_LUA_H
#define KAM_LUA_H

#include <lua.h>

/* A Lua state whose memory is a new runtime's, with the standard libraries and
 * "kam.core" ready to be required. NULL when memory is out. */
lua_State *kam_lua_newstate(void);

/* Ends all components by force, then closes the state and its runtime. */
void kam_lua_close(lua_State *L);

/* SIGINT and SIGTERM ask the system to end. 0 or negative. */
int kam_lua_catch(lua_State *L);

/* Opens "kam.core" in any state: in one that kam_lua_newstate made, on its
 * runtime; else on a new one, which ends with the state. */
int luaopen_kam_core(lua_State *L);

#endif
