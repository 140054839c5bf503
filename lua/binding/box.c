/* box: what main may call: sending, taking and waiting.
 *
 * Each of these first makes sure that it runs in main's own coroutine, where
 * Lua can yield, before it changes anything. One that has to wait arms what it
 * waits for and yields; its continuation looks again. */
#include "lua/binding/binding.h"

#include <string.h>

/* Upvalues of every method here. */
enum { UP_K = 1, UP_PARKED = 2, UP_NAME = 3 };

#define PARKED lua_upvalueindex(UP_PARKED)

/* Why a method cannot be called here, in words. */
static struct lua_component *refuse(lua_State *L)
{
  struct kam_lua *K = lua_touserdata(L, lua_upvalueindex(UP_K));
  struct kam_party *p = kam_registry(K->rt)->world.running;
  const char *name = lua_tostring(L, lua_upvalueindex(UP_NAME));
  const char *code = "E0306"; /* not inside main */
  if (!kam_lua_is_self(L, 1))
    code = "E0305"; /* called with "." */
  else if (p && ((struct kam_component *)p)->host == lua_topointer(L, 1))
    code = *(void **)lua_getextraspace(L) ? "E0303" : "E0304";
  kam_lua_raisef(L, code, name, NULL);
  return NULL;
}

/* The component that runs here. Its coroutine's extra space is not NULL only
 * while it is a component's own. */
static inline struct lua_component *me(lua_State *L)
{
  struct lua_component *lc = *(struct lua_component **)lua_getextraspace(L);
  if (!lc || lc->c.party.world->running != &lc->c.party ||
      lc->c.host != lua_topointer(L, 1) || !lua_isyieldable(L))
    return refuse(L);
  return lc;
}

static uint32_t batch(const struct lua_component *lc)
{
  return lc->c.party.world->batch;
}

/* The message that was being handled is no longer. */
static inline void forget(lua_State *L, struct lua_component *lc)
{
  if (lc->last.tag == KAM_PARKED || lc->last.tag == KAM_OBJECT)
    kam_lua_unpark(L, lc->K, lc->last, PARKED);
  lc->last.tag = KAM_NOTHING;
}

/* One that goes on calling although told to end now is ended. */
static int after_stop(lua_State *L, struct lua_component *lc)
{
  if (++lc->calls < CALLS_AFTER_STOP)
    return 0;
  lc->abandoned = true;
  return lua_yield(L, 0);
}

static int suspend(lua_State *L, struct lua_component *lc, lua_KContext ctx,
                   lua_KFunction k)
{
  lc->yielded = true;
  return lua_yieldk(L, 0, ctx, k);
}

/* Gives way, though it could go on; sends count after a stop, too. */
static int give_way(lua_State *L, struct lua_component *lc, lua_KContext ctx,
                    lua_KFunction k)
{
  if (lc->c.party.told == KAM_SHUTDOWN) {
    lc->calls += lc->c.party.gave;
    lc->abandoned |= lc->calls >= CALLS_AFTER_STOP;
  }
  kam_party_wake(&lc->c.party);
  return suspend(L, lc, ctx, k);
}

static int push_why(lua_State *L, const char *why)
{
  lua_pushnil(L);
  lua_pushstring(L, why);
  return 2;
}

/* --- names of boxes --- */

static inline struct kam_outbox *outbox_arg(lua_State *L,
                                            struct lua_component *lc, int arg)
{
  struct kam_outbox *o = &lc->c.party.out[KAM_OUTBOX];
  if (lua_isnoneornil(L, arg))
    return o->port.spec->absent ? NULL : o;
  if (lua_type(L, arg) != LUA_TSTRING)
    return NULL;
  return kam_component_outbox(&lc->c, lua_tostring(L, arg));
}

/* Raises for what is no outbox of ours: values are self and the box. */
static int no_outbox(lua_State *L, int arg)
{
  lua_settop(L, arg); /* so that what is pushed does not look like it */
  lua_pushvalue(L, 1);
  lua_pushvalue(L, arg);
  if (lua_isnoneornil(L, -1)) {
    lua_pop(L, 1);
    lua_pushliteral(L, "outbox");
  }
  lua_pushvalue(L, lua_upvalueindex(UP_NAME));
  return kam_lua_raise(L, "E0307", 3);
}

