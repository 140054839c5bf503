/* tape: lists and tables between components in C and Lua. */
#include "lua/binding/binding.h"

#include "core/tape.h"

#include <stdlib.h>
#include <string.h>

/* --- from a tape to Lua --- */

static void push_null(lua_State *L)
{
  lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
  lua_getfield(L, -1, "null");
  lua_remove(L, -2);
}

static void push_list(lua_State *L, const struct kam_tape *t, size_t *at)
{
  struct kam_tape_item item;
  lua_Integer n = 0;
  size_t ahead = *at;
  lua_newtable(L);
  while (kam_tape_next(t, &ahead, &item) && item.type != KAM_TAPE_END) {
    kam_lua_pushtape(L, t, at);
    lua_rawseti(L, -2, ++n);
    ahead = *at;
  }
  *at = ahead;
}

static void push_table(lua_State *L, const struct kam_tape *t, size_t *at)
{
  struct kam_tape_item item;
  size_t ahead = *at;
  lua_newtable(L);
  while (kam_tape_next(t, &ahead, &item) && item.type != KAM_TAPE_END) {
    kam_lua_pushtape(L, t, at);
    kam_lua_pushtape(L, t, at);
    lua_rawset(L, -3);
    ahead = *at;
  }
  *at = ahead;
}

void kam_lua_pushtape(lua_State *L, const struct kam_tape *t, size_t *at)
{
  struct kam_tape_item item;
  luaL_checkstack(L, 8, NULL);
  kam_tape_next(t, at, &item);
  switch (item.type) {
  case KAM_TAPE_NULL:
    push_null(L);
    break;
  case KAM_TAPE_BOOL:
    lua_pushboolean(L, item.b);
    break;
  case KAM_TAPE_INT:
    lua_pushinteger(L, item.i);
    break;
  case KAM_TAPE_NUMBER:
    lua_pushnumber(L, item.n);
    break;
  case KAM_TAPE_BYTES:
    lua_pushlstring(L, item.bytes, item.len);
    break;
  case KAM_TAPE_LIST:
    push_list(L, t, at);
    break;
  case KAM_TAPE_TABLE:
    push_table(L, t, at);
    break;
  case KAM_TAPE_END:
    break;
  }
}

/* make(tape, out): protected */
static int make(lua_State *L)
{
  const struct kam_tape *t = lua_touserdata(L, 1);
  struct kam_msg *out = lua_touserdata(L, 2);
  size_t at = 0;
  kam_lua_pushtape(L, t, &at);
  lua_rawgeti(L, LUA_REGISTRYINDEX, kam_lua_of(L)->parked);
  *out = kam_lua_tomsg(L, kam_lua_of(L), 3, 4);
  return 0;
}

static int call(struct kam_lua *K, lua_CFunction f, void *a, void *b)
{
  lua_State *L = K->aux;
  int top = lua_gettop(L), status;
  if (!lua_checkstack(L, 8))
    return KAM_ENOMEM;
  lua_pushcfunction(L, f);
  lua_pushlightuserdata(L, a);
  lua_pushlightuserdata(L, b);
  status = lua_pcall(L, 2, 0, 0);
  lua_settop(L, top);
  return status == LUA_OK ? 0 : KAM_ENOMEM;
}

int kam_lua_make_tape(void *ctx, const struct kam_tape *t, struct kam_msg *out)
{
  return call(ctx, make, (void *)(uintptr_t)t, out);
}

/* --- from Lua to a tape --- */

/* What is being read, and the first thing that was wrong with it. */
struct reading {
  struct kam_tape *t;
  struct kam_msg m;
  const char *const *names; /* of the fields that matter; NULL: all */
  const void *null;
  int err;
};

struct key {
  const char *s; /* NULL: it is a number */
  size_t len;
  lua_Integer i;
};

static int compare(const void *a, const void *b)
{
  const struct key *x = a, *y = b;
  size_t n = x->len < y->len ? x->len : y->len;
  int r;
  if (!x->s || !y->s)
    return x->s ? 1 : y->s ? -1 : (x->i > y->i) - (x->i < y->i);
  r = memcmp(x->s, y->s, n);
  return r ? r : (x->len > y->len) - (x->len < y->len);
}

static void read_value(lua_State *L, struct reading *r);

