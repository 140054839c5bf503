/* handle: ordinary code as one end of a component's boxes.
 *
 * A handle is itself a component, which the scheduler never runs: for each
 * inbox of the other it has an outbox, and the other way round. As long as it
 * is open it is a feeder like any other. */
#include "lua/binding/binding.h"

#include <signal.h>
#include <string.h>

static const struct kam_box_spec no_in[] = {{.name = "inbox", .absent = true},
                                            {0}};
static const struct kam_box_spec no_out[] = {{.name = "outbox", .absent = true},
                                             {0}};

static int no_step(struct kam_component *c)
{
  (void)c;
  return KAM_PAUSE;
}

static const struct kam_kind handle_kind = {.name = "handle",
                                            .inboxes = no_in,
                                            .outboxes = no_out,
                                            .size =
                                                sizeof(struct kam_component),
                                            .step = no_step};

/* The names of the handle's own boxes must not be those of the standard ones,
 * which it does not have. */
static void own_name(char *buf, size_t size, const char *name)
{
  snprintf(buf, size, "%s ", name);
}

static int link_in(struct kam_component *h, struct kam_inbox *b)
{
  char name[128];
  struct kam_box_spec spec = {.name = name, .optional = true};
  unsigned at;
  int err;
  own_name(name, sizeof name, b->port.spec->name);
  err = kam_component_add_outbox(h, &spec, &at);
  return err ? err
             : kam_link_new(&kam_party_outbox(&h->party, at)->port, &b->port,
                            NULL, NULL);
}

static int link_out(struct kam_component *h, struct kam_outbox *o)
{
  char name[128];
  struct kam_box_spec spec = {.name = name, .limit = KAM_BOX_UNBOUNDED};
  unsigned at;
  int err;
  own_name(name, sizeof name, o->port.spec->name);
  err = kam_component_add_inbox(h, &spec, &at);
  return err ? err
             : kam_link_new(&o->port, &kam_party_inbox(&h->party, at)->port,
                            NULL, NULL);
}

static int link_all(struct kam_component *h, struct kam_component *c)
{
  unsigned i;
  int err = 0;
  for (i = 0; !err && i < kam_party_inboxes(&c->party); i++) {
    struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (b)
      err = link_in(h, b);
  }
  for (i = 0; !err && i < kam_party_outboxes(&c->party); i++) {
    struct kam_outbox *o = kam_party_outbox(&c->party, i);
    if (o && !o->port.to)
      err = link_out(h, o);
  }
  return err;
}

/* handle(c) -> the self table of a handle */
static int l_handle(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_component *c = kam_lua_check(L, K, 1), *h;
  struct kam_shape *shape;
  if (kam_registry(K->rt)->world.running)
    return kam_lua_raise(L, "E0215", 0);
  if (kam_shape_of(K->rt, &handle_kind, &shape))
    return luaL_error(L, "not enough memory");
  lua_settop(L, 1);
  lua_createtable(L, 0, 4);
  h = kam_lua_make(L, K, shape);
  h->party.flags |= KAM_PARTY_OUTSIDE;
  kam_component_activate(h);
  if (link_all(h, c)) {
    kam_component_kill(h);
    return luaL_error(L, "not enough memory");
  }
  kam_component_activate(c);
  return 1;
}

static struct kam_component *handle_arg(lua_State *L, struct kam_lua *K)
{
  struct kam_component *h = kam_lua_component(L, K, 1);
  if (!h || h->shape->kind != &handle_kind)
    kam_lua_raise(L, "E0216", 0);
  if (kam_registry(K->rt)->world.running)
    kam_lua_raise(L, "E0215", 0);
  return h;
}

/* What a call of a handle waits for. */
struct wait {
  struct kam_component *h;
  struct kam_inbox *b;
  bool timed;
};

static bool is_over(const struct kam_inbox *b)
{
  return b->port.flags & KAM_PORT_CLOSED;
}

/* At a prompt, whoever waits is told that all is to end. */
static bool is_told(const struct kam_component *h)
{
  const struct kam_loop *l = (const struct kam_loop *)(void *)h->party.world;
  return l->interrupt && l->signal == SIGTERM;
}

static bool got(void *ctx)
{
  struct wait *w = ctx;
  return is_told(w->h) || w->b->put != w->b->taken || is_over(w->b) ||
         (w->timed && kam_alarm_rang(w->h));
}