static struct kam_inbox *inbox_arg(lua_State *L, struct lua_component *lc,
                                   int arg)
{
  struct kam_inbox *b = NULL;
  if (lua_isnoneornil(L, arg))
    b = kam_party_inbox(&lc->c.party, KAM_INBOX);
  else if (lua_type(L, arg) == LUA_TSTRING)
    b = kam_component_inbox(&lc->c, lua_tostring(L, arg));
  if (b && !b->port.to)
    return b;
  lua_settop(L, arg); /* so that what is pushed does not look like it */
  lua_pushvalue(L, 1);
  if (lua_isnoneornil(L, arg))
    lua_pushliteral(L, "inbox");
  else
    lua_pushvalue(L, arg);
  lua_pushvalue(L, lua_upvalueindex(UP_NAME));
  kam_lua_raise(L, b ? "E0309" : "E0308", 3);
  return NULL;
}

/* Sets the alarm for a time-out at arg, in seconds; none: no time-out. */
static void set_alarm(lua_State *L, struct lua_component *lc, int arg)
{
  double s;
  uint64_t ns;
  lc->timed = false;
  if (lua_isnoneornil(L, arg))
    return;
  s = luaL_checknumber(L, arg);
  if (!(s >= 0)) {
    lua_pushvalue(L, arg);
    kam_lua_raise(L, "E0310", 1);
  }
  if (s > 1e9)
    s = 1e9;
  kam_loop_now(&lc->K->rt->loop); /* from now on, not from its last run */
  ns = (uint64_t)(s * 1e9);
  if (ns == 0 && s > 0) /* or a loop until a time comes would not end */
    ns = 1;
  if (kam_alarm_after(&lc->c, ns))
    luaL_error(L, "not enough memory");
  lc->timed = true;
}

static bool timed_out(struct lua_component *lc)
{
  return lc->timed && kam_alarm_rang(&lc->c);
}

static void end_alarm(struct lua_component *lc)
{
  if (lc->timed)
    kam_alarm_clear(&lc->c);
  lc->timed = false;
}

/* --- sending --- */

static int sent_k(lua_State *L, int status, lua_KContext ctx)
{
  struct lua_component *lc = *(struct lua_component **)lua_getextraspace(L);
  (void)status;
  (void)ctx;
  lua_pushboolean(L, lc->c.party.outcome == KAM_SENT);
  if (lc->c.party.outcome == KAM_SENT)
    return 1;
  lua_pushstring(L,
                 lc->c.party.outcome == KAM_NOBODY ? "receiverGone" : "told");
  return 2;
}

static int true_k(lua_State *L, int status, lua_KContext ctx)
{
  (void)status;
  (void)ctx;
  lua_pushboolean(L, 1);
  return 1;
}

/* A send that was neither in nor held. */
static int send_failed(lua_State *L, struct lua_component *lc,
                       struct kam_outbox *o, int r)
{
  if (r == KAM_NOBODY || r == KAM_TOLD_STOP) {
    if (lc->c.party.told == KAM_SHUTDOWN)
      after_stop(L, lc);
    lua_pushboolean(L, 0);
    lua_pushstring(L, r == KAM_NOBODY ? "receiverGone" : "told");
    if (++lc->c.party.gave < batch(lc))
      return 2;
    kam_party_wake(&lc->c.party);
    lc->c.party.outcome = (uint8_t)r;
    return suspend(L, lc, 0, sent_k);
  }
  if (r == KAM_ENOMEM)
    return luaL_error(L, "not enough memory");
  lua_pushvalue(L, 1);
  lua_pushstring(L, o->port.spec->name);
  lua_pushvalue(L, 2);
  if (o->sink)
    kam_lua_pushself(L, lc->K, (struct kam_component *)o->sink->port.owner);
  else
    lua_pushnil(L);
  return kam_lua_raise(L, r == KAM_ESELF ? "E0312" : "E0311", 4);
}

static int l_send(lua_State *L)
{
  struct lua_component *lc = me(L);
  struct kam_outbox *o = outbox_arg(L, lc, 3);
  struct kam_msg m;
  int r;
  if (!o)
    return no_outbox(L, 3);
  m = kam_lua_tomsg(L, lc->K, 2, PARKED);
  r = kam_outbox_send(o, m);
  if (r == KAM_SENT) {
    if (++lc->c.party.gave >= batch(lc))
      return give_way(L, lc, 0, true_k);
    lua_pushboolean(L, 1);
    return 1;
  }
  if (r == KAM_WAIT)
    return suspend(L, lc, 0, sent_k);
  return send_failed(L, lc, o, r);
}

