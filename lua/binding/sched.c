/* sched: coroutines as steps, running the loop, and what stops them. */
#include "core/warn.h"

#include "lua/binding/binding.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct kam_lua *of(struct kam_component *c)
{
  return ((struct lua_component *)c)->K;
}

/* --- coroutines --- */

static void set_owner(lua_State *co, struct lua_component *lc)
{
  *(struct lua_component **)lua_getextraspace(co) = lc;
}

/* thread(slot): a new coroutine for the component in that slot. */
static int new_thread(lua_State *L)
{
  struct kam_lua *K = kam_lua_of(L);
  lua_State *co;
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->threads);
  co = lua_newthread(L);
  lua_rawseti(L, -2, lua_tointeger(L, 1));
  lua_pushlightuserdata(L, co);
  return 1;
}

/* The last of the pool moves to its component's slot. */
static lua_State *reuse_thread(struct kam_lua *K, struct lua_component *lc)
{
  lua_State *L = K->aux;
  K->n_pool--;
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->threads);
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->pooled);
  lua_rawgeti(L, -1, (lua_Integer)K->n_pool + 1);
  lua_rawseti(L, -3, lc->c.slot);
  lua_pop(L, 2);
  return K->pool[K->n_pool];
}

static lua_State *take_thread(struct kam_lua *K, struct lua_component *lc)
{
  lua_State *L = K->aux, *co = NULL;
  if (K->n_pool)
    return reuse_thread(K, lc);
  lua_pushcfunction(L, new_thread);
  lua_pushinteger(L, lc->c.slot);
  if (lua_pcall(L, 1, 1, 0) == LUA_OK)
    co = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return co;
}

/* A coroutine that has finished well is used again. */
static void give_thread(struct kam_lua *K, struct lua_component *lc)
{
  lua_State *L = K->aux, *co = lc->co;
  lua_settop(co, 0);
  set_owner(co, NULL);
  lc->co = NULL;
  if (K->n_pool == POOL_SIZE)
    return;
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->pooled); /* filled: cannot grow */
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->threads);
  lua_rawgeti(L, -1, lc->c.slot);
  lua_rawseti(L, -3, (lua_Integer)K->n_pool + 1);
  lua_pop(L, 2);
  K->pool[K->n_pool++] = co;
}

static void forget_last(struct lua_component *lc)
{
  struct kam_world *w = lc->c.party.world;
  kam_msg_drop(&w->host, lc->last);
  lc->last.tag = KAM_NOTHING;
}

/* --- steps --- */

/* After an error, or when it is stopped: what has to be closed is closed. */
static void reset(struct kam_lua *K, struct lua_component *lc)
{
  lua_State *co = lc->co;
  lc->co = NULL;
  set_owner(co, NULL);
#if LUA_VERSION_RELEASE_NUM >= 50406
  lua_closethread(co, K->from);
#else
  lua_resetthread(co);
#endif
  lua_rawgeti(K->aux, LUA_REGISTRYINDEX, K->threads);
  lua_pushboolean(K->aux, 0);
  lua_rawseti(K->aux, -2, lc->c.slot);
  lua_pop(K->aux, 1);
}

void kam_lua_halt(struct kam_component *c)
{
  struct lua_component *lc = (struct lua_component *)c;
  if (lc->co)
    reset(of(c), lc);
}

static int start(struct kam_lua *K, struct lua_component *lc)
{
  struct lua_kind *k = (struct lua_kind *)(uintptr_t)lc->c.shape->kind;
  lua_State *co = take_thread(K, lc);
  if (!co)
    return KAM_ENOMEM;
  lc->co = co;
  set_owner(co, lc);
  lua_sethook(co, NULL, 0, 0);
  lua_rawgeti(co, LUA_REGISTRYINDEX, k->main);
  kam_lua_pushself(co, K, &lc->c);
  return 0;
}

static int yielded(struct lua_component *lc)
{
  if (lc->abandoned) {
    char name[256];
    kam_component_name(&lc->c, name, sizeof name);
    lua_pushstring(lc->K->aux, name);
    kam_lua_report(lc->K, "deaf", 1, 0);
    reset(lc->K, lc);
    return KAM_DONE;
  }
  return lc->yielded ? KAM_BLOCKED : KAM_AGAIN;
}

