/* show: values as Lua would write them, the same every time. */
#include "lua/binding/binding.h"

#include <string.h>

enum { DEPTH = 5, TOO_LONG = 4096, SHORT = 200 };

struct shown {
  luaL_Buffer b;
  int depth;
  size_t limit;
};

static void show(lua_State *L, int idx, struct shown *s);

static void add_quoted(lua_State *L, int idx, struct shown *s)
{
  size_t len;
  const char *text = lua_tolstring(L, idx, &len);
  char buf[1024];
  luaL_addlstring(&s->b, buf, kam_quote(text, len, buf, sizeof buf));
}

static bool is_keyword(const char *s)
{
  static const char *const words[] = {
      "and",      "break",  "do",   "else", "elseif", "end",   "false", "for",
      "function", "goto",   "if",   "in",   "local",  "nil",   "not",   "or",
      "repeat",   "return", "then", "true", "until",  "while", NULL};
  const char *const *w;
  for (w = words; *w; w++)
    if (strcmp(*w, s) == 0)
      return true;
  return false;
}

static bool is_name(const char *s, size_t len)
{
  size_t i;
  if (is_keyword(s))
    return false;
  for (i = 0; i < len; i++) {
    char c = s[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (i == 0 || c < '0' || c > '9'))
      return false;
  }
  return len > 0;
}

static void add_key(lua_State *L, int idx, struct shown *s)
{
  size_t len;
  const char *name;
  if (lua_type(L, idx) == LUA_TSTRING) {
    name = lua_tolstring(L, idx, &len);
    if (is_name(name, len)) {
      luaL_addlstring(&s->b, name, len);
      luaL_addstring(&s->b, " = ");
      return;
    }
  }
  luaL_addchar(&s->b, '[');
  show(L, idx, s);
  luaL_addstring(&s->b, "] = ");
}

/* Are the values at a and b in this order as keys? Numbers, then strings. */
static int key_before(lua_State *L)
{
  int a = lua_type(L, 1), b = lua_type(L, 2);
  if (a != b || (a != LUA_TNUMBER && a != LUA_TSTRING))
    lua_pushboolean(L, a < b);
  else
    lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPLT));
  return 1;
}

/* Pushes a list of the keys that are not in the array part of 1 to n. */
static lua_Integer sorted_keys(lua_State *L, int idx, lua_Integer n)
{
  lua_Integer count = 0;
  lua_newtable(L);
  lua_pushnil(L);
  while (lua_next(L, idx)) {
    lua_pop(L, 1);
    if (lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 1 &&
        lua_tointeger(L, -1) <= n)
      continue;
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, ++count);
  }
  luaL_requiref(L, "table", NULL, 0);
  lua_getfield(L, -1, "sort");
  lua_remove(L, -2);
  lua_pushvalue(L, -2);
  lua_pushcfunction(L, key_before);
  lua_call(L, 2, 0);
  return count;
}

/* The buffer may be on the stack, so what is added is first made a string. */
static void add_item(lua_State *L, int key, int value, bool named,
                     struct shown *s)
{
  struct shown item = {.depth = s->depth + 1, .limit = s->limit};
  luaL_buffinit(L, &item.b);
  if (named)
    add_key(L, key, &item);
  show(L, value, &item);
  luaL_pushresult(&item.b);
}

static void show_items(lua_State *L, int t, struct shown *s)
{
  lua_Integer n = (lua_Integer)lua_rawlen(L, t), i, count;
  int list, parts;
  size_t total = 0;
  lua_Integer part = 0;
  count = sorted_keys(L, t, n);
  list = lua_gettop(L);
  lua_newtable(L);
  parts = lua_gettop(L);
  for (i = 1; i <= n + count && total < s->limit; i++) {
    if (i <= n)
      lua_pushinteger(L, i);
    else
      lua_rawgeti(L, list, i - n);
    lua_pushvalue(L, -1);
    lua_rawget(L, t);
    add_item(L, parts + 1, parts + 2, i > n, s);
    total += lua_rawlen(L, -1);
    lua_rawseti(L, parts, ++part);
    lua_settop(L, parts);
  }
  if (i <= n + count) {
    lua_pushliteral(L, "\xe2\x80\xa6");
    lua_rawseti(L, parts, ++part);
  }
  lua_replace(L, list);
  lua_settop(L, list);
}

/* Leaves the text of the table at idx on the stack. */
static void push_table(lua_State *L, int idx, struct shown *s)
{
  int t = lua_absindex(L, idx), parts;
  lua_Integer i, n;
  luaL_Buffer b;
  luaL_checkstack(L, 20, NULL);
  if (s->depth >= DEPTH) {
    lua_pushliteral(L, "{ \xe2\x80\xa6 }");
    return;
  }
  show_items(L, t, s);
  parts = lua_gettop(L);
  n = (lua_Integer)lua_rawlen(L, parts);
  if (n == 0) {
    lua_pushliteral(L, "{}");
  } else {
    luaL_buffinit(L, &b);
    luaL_addstring(&b, "{ ");
    for (i = 1; i <= n; i++) {
      if (i > 1)
        luaL_addstring(&b, ", ");
      lua_rawgeti(L, parts, i);
      luaL_addvalue(&b);
    }
    luaL_addstring(&b, " }");
    luaL_pushresult(&b);
  }
  lua_remove(L, parts);
}

/* Leaves the text of a userdata: its own, but no place in memory, which is
 * another in each run. */
static void push_userdata(lua_State *L, int idx)
{
  const char *name = "userdata";
  if (!strstr(luaL_tolstring(L, idx, NULL), "0x"))
    return;
  lua_pop(L, 1);
  if (luaL_getmetafield(L, idx, "__name") != LUA_TNIL)
    name = lua_tostring(L, -1);
  else
    lua_pushnil(L);
  lua_pushfstring(L, "a %s", name);
  lua_remove(L, -2);
}

static void show(lua_State *L, int idx, struct shown *s)
{
  int t = lua_type(L, idx);
  if (t == LUA_TSTRING) {
    add_quoted(L, idx, s);
    return;
  }
  if (t == LUA_TTABLE && !luaL_getmetafield(L, idx, "__tostring"))
    push_table(L, idx, s);
  else if (t == LUA_TFUNCTION || t == LUA_TTHREAD || t == LUA_TLIGHTUSERDATA)
    lua_pushfstring(L, "a %s", luaL_typename(L, idx));
  else if (t == LUA_TTABLE) {
    lua_pop(L, 1);
    luaL_tolstring(L, idx, NULL);
  } else if (t == LUA_TUSERDATA)
    push_userdata(L, idx);
  else
    luaL_tolstring(L, idx, NULL);
  luaL_addvalue(&s->b);
}

void kam_lua_show(lua_State *L, int idx, bool whole)
{
  struct shown s = {.limit = whole ? TOO_LONG : SHORT};
  idx = lua_absindex(L, idx);
  luaL_checkstack(L, 20, NULL);
  if (lua_type(L, idx) == LUA_TSTRING) {
    lua_pushvalue(L, idx);
    return;
  }
  luaL_buffinit(L, &s.b);
  show(L, idx, &s);
  luaL_pushresult(&s.b);
}