/* The keys of the table on top, in order, as a userdata above it. */
static struct key *sorted_keys(lua_State *L, struct reading *r, size_t *count)
{
  struct key *keys;
  size_t n = 0;
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
    n++;
  keys = lua_newuserdatauv(L, (n + 1) * sizeof *keys, 0);
  *count = n;
  n = 0;
  for (lua_pushnil(L); lua_next(L, -3); lua_pop(L, 1), n++) {
    keys[n] = (struct key){0};
    if (lua_type(L, -2) == LUA_TSTRING)
      keys[n].s = lua_tolstring(L, -2, &keys[n].len);
    else if (lua_isinteger(L, -2))
      keys[n].i = lua_tointeger(L, -2);
    else
      r->err = KAM_EKIND;
  }
  qsort(keys, *count, sizeof *keys, compare);
  return keys;
}

static void read_list(lua_State *L, struct reading *r, size_t n)
{
  size_t i;
  kam_tape_list(r->t);
  for (i = 1; i <= n && !r->err && !r->t->err; i++) {
    lua_rawgeti(L, -1, (lua_Integer)i);
    read_value(L, r);
    lua_pop(L, 1);
  }
  kam_tape_end(r->t);
}

static void read_table(lua_State *L, struct reading *r)
{
  size_t n, i, len = lua_rawlen(L, -1);
  const struct key *keys = sorted_keys(L, r, &n);
  if (n && n == len) {
    lua_pop(L, 1);
    read_list(L, r, n);
    return;
  }
  kam_tape_table(r->t);
  for (i = 0; i < n && !r->err && !r->t->err; i++) {
    if (keys[i].s) {
      kam_tape_bytes(r->t, keys[i].s, keys[i].len);
      lua_pushlstring(L, keys[i].s, keys[i].len);
    } else {
      kam_tape_int(r->t, keys[i].i);
      lua_pushinteger(L, keys[i].i);
    }
    lua_rawget(L, -3);
    read_value(L, r);
    lua_pop(L, 1);
  }
  kam_tape_end(r->t);
  lua_pop(L, 1);
}

static void read_object(lua_State *L, struct reading *r)
{
  struct kam_object *o = kam_lua_tobuffer(L, -1);
  size_t len;
  const void *bytes = o ? o->ops->view(o, &len) : NULL;
  if (bytes)
    kam_tape_bytes(r->t, bytes, len);
  else
    r->err = KAM_EKIND;
}

/* The value on top, which stays there. */
static void read_value(lua_State *L, struct reading *r)
{
  const char *s;
  size_t len;
  luaL_checkstack(L, 8, NULL);
  switch (lua_type(L, -1)) {
  case LUA_TBOOLEAN:
    kam_tape_bool(r->t, lua_toboolean(L, -1));
    break;
  case LUA_TNUMBER:
    if (lua_isinteger(L, -1))
      kam_tape_int(r->t, lua_tointeger(L, -1));
    else
      kam_tape_number(r->t, lua_tonumber(L, -1));
    break;
  case LUA_TSTRING:
    s = lua_tolstring(L, -1, &len);
    kam_tape_bytes(r->t, s, len);
    break;
  case LUA_TTABLE:
    if (lua_topointer(L, -1) == r->null)
      kam_tape_null(r->t);
    else if (kam_lua_is_self(L, -1))
      r->err = KAM_EKIND;
    else
      read_table(L, r);
    break;
  case LUA_TUSERDATA:
    read_object(L, r);
    break;
  default:
    r->err = KAM_EKIND;
  }
}

/* The fields that matter of the table on top. */
static void read_fields(lua_State *L, struct reading *r)
{
  const char *const *name;
  if (!lua_istable(L, -1) || lua_topointer(L, -1) == r->null) {
    r->err = KAM_EKIND;
    return;
  }
  kam_tape_table(r->t);
  for (name = r->names; *name && !r->err && !r->t->err; name++) {
    lua_pushstring(L, *name);
    if (lua_rawget(L, -2) != LUA_TNIL) {
      kam_tape_text(r->t, *name);
      read_value(L, r);
    }
    lua_pop(L, 1);
  }
  kam_tape_end(r->t);
}

/* read(reading, nil): protected */
static int read_parked(lua_State *L)
{
  struct reading *r = lua_touserdata(L, 1);
  push_null(L);
  r->null = lua_topointer(L, -1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, kam_lua_of(L)->parked);
  lua_rawgeti(L, -1, (lua_Integer)r->m.u.place);
  if (r->names)
    read_fields(L, r);
  else
    read_value(L, r);
  return 0;
}

int kam_lua_read_fields(void *ctx, struct kam_msg m, const char *const *names,
                        struct kam_tape *t)
{
  struct reading r = {.t = t, .m = m, .names = names};
  int err = call(ctx, read_parked, &r, NULL);
  return err ? err : r.err ? r.err : t->err;
}

int kam_lua_read_tape(void *ctx, struct kam_msg m, struct kam_tape *t)
{
  return kam_lua_read_fields(ctx, m, NULL, t);
}
