/* files: the names in a folder, for the index of the library. */
#include "lua/binding/binding.h"

#include <dirent.h>

/* list(folder) -> names in it, in no order; nil if there is no such folder */
static int l_list(lua_State *L)
{
  DIR *dir = opendir(luaL_checkstring(L, 1));
  const struct dirent *e;
  lua_Integer n = 0;
  if (!dir)
    return 0;
  lua_newtable(L);
  while ((e = readdir(dir))) {
    if (e->d_name[0] == '.')
      continue;
    lua_pushstring(L, e->d_name);
    lua_rawseti(L, -2, ++n);
  }
  closedir(dir);
  return 1;
}

const struct luaL_Reg kam_lua_file_functions[] = {
    {"list", l_list},
    {NULL, NULL},
};