/* Its main has returned: was that because it found an inbox empty? */
static void note_left(const struct kam_lua *K, struct lua_component *lc)
{
  struct kam_party *p = &lc->c.party;
  unsigned i, n = kam_party_inboxes(p);
  if (!lc->looked || lc->looked_at != K->rt->loop.sched.activations)
    return;
  for (i = 0; i < n; i++) {
    struct kam_inbox *b = kam_party_inbox(p, i);
    if (b && (lc->looked == KAM_LUA_ALL || i + 1 == lc->looked))
      b->port.flags |= KAM_PORT_LEFT;
  }
}

int kam_lua_step(struct kam_component *c)
{
  struct lua_component *lc = (struct lua_component *)c;
  struct kam_lua *K = lc->K;
  int nargs = 0, nres = 0, status;
  if (!lc->co) {
    if (start(K, lc))
      return KAM_ENOMEM;
    nargs = 1;
  }
  lc->yielded = false;
  status = lua_resume(lc->co, K->from, nargs, &nres);
  if (status == LUA_YIELD) {
    if (nres)
      lua_pop(lc->co, nres);
    if (!lc->yielded && c->party.told == KAM_SHUTDOWN) /* a bare yield */
      lc->abandoned |= ++lc->calls >= CALLS_AFTER_STOP;
    return yielded(lc);
  }
  if (status == LUA_OK) {
    note_left(K, lc);
    give_thread(K, lc);
    forget_last(lc);
    return KAM_DONE;
  }
  kam_lua_fail(K, c, lc->co);
  forget_last(lc);
  reset(K, lc);
  return KAM_AGAIN; /* it has been noted; there is no further step */
}

/* What a watcher gets: a table in the box that it named. */
static void tell_watcher(struct kam_lua *K, struct kam_component *c)
{
  lua_State *L = K->aux;
  if (!(c->flags & KAM_COMPONENT_WATCHED))
    return;
  kam_lua_pushself(L, K, c);
  lua_pushboolean(L, !(c->flags & KAM_COMPONENT_FAILED));
  lua_pushstring(L, c->failure);
  kam_lua_report(K, "watched", 3, 0);
}

void kam_lua_ended(void *ctx, struct kam_component *c)
{
  struct kam_lua *K = ctx;
  lua_State *L = K->aux;
  if (c->shape->kind->step == kam_lua_step)
    forget_last((struct lua_component *)c);
  tell_watcher(K, c);
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->selves);
  lua_pushboolean(L, 0);
  lua_rawseti(L, -2, c->slot);
  lua_rawgeti(L, LUA_REGISTRYINDEX, K->threads);
  lua_pushboolean(L, 0);
  lua_rawseti(L, -2, c->slot);
  lua_pop(L, 2);
  if (c->flags & KAM_COMPONENT_ASKED_OF) /* what it left without an answer */
    lua_gc(L, LUA_GCCOLLECT);
}

/* --- overruns --- */

/* How many cannot run because one does not give way. */
static size_t kept_waiting(struct kam_lua *K)
{
  struct kam_loop *l = &K->rt->loop;
  size_t n = kam_queue_len(&l->sched.registry.world.ready);
  kam_loop_now(l);
  n += kam_sched_next(&l->sched) <= kam_registry(K->rt)->world.now;
  return n + l->sched.registry.outside;
}

/* The innermost function that has a line: the hook may be in one of C. */
static void find_line(lua_State *L, lua_Debug *ar)
{
  int level = 0;
  lua_getinfo(L, "Sl", ar);
  while (ar->currentline <= 0 && lua_getstack(L, level++, ar))
    lua_getinfo(L, "Sl", ar);
}