static bool is_in(void *ctx)
{
  struct wait *w = ctx;
  return w->h->party.held.tag == KAM_NOTHING;
}

/* put(h, msg, box) -> true; false, "receiverGone"; or false, "stalled" */
static int l_put(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_component *h = handle_arg(L, K);
  struct wait w = {.h = h};
  struct kam_outbox *o;
  char name[128];
  int r;
  lua_settop(L, 3);
  own_name(name, sizeof name, luaL_optstring(L, 3, "inbox"));
  o = kam_component_outbox(h, name);
  if (!o) {
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 3);
    return kam_lua_raise(L, "E0217", 2);
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->parked);
  r = kam_outbox_send(o, kam_lua_tomsg(L, K, 2, 4));
  if (r == KAM_WAIT) {
    if (kam_lua_run(L, K, is_in, &w) != KAM_RUN_UNTIL) {
      kam_party_withdraw(&h->party, KAM_LOST_STOPPED);
      lua_pushboolean(L, 0);
      lua_pushliteral(L, "stalled");
      return 2;
    }
    r = h->party.outcome;
  }
  if (r < 0)
    return luaL_error(L, "%s", kam_err_text(r));
  lua_pushboolean(L, r == KAM_SENT);
  if (r == KAM_SENT)
    return 1;
  lua_pushliteral(L, "receiverGone");
  return 2;
}

static int take(lua_State *L, struct kam_lua *K, struct kam_inbox *b)
{
  struct kam_msg m = kam_inbox_take(b);
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->parked);
  kam_lua_pushmsg(L, K, m, lua_gettop(L));
  kam_lua_unpark(L, K, m, lua_gettop(L) - 1);
  return 1;
}

/* get(h, box, seconds) -> msg; or nil, "ended", "timeout" or "stalled" */
static int l_get(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct wait w = {.h = handle_arg(L, K), .timed = !lua_isnoneornil(L, 3)};
  enum kam_run how = KAM_RUN_UNTIL;
  char name[128];
  lua_settop(L, 3);
  own_name(name, sizeof name, luaL_optstring(L, 2, "outbox"));
  w.b = kam_component_inbox(w.h, name);
  if (!w.b) {
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    return kam_lua_raise(L, "E0218", 2);
  }
  if (w.timed && kam_alarm_after(w.h, (uint64_t)(luaL_checknumber(L, 3) * 1e9)))
    return luaL_error(L, "not enough memory");
  if (!got(&w))
    how = kam_lua_run(L, K, got, &w);
  if (w.b->put != w.b->taken)
    return take(L, K, w.b);
  lua_pushnil(L);
  lua_pushstring(L, is_over(w.b)           ? "ended"
                    : how == KAM_RUN_UNTIL ? "timeout"
                    : how == KAM_RUN_OVER  ? "ended"
                                           : "stalled");
  kam_alarm_clear(w.h);
  return 2;
}

/* finish(h): no more will be put */
static int l_finish(lua_State *L)
{
  struct kam_component *h = handle_arg(L, kam_lua_up(L, 1));
  unsigned i;
  for (i = 0; i < kam_party_outboxes(&h->party); i++)
    if (kam_party_outbox(&h->party, i))
      kam_outbox_unlink(kam_party_outbox(&h->party, i));
  return 0;
}

static bool ended(void *ctx)
{
  struct wait *w = ctx;
  return w->h->state == KAM_ENDED;
}

/* close(h, c): tells c to end now, waits for that, and ends the handle */
static int l_close(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_component *h = kam_lua_component(L, K, 1);
  struct kam_component *c = kam_lua_component(L, K, 2);
  struct wait w = {.h = c};
  if (kam_registry(K->rt)->world.running)
    return kam_lua_raise(L, "E0215", 0);
  if (c) {
    c->pins++;
    kam_component_stop(c);
    kam_lua_run(L, K, ended, &w);
    if (c->state != KAM_ENDED)
      kam_component_kill(c);
    kam_component_unpin(c);
  }
  if (h)
    kam_component_kill(h);
  return 0;
}

const struct luaL_Reg kam_lua_handle_functions[] = {
    {"handle", l_handle}, {"put", l_put},     {"get", l_get},
    {"finish", l_finish}, {"close", l_close}, {NULL, NULL},
};