/* The user's function that called us; those of the library in between are
 * passed over. Pushes it, if there is one. */
static bool push_caller(lua_State *L, lua_Debug *ar)
{
  int level = 1;
  while (lua_getstack(L, level++, ar) && lua_getinfo(L, "S", ar)) {
    if (*ar->what == 'C')
      return false;
    if (!strstr(ar->source, "lua/kam/"))
      return lua_getinfo(L, "lf", ar) != 0;
  }
  return false;
}

/* A message was refused: the library looks whether who called cares. */
static void note_refused(lua_State *L, struct lua_component *lc,
                         const struct kam_outbox *o)
{
  lua_Debug ar;
  if (!push_caller(L, &ar))
    return;
  lua_getfield(L, LUA_REGISTRYINDEX, "kam.library");
  lua_getfield(L, -1, "refused");
  lua_pushvalue(L, -3);
  lua_pushinteger(L, ar.currentline);
  lua_pushvalue(L, 1);
  lua_pushstring(L, o->port.spec->name);
  kam_lua_pushself(L, lc->K, (struct kam_component *)o->sink->port.owner);
  lua_pushstring(L, o->sink->port.spec->name);
  lua_call(L, 6, 0);
  lua_pop(L, 2);
}

static int l_try_send(lua_State *L)
{
  struct lua_component *lc = me(L);
  struct kam_outbox *o = outbox_arg(L, lc, 3);
  struct kam_msg m;
  int r;
  if (!o)
    return no_outbox(L, 3);
  m = kam_lua_tomsg(L, lc->K, 2, PARKED);
  r = kam_outbox_try(o, m);
  if (r == KAM_SENT) {
    if (++lc->c.party.gave >= batch(lc))
      return give_way(L, lc, 0, true_k);
    lua_pushboolean(L, 1);
    return 1;
  }
  if (r != KAM_FULL)
    return send_failed(L, lc, o, r);
  kam_lua_unpark(L, lc->K, m, PARKED);
  note_refused(L, lc, o);
  lua_pushboolean(L, 0);
  lua_pushliteral(L, "full");
  return 2;
}

/* --- taking --- */

static inline void push_taken(lua_State *L, struct lua_component *lc,
                              struct kam_inbox *b)
{
  struct kam_msg m = kam_inbox_take(b);
  forget(L, lc);
  lc->last = m;
  lc->c.party.took++;
  if (m.tag == KAM_INT)
    lua_pushinteger(L, m.u.i);
  else if (m.tag == KAM_OBJECT && (b->port.spec->kinds & KAM_BUFFER))
    kam_lua_pushbuffer(L, m);
  else
    kam_lua_pushmsg(L, lc->K, m, PARKED);
}

/* Takes the end from control, if it is to be seen there. */
static bool push_notice(lua_State *L, struct lua_component *lc)
{
  struct kam_party *p = &lc->c.party;
  if (!kam_party_notices(p))
    return false;
  kam_lua_pushtold(L, lc->K, (enum kam_told)p->notice);
  p->notice = KAM_UNTOLD;
  p->flags &= (uint16_t)~KAM_PARTY_WAITED;
  return true;
}

/* Pushes the next of control, the end last but for an end now. */
static bool push_control(lua_State *L, struct lua_component *lc,
                         struct kam_inbox *b)
{
  if (lc->c.party.notice == KAM_SHUTDOWN || b->put == b->taken)
    return push_notice(L, lc);
  push_taken(L, lc, b);
  return true;
}

/* Is there a message in inbox that can be had without a look at anything? */
static inline bool is_easy(const struct lua_component *lc)
{
  const struct kam_inbox *b = &lc->c.party.in[KAM_INBOX];
  return b->put != b->taken && lc->c.party.took < batch(lc) &&
         lc->c.party.told != KAM_SHUTDOWN;
}

static inline int take_easy(lua_State *L, struct lua_component *lc)
{
  push_taken(L, lc, &lc->c.party.in[KAM_INBOX]);
  return 1;
}

static int recv_k(lua_State *L, int status, lua_KContext ctx);