static void on_hook(lua_State *L, lua_Debug *ar)
{
  struct kam_lua *K = kam_lua_of(L);
  enum kam_overrun what = (enum kam_overrun)K->overrun;
  struct kam_party *p = kam_registry(K->rt)->world.running;
  char name[256], seconds[32];
  size_t others = kept_waiting(K);
  lua_sethook(L, NULL, 0, 0);
  if (!p || p != K->overran) /* it has given way meanwhile */
    return;
  kam_component_name((struct kam_component *)p, name, sizeof name);
  find_line(L, ar);
  if (what == KAM_OVERRUN_NAME) {
    if (others == 0)
      return;
    lua_pushstring(K->aux, name);
    lua_pushfstring(K->aux, "%s:%d", ar->short_src, ar->currentline);
    lua_pushinteger(K->aux, (lua_Integer)others);
    lua_pushinteger(K->aux, K->rt->loop.watchdog.name_ms);
    kam_lua_report(K, "overrun", 4, 0);
    return;
  }
  if (what == KAM_OVERRUN_STOP && others == 0)
    return;
  /* No pcall keeps it alive: the next error comes sooner, in the end at the
   * first instruction after the pcall. */
  lua_sethook(L, on_hook, LUA_MASKCOUNT, K->patience);
  if (K->patience > 1)
    K->patience /= 2;
  snprintf(seconds, sizeof seconds, "%g",
           K->rt->loop.watchdog.stop_ms / 1000.0);
  kam_lua_raisef(L, what == KAM_OVERRUN_STOP ? "E0401" : "E0402", name, seconds,
                 NULL);
}