/* Tries to receive from the inbox of that index, else waits. */
static int receive(lua_State *L, struct lua_component *lc, unsigned index)
{
  struct kam_inbox *b = kam_party_inbox(&lc->c.party, index);
  const char *why;
  if (!b)
    return push_why(L, "ended");
  if (index == KAM_CONTROL) {
    if (push_control(L, lc, b))
      return 1;
    if (lc->c.party.notice) { /* it waits although its boxes are not empty */
      lc->c.party.flags |= KAM_PARTY_WAITED;
      return push_control(L, lc, b);
    }
    why = lc->c.party.told == KAM_SHUTDOWN ? "told" : NULL;
  } else {
    why = kam_lua_over(lc, b);
  }
  if (why) {
    end_alarm(lc);
    if (lc->c.party.told == KAM_SHUTDOWN)
      after_stop(L, lc);
    return push_why(L, why);
  }
  if (b->put != b->taken) {
    if (lc->c.party.took >= batch(lc))
      return give_way(L, lc, (lua_KContext)index, recv_k);
    end_alarm(lc);
    push_taken(L, lc, b);
    return 1;
  }
  if (timed_out(lc)) {
    end_alarm(lc);
    return push_why(L, "timeout");
  }
  forget(L, lc);
  kam_party_arm(&lc->c.party, b);
  return suspend(L, lc, (lua_KContext)index, recv_k);
}

static int recv_k(lua_State *L, int status, lua_KContext ctx)
{
  struct lua_component *lc = *(struct lua_component **)lua_getextraspace(L);
  (void)status;
  if (ctx == KAM_INBOX && !lc->timed && is_easy(lc))
    return take_easy(L, lc);
  return receive(L, lc, (unsigned)ctx);
}

static int l_recv(lua_State *L)
{
  struct lua_component *lc = me(L);
  struct kam_inbox *b;
  if (lua_gettop(L) == 1 && is_easy(lc))
    return take_easy(L, lc);
  b = inbox_arg(L, lc, 2);
  set_alarm(L, lc, 3);
  return receive(L, lc, b->port.index);
}

/* The iterator of messages(): self is its state, so that it is made once. */
static int l_next(lua_State *L)
{
  struct lua_component *lc = me(L);
  if (is_easy(lc))
    return take_easy(L, lc);
  if (lc->c.party.in[KAM_INBOX].port.to)
    inbox_arg(L, lc, 9);
  return receive(L, lc, KAM_INBOX);
}

/* The iterator of messages(box); its fourth upvalue is the index. */
static int l_next_of(lua_State *L)
{
  struct lua_component *lc = me(L);
  return receive(L, lc, (unsigned)lua_tointeger(L, lua_upvalueindex(4)));
}

/* Upvalue 4: the iterator for inbox. */
static int l_messages(lua_State *L)
{
  struct lua_component *lc = me(L);
  struct kam_inbox *b = inbox_arg(L, lc, 2);
  if (b->port.index == KAM_INBOX) {
    lua_pushvalue(L, lua_upvalueindex(4));
  } else {
    lua_pushvalue(L, lua_upvalueindex(UP_K));
    lua_pushvalue(L, PARKED);
    lua_pushvalue(L, lua_upvalueindex(UP_NAME));
    lua_pushinteger(L, b->port.index);
    lua_pushcclosure(L, l_next_of, 4);
  }
  lua_pushvalue(L, 1);
  return 2;
}

/* --- looking --- */

static void note_empty(struct lua_component *lc, unsigned box)
{
  lc->looked = (uint16_t)box;
  lc->looked_at = lc->K->rt->loop.sched.activations;
}

static int l_data_ready(lua_State *L)
{
  struct lua_component *lc = me(L);
  struct kam_inbox *b = inbox_arg(L, lc, 2);
  uint64_t n = kam_inbox_len(b);
  if (b->port.index == KAM_CONTROL)
    n += kam_party_notices(&lc->c.party);
  else if (lc->c.party.told == KAM_SHUTDOWN)
    n = 0;
  if (n == 0) {
    note_empty(lc, b->port.index + 1u);
    lua_pushboolean(L, 0);
  } else {
    lua_pushinteger(L, (lua_Integer)n);
  }
  return 1;
}

/* The first box with something in it, control included; NULL: none. */
static const char *ready_box(const struct lua_component *lc)
{
  const struct kam_party *p = &lc->c.party;
  unsigned i, n = kam_party_inboxes(p);
  if (kam_party_notices(p))
    return "control";
  for (i = 0; i < n; i++) {
    const struct kam_inbox *b = kam_party_inbox(p, i);
    if (b && !b->port.to && kam_inbox_len(b) &&
        (i == KAM_CONTROL || p->told != KAM_SHUTDOWN))
      return b->port.spec->name;
  }
  return NULL;
}

/* Raises if what is called so cannot wait here. */
static int l_may_wait(lua_State *L)
{
  me(L);
  return 0;
}

static int l_any_ready(lua_State *L)
{
  struct lua_component *lc = me(L);
  const char *name = ready_box(lc);
  if (!name)
    note_empty(lc, KAM_LUA_ALL);
  lua_pushstring(L, name);
  return 1;
}

static int l_told(lua_State *L)
{
  struct lua_component *lc = me(L);
  if (lc->c.party.told)
    lua_pushstring(L, kam_lua_told_name((enum kam_told)lc->c.party.told));
  else
    lua_pushnil(L);
  return 1;
}

/* Takes all of control: what is no end is dropped; the end goes on. */
static int l_shutting_down(lua_State *L)
{
  struct lua_component *lc = me(L);
  struct kam_party *p = &lc->c.party;
  struct kam_inbox *b = &p->in[KAM_CONTROL];
  struct kam_outbox *o = &p->out[KAM_SIGNAL_OUT];
  enum kam_told told = (enum kam_told)p->notice;
  while (b->put != b->taken) {
    push_taken(L, lc, b);
    lua_pop(L, 1);
  }
  if (!kam_party_notices(p)) {
    lua_pushboolean(L, 0);
    return 1;
  }
  push_notice(L, lc);
  if (o->sink && !(o->port.flags & KAM_PORT_SAID))
    kam_outbox_try(o, kam_msg_signal(told));
  lua_pushstring(L, kam_lua_told_name(told));
  return 1;
}

/* --- waiting --- */

static int pause_k(lua_State *L, int status, lua_KContext ctx)
{
  struct lua_component *lc = *(struct lua_component **)lua_getextraspace(L);
  struct kam_inbox *news = kam_component_news(&lc->c);
  (void)status;
  (void)ctx;
  if (news) {
    end_alarm(lc);
    lua_pushstring(L, news->port.spec->name);
    return 1;
  }
  if (lc->c.party.told == KAM_SHUTDOWN || timed_out(lc)) {
    end_alarm(lc);
    if (lc->c.party.told == KAM_SHUTDOWN)
      after_stop(L, lc);
    lua_pushnil(L);
    return 1;
  }
  if (lc->c.party.notice) {
    lc->c.party.flags |= KAM_PARTY_WAITED;
    end_alarm(lc);
    lua_pushliteral(L, "control");
    return 1;
  }
  forget(L, lc);
  kam_party_arm_all(&lc->c.party);
  return suspend(L, lc, 0, pause_k);
}

static int l_pause(lua_State *L)
{
  struct lua_component *lc = me(L);
  set_alarm(L, lc, 2);
  return pause_k(L, LUA_OK, 0);
}

static int sleep_k(lua_State *L, int status, lua_KContext ctx)
{
  struct lua_component *lc = *(struct lua_component **)lua_getextraspace(L);
  (void)status;
  (void)ctx;
  if (lc->c.party.told != KAM_SHUTDOWN && !timed_out(lc)) {
    lc->c.party.waits = KAM_WAITS_TIME;
    return suspend(L, lc, 0, sleep_k);
  }
  end_alarm(lc);
  if (lc->c.party.told == KAM_SHUTDOWN)
    after_stop(L, lc);
  lua_pushboolean(L, !lc->c.party.told);
  return 1;
}

static int l_sleep(lua_State *L)
{
  struct lua_component *lc = me(L);
  luaL_checknumber(L, 2);
  set_alarm(L, lc, 2);
  forget(L, lc);
  return sleep_k(L, LUA_OK, 0);
}

static int nothing_k(lua_State *L, int status, lua_KContext ctx)
{
  (void)L;
  (void)status;
  (void)ctx;
  return 0;
}

enum { SPINS = 65536 }; /* calls between two looks at who gives way */

static int l_yield(lua_State *L)
{
  struct lua_component *lc = me(L);
  if (lc->c.party.told == KAM_SHUTDOWN)
    after_stop(L, lc);
  if (++lc->K->yields % SPINS == 0)
    kam_lua_spins(L, lc);
  return give_way(L, lc, 0, nothing_k);
}

/* --- any of several boxes --- */

/* The indices of the boxes to look at: the table at 2 in its order, or all
 * data boxes from where the last turn ended. Gives how many. */