/* In a signal handler on the loop's thread: as lua.c does, only sets a hook. */
void kam_lua_overrun(void *ctx, enum kam_overrun what)
{
  struct kam_lua *K = ctx;
  struct kam_party *p = kam_registry(K->rt)->world.running;
  struct kam_component *c = (struct kam_component *)p;
  lua_State *L = K->inner ? K->inner : K->aux;
  if (!p)
    return;
  if (!K->inner && c->shape->kind->step == kam_lua_step)
    L = ((struct lua_component *)c)->co;
  if (K->overran != p || K->overrun != (uint32_t)what)
    K->patience = PATIENCE;
  K->overran = p;
  K->overrun = what;
  if (L)
    lua_sethook(L, on_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

/* --- coroutines of the user's own --- */

/* Resumes co with n values from L; publishes that it runs. Gives the number of
 * results now on L, or -1 and the error on L. */
static int resume(lua_State *L, lua_State *co, int n)
{
  struct kam_lua *K = kam_lua_of(L);
  lua_State *before = K->inner;
  int status, nres;
  if (!lua_checkstack(co, n)) {
    lua_pushliteral(L, "too many arguments to resume");
    return -1;
  }
  lua_xmove(L, co, n);
  K->inner = co;
  status = lua_resume(co, L, n, &nres);
  K->inner = before;
  if (status != LUA_OK && status != LUA_YIELD) {
    lua_xmove(co, L, 1);
    return -1;
  }
  if (!lua_checkstack(L, nres + 1)) {
    lua_pop(co, nres);
    lua_pushliteral(L, "too many results to resume");
    return -1;
  }
  lua_xmove(co, L, nres);
  return nres;
}

static int l_resume(lua_State *L)
{
  lua_State *co;
  int n;
  luaL_checktype(L, 1, LUA_TTHREAD);
  co = lua_tothread(L, 1);
  if (*(void **)lua_getextraspace(co) != NULL) {
    lua_pushboolean(L, 0);
    lua_pushliteral(L, "cannot resume the coroutine of a component");
    return 2;
  }
  n = resume(L, co, lua_gettop(L) - 1);
  lua_pushboolean(L, n >= 0);
  lua_insert(L, n >= 0 ? -(n + 1) : -2);
  return n >= 0 ? n + 1 : 2;
}

static int wrapped(lua_State *L)
{
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  int n = resume(L, co, lua_gettop(L)), status = lua_status(co);
  if (n >= 0)
    return n;
  if (status != LUA_OK && status != LUA_YIELD)
#if LUA_VERSION_RELEASE_NUM >= 50406
    lua_closethread(co, L);
#else
    lua_resetthread(co);
#endif
  if (lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

static int l_wrap(lua_State *L)
{
  lua_State *co;
  luaL_checktype(L, 1, LUA_TFUNCTION);
  co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, wrapped, 1);
  return 1;
}

/* The watchdog has to know which coroutine runs, also one of the user's. */
void kam_lua_wrap_coroutines(lua_State *L, struct kam_lua *K)
{
  (void)K;
  lua_getglobal(L, "coroutine");
  if (lua_istable(L, -1)) {
    lua_pushcfunction(L, l_resume);
    lua_setfield(L, -2, "resume");
    lua_pushcfunction(L, l_wrap);
    lua_setfield(L, -2, "wrap");
  }
  lua_pop(L, 1);
}

/* --- running --- */

/* The loop has time: a cycle of the collector is brought to its end, step by
 * step, if much has been allocated since the last one. */
static bool collect_some(void *ctx, bool ask)
{
  struct kam_lua *K = ctx;
  size_t used = kam_registry(K->rt)->world.mem.used;
  if (!K->collects && used < K->collected + K->collected / 2 + IDLE_GARBAGE)
    return false;
  if (ask)
    return true;
  K->collects = !lua_gc(K->aux, LUA_GCSTEP, 64);
  if (!K->collects)
    K->collected = kam_registry(K->rt)->world.mem.used;
  return K->collects;
}

enum kam_run kam_lua_run(lua_State *L, struct kam_lua *K, kam_until_fn until,
                         void *ctx)
{
  const struct kam_queue *ready = &kam_registry(K->rt)->world.ready;
  lua_State *before = K->from;
  enum kam_run how;
  luaL_checkstack(L, 40, NULL);
  K->from = L;
  do {
    how = kam_loop_run(&K->rt->loop, until, ctx);
    if (how == KAM_RUN_STALLED && K->asks) /* a request that was forgotten? */
      lua_gc(L, LUA_GCCOLLECT);
  } while (how == KAM_RUN_STALLED && kam_queue_len(ready));
  K->from = before;
  return how;
}

/* Components that a prompt runs, until all of them have ended. */
struct some {
  struct kam_loop *loop;
  struct kam_component **all;
  int n;
};

static bool ended_or_interrupted(void *ctx)
{
  struct some *s = ctx;
  while (s->n && s->all[s->n - 1]->state == KAM_ENDED)
    s->n--;
  return s->n == 0 || s->loop->signal;
}

static enum kam_run run_some(lua_State *L, struct kam_lua *K, int n)
{
  struct some s = {.loop = &K->rt->loop, .n = n};
  enum kam_run how;
  int i;
  s.all = lua_newuserdatauv(L, (size_t)n * sizeof *s.all, 0);
  for (i = 0; i < n; i++)
    s.all[i] = kam_lua_check(L, K, i + 1);
  for (i = 0; i < n; i++)
    s.all[i]->pins++;
  K->rt->loop.whole = true;
  how = kam_loop_run(&K->rt->loop, ended_or_interrupted, &s);
  K->rt->loop.whole = false;
  for (i = 0; i < n; i++)
    kam_component_unpin(s.all[i]);
  return how;
}

/* run(c, ...) -> "over", "stalled" or "failed": until all has ended, or those
 * components; "interrupted" if a signal has come before */
static int l_run(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_registry *r = kam_registry(K->rt);
  lua_State *before = K->from;
  uint64_t failures = r->failures;
  int n = lua_gettop(L);
  enum kam_run how;
  if (r->world.running)
    return kam_lua_raise(L, "E0214", 0);
  luaL_checkstack(L, 40, NULL);
  K->from = L;
  K->rt->loop.idle = collect_some;
  K->rt->loop.idle_ctx = K;
  how = n ? run_some(L, K, n) : kam_lua_run(L, K, NULL, NULL);
  K->from = before;
  lua_pushstring(L, n && K->rt->loop.signal  ? "interrupted"
                    : r->failures > failures ? "failed"
                    : how == KAM_RUN_STALLED ? "stalled"
                                             : "over");
  return 1;
}

static void add_line(void *ctx, const char *line)
{
  lua_State *L = ctx;
  lua_pushstring(L, line);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

/* stall() -> lines that say who waits for what */
static int l_stall(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  lua_newtable(L);
  kam_stall_explain(&K->rt->loop.sched, add_line, L);
  return 1;
}

/* kill(): ends all that was activated, by force */
static int l_kill(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_registry *r = kam_registry(K->rt);
  struct kam_component *c, *next;
  for (c = r->first; c; c = next) {
    next = c->next;
    if (c->state != KAM_MADE && !(c->party.flags & KAM_PARTY_OUTSIDE)) {
      kam_component_kill(c);
      next = r->first;
    }
  }
  return 0;
}

/* stopall(how): "ask"; "stop"; or "end": asked, and after the grace told */
static int l_stopall(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  const char *how = luaL_optstring(L, 1, "ask");
  if (strcmp(how, "stop") == 0)
    kam_registry_stop(kam_registry(K->rt));
  else if (strcmp(how, "end") == 0)
    kam_loop_ask(&K->rt->loop);
  else
    kam_registry_ask(kam_registry(K->rt));
  return 0;
}

static void drop_loss(struct kam_registry *r)
{
  struct kam_loss *loss = r->losses;
  r->losses = loss->next;
  kam_mem_free(&r->world.mem, loss, sizeof *loss);
}

/* tellwarnings(): tells those that were only counted */
static int l_tellwarnings(lua_State *L)
{
  kam_registry_tell_warnings(kam_registry(kam_lua_up(L, 1)->rt));
  return 0;
}

/* losses() -> list of { name, box, count, reason, inside, left, linked,
 * stopped, file, line }, and forgets them; stopped is who feeds it and was
 * stopped */
static int l_losses(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_registry *r = kam_registry(K->rt);
  lua_Integer n = 0;
  lua_newtable(L);
  while (r->losses) {
    struct kam_loss *loss = r->losses;
    if (loss->count == 0 && !loss->stopped) {
      drop_loss(r);
      continue;
    }
    lua_createtable(L, 0, 10);
    kam_lua_setstring(L, "name", loss->name);
    kam_lua_setstring(L, "box", loss->box);
    kam_lua_setstring(L, "reason", kam_reason_text(loss->reason));
    lua_pushinteger(L, (lua_Integer)loss->count);
    lua_setfield(L, -2, "count");
    lua_pushboolean(L, loss->inside);
    lua_setfield(L, -2, "inside");
    lua_pushboolean(L, loss->left);
    lua_setfield(L, -2, "left");
    lua_pushboolean(L, loss->linked);
    lua_setfield(L, -2, "linked");
    if (loss->count == 0)
      kam_lua_setstring(L, "stopped", loss->feeder);
    if (loss->file) {
      kam_lua_setstring(L, "file", loss->file);
      lua_pushinteger(L, loss->line);
      lua_setfield(L, -2, "line");
    }
    lua_rawseti(L, -2, ++n);
    drop_loss(r);
  }
  r->losses_end = &r->losses;
  lua_pushinteger(L, (lua_Integer)r->forced);
  r->forced = 0;
  return 2;
}

/* totals() -> { sent =, injected =, delivered =, waiting =, held =, lost = {} }
 */
static int l_totals(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_registry *r = kam_registry(K->rt);
  struct kam_totals t;
  uint64_t waiting, held;
  unsigned i;
  kam_registry_totals(r, &t, &waiting, &held);
  lua_createtable(L, 0, 12);
  lua_createtable(L, 0, KAM_REASON_COUNT);
  for (i = 0; i < KAM_REASON_COUNT; i++) {
    lua_pushinteger(L, (lua_Integer)t.lost[i]);
    lua_setfield(L, -2, kam_reason_text((enum kam_reason)i));
  }
  lua_setfield(L, -2, "lost");
  lua_pushinteger(L, (lua_Integer)t.sent);
  lua_setfield(L, -2, "sent");
  lua_pushinteger(L, (lua_Integer)t.injected);
  lua_setfield(L, -2, "injected");
  lua_pushinteger(L, (lua_Integer)t.delivered);
  lua_setfield(L, -2, "delivered");
  lua_pushinteger(L, (lua_Integer)waiting);
  lua_setfield(L, -2, "waiting");
  lua_pushinteger(L, (lua_Integer)held);
  lua_setfield(L, -2, "held");
  lua_pushinteger(L, (lua_Integer)r->existing);
  lua_setfield(L, -2, "components");
  lua_pushinteger(L, (lua_Integer)r->active);
  lua_setfield(L, -2, "active");
  lua_pushinteger(L, (lua_Integer)r->world.mem.used);
  lua_setfield(L, -2, "memory");
  lua_pushinteger(L, K->all_places - K->n_places);
  lua_setfield(L, -2, "parked");
  return 1;
}

/* configure(t): seed, batch, grace, virtual, trace, json, nameAfter, stopAfter
 */
static int l_configure(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_loop *l = &K->rt->loop;
  struct kam_world *w = &kam_registry(K->rt)->world;
  luaL_checktype(L, 1, LUA_TTABLE);
  if (lua_getfield(L, 1, "seed") == LUA_TNUMBER)
    kam_sched_seed(&l->sched, (uint64_t)lua_tointeger(L, -1));
  else if (lua_isboolean(L, -1)) /* false: first come again */
    l->sched.pick = NULL;
  if (lua_getfield(L, 1, "batch") == LUA_TNUMBER)
    w->batch = (uint32_t)lua_tointeger(L, -1);
  if (lua_getfield(L, 1, "grace") == LUA_TNUMBER)
    l->sched.grace = (uint64_t)(lua_tonumber(L, -1) * 1e9);
  if (lua_getfield(L, 1, "virtual") == LUA_TBOOLEAN)
    l->is_virtual = lua_toboolean(L, -1);
  if (lua_getfield(L, 1, "nameAfter") == LUA_TNUMBER)
    l->watchdog.name_ms = (uint32_t)(lua_tonumber(L, -1) * 1000);
  if (lua_getfield(L, 1, "stopAfter") == LUA_TNUMBER)
    l->watchdog.stop_ms = (uint32_t)(lua_tonumber(L, -1) * 1000);
  if (lua_getfield(L, 1, "memory") == LUA_TNUMBER)
    w->mem.limit = (size_t)lua_tointeger(L, -1);
  return 0;
}

/* trace(path or nil, json): to a file, or to the standard error; false: ends */
static int l_trace(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_world *w = &kam_registry(K->rt)->world;
  FILE *out = stderr;
  if (K->traces_file)
    fclose(K->tracer.out);
  K->traces_file = false;
  w->trace = NULL;
  if (lua_isboolean(L, 1))
    return 0;
  if (!lua_isnil(L, 1)) {
    out = fopen(luaL_checkstring(L, 1), "w");
    if (!out)
      return luaL_fileresult(L, 0, lua_tostring(L, 1));
    K->traces_file = true;
  }
  K->tracer = (struct kam_tracer){.out = out, .json = lua_toboolean(L, 2)};
  w->events = 0;
  w->trace_ctx = &K->tracer;
  w->trace = kam_trace_write;
  lua_pushboolean(L, 1);
  return 1;
}

/* signal() -> the number of the signal that asked to end, or nil */
static int l_signal(lua_State *L)
{
  int sig = kam_lua_up(L, 1)->rt->loop.signal;
  if (!sig)
    return 0;
  lua_pushinteger(L, sig);
  return 1;
}

/* now() -> seconds of the runtime's clock */
static int l_now(lua_State *L)
{
  lua_pushnumber(L, (double)kam_loop_now(&kam_lua_up(L, 1)->rt->loop) / 1e9);
  return 1;
}

/* show(v, whole) -> a text of v as Lua would write it */
static int l_show(lua_State *L)
{
  luaL_checkany(L, 1);
  kam_lua_show(L, 1, lua_toboolean(L, 2));
  return 1;
}

const struct luaL_Reg kam_lua_sched_functions[] = {
    {"run", l_run},       {"stall", l_stall},
    {"kill", l_kill},     {"stopall", l_stopall},
    {"losses", l_losses}, {"tellwarnings", l_tellwarnings},
    {"totals", l_totals}, {"configure", l_configure},
    {"trace", l_trace},   {"signal", l_signal},
    {"now", l_now},       {"show", l_show},
    {NULL, NULL},
};