static unsigned candidates(lua_State *L, struct lua_component *lc,
                           unsigned *list, unsigned size)
{
  unsigned i, k, n = 0, all = kam_party_inboxes(&lc->c.party);
  if (lua_istable(L, 2)) {
    for (i = 1; i <= lua_rawlen(L, 2) && n < size; i++) {
      lua_rawgeti(L, 2, i);
      list[n++] = inbox_arg(L, lc, lua_gettop(L))->port.index;
      lua_pop(L, 1);
    }
    return n;
  }
  for (i = 0; i < all && n < size; i++) {
    const struct kam_inbox *b;
    k = (lc->turn + i) % all;
    b = kam_party_inbox(&lc->c.party, k);
    if (b && k != KAM_CONTROL && !b->port.to)
      list[n++] = k;
  }
  return n;
}

enum { BOXES_AT_ONCE = 256 };

static int any_k(lua_State *L, int status, lua_KContext ctx)
{
  struct lua_component *lc = *(struct lua_component **)lua_getextraspace(L);
  unsigned list[BOXES_AT_ONCE], i, ended = 0;
  unsigned n = candidates(L, lc, list, BOXES_AT_ONCE);
  const char *why = NULL;
  (void)status;
  for (i = 0; i < n; i++) {
    struct kam_inbox *b = kam_party_inbox(&lc->c.party, list[i]);
    if (b->put != b->taken && lc->c.party.told != KAM_SHUTDOWN) {
      if (lc->c.party.took >= batch(lc))
        return give_way(L, lc, ctx, any_k);
      end_alarm(lc);
      lc->turn = list[i] + 1;
      lua_pushstring(L, b->port.spec->name);
      push_taken(L, lc, b);
      return 2;
    }
    why = kam_lua_over(lc, b);
    if (!why && lc->c.party.told && b->put == b->taken)
      why = "told"; /* one box of several that nothing feeds is no stall */
    ended += why != NULL;
  }
  if (ended == n) {
    end_alarm(lc);
    if (lc->c.party.told == KAM_SHUTDOWN)
      after_stop(L, lc);
    return push_why(L, why ? why : "ended");
  }
  if (timed_out(lc)) {
    end_alarm(lc);
    return push_why(L, "timeout");
  }
  forget(L, lc);
  kam_party_arm_all(&lc->c.party);
  return suspend(L, lc, ctx, any_k);
}

static int l_recv_any(lua_State *L)
{
  struct lua_component *lc = me(L);
  set_alarm(L, lc, 3);
  return any_k(L, LUA_OK, 0);
}

static int l_next_any(lua_State *L)
{
  struct lua_component *lc = me(L);
  lc->timed = false;
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(4));
  return any_k(L, LUA_OK, 0);
}

static int l_messages_any(lua_State *L)
{
  me(L);
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(UP_K));
  lua_pushvalue(L, PARKED);
  lua_pushvalue(L, lua_upvalueindex(UP_NAME));
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, l_next_any, 4);
  lua_pushvalue(L, 1);
  return 2;
}

static void push_method(lua_State *L, struct kam_lua *K, const char *name,
                        lua_CFunction f, int extra)
{
  lua_pushlightuserdata(L, K);
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->parked);
  lua_pushstring(L, name);
  if (extra)
    lua_rotate(L, -4, 3);
  lua_pushcclosure(L, f, 3 + extra);
}

void kam_lua_push_methods(lua_State *L, struct kam_lua *K)
{
  static const luaL_Reg methods[] = {
      {"send", l_send},
      {"trySend", l_try_send},
      {"ask", l_may_wait},
      {"recv", l_recv},
      {"recvAny", l_recv_any},
      {"dataReady", l_data_ready},
      {"anyReady", l_any_ready},
      {"messagesAny", l_messages_any},
      {"pause", l_pause},
      {"sleep", l_sleep},
      {"yield", l_yield},
      {"told", l_told},
      {"shuttingDown", l_shutting_down},
      {NULL, NULL},
  };
  const luaL_Reg *m;
  lua_newtable(L);
  for (m = methods; m->name; m++) {
    push_method(L, K, m->name, m->func, 0);
    lua_setfield(L, -2, m->name);
  }
  push_method(L, K, "messages", l_next, 0);
  push_method(L, K, "messages", l_messages, 1);
  lua_setfield(L, -2, "messages");
}
