/* pace: a person looks on: slow motion, steps, and who is to run next.
 *
 * While a person is waited for, time stands still. What is asked and said is up
 * to the Lua library's paced and choose. */
#include "lua/binding/binding.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* A kam_trace_fn: the event is waited for, and then written down. */
static void paced(void *ctx, const struct kam_event *e)
{
  struct kam_lua *K = ctx;
  if (kam_trace_shows(e)) {
    lua_pushboolean(K->aux, e->from != NULL);
    kam_loop_pause(&K->rt->loop);
    kam_lua_report(K, "paced", 1, 0);
    kam_loop_resume(&K->rt->loop);
  }
  kam_trace_write(&K->tracer, e);
}

/* pace(on): from now on paced(is it a message) is called before each line of
 * the trace, which must have begun */
static int l_pace(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  struct kam_world *w = &kam_registry(K->rt)->world;
  bool on = lua_toboolean(L, 1);
  w->trace = on ? paced : kam_trace_write;
  w->trace_ctx = on ? (void *)K : &K->tracer;
  w->batch = on ? 1 : KAM_BATCH;
  return 0;
}

static const struct kam_party *entry(const struct kam_queue *q, size_t i)
{
  return q->slots[(q->head + i) & (q->size - 1)];
}

/* Who of those that can run is next, by choose(names), which gives a number. */
static size_t pick(void *ctx, size_t n)
{
  struct kam_lua *K = ctx;
  const struct kam_queue *q = &kam_registry(K->rt)->world.ready;
  char name[256];
  lua_Integer choice = 1;
  size_t i;
  if (n < 2 || !lua_checkstack(K->aux, 8))
    return 0;
  for (i = 0; i < n; i++) /* a chassis only looks after its children */
    if (entry(q, i)->flags & KAM_PARTY_PASSIVE)
      return i;
  lua_newtable(K->aux);
  for (i = 0; i < n; i++) {
    kam_component_name((const struct kam_component *)entry(q, i), name,
                       sizeof name);
    lua_pushstring(K->aux, name);
    lua_rawseti(K->aux, -2, (lua_Integer)i + 1);
  }
  kam_loop_pause(&K->rt->loop);
  if (kam_lua_report(K, "choose", 1, 1)) {
    choice = lua_tointeger(K->aux, -1);
    lua_pop(K->aux, 1);
  }
  kam_loop_resume(&K->rt->loop);
  return choice >= 1 && (size_t)choice <= n ? (size_t)choice - 1 : 0;
}

/* choose(): from now on the library's choose says who runs */
static int l_choose(lua_State *L)
{
  struct kam_lua *K = kam_lua_up(L, 1);
  K->rt->loop.sched.pick = pick;
  K->rt->loop.sched.pick_ctx = K;
  kam_registry(K->rt)->world.batch = 1;
  return 0;
}

/* key() -> one key of the terminal, as it is pressed; nil if there is none, or
 * a signal has come */
static int l_key(lua_State *L)
{
  struct termios before, raw;
  int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
  char c;
  ssize_t n = -1;
  if (fd < 0)
    return 0;
  if (tcgetattr(fd, &before) == 0) {
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tcsetattr(fd, TCSANOW, &raw);
    n = read(fd, &c, 1);
    tcsetattr(fd, TCSANOW, &before);
  }
  close(fd);
  if (n != 1)
    return 0;
  lua_pushlstring(L, &c, 1);
  return 1;
}

/* rest(seconds): nothing happens for so long, or until a signal comes */
static int l_rest(lua_State *L)
{
  double s = luaL_checknumber(L, 1);
  struct timespec t = {.tv_sec = (time_t)s};
  t.tv_nsec = (long)((s - (double)t.tv_sec) * 1e9);
  nanosleep(&t, NULL);
  return 0;
}

/* again(words): the command begins anew with these words; gives why if not */
static int l_again(lua_State *L)
{
  size_t n = lua_rawlen(L, 1), i;
  const char **argv = lua_newuserdatauv(L, (n + 2) * sizeof *argv, 0);
  argv[0] = "kam";
  for (i = 1; i <= n; i++) {
    lua_rawgeti(L, 1, (lua_Integer)i);
    argv[i] = luaL_checkstring(L, -1);
    lua_pop(L, 1); /* the table keeps it */
  }
  argv[n + 1] = NULL;
  execv("/proc/self/exe", (char **)(uintptr_t)argv);
  lua_pushstring(L, strerror(errno));
  return 1;
}

/* pid() -> the number of this process */
static int l_pid(lua_State *L)
{
  lua_pushinteger(L, getpid());
  return 1;
}

const struct luaL_Reg kam_lua_pace_functions[] = {
    {"pace", l_pace},   {"choose", l_choose}, {"key", l_key}, {"rest", l_rest},
    {"again", l_again}, {"pid", l_pid},       {NULL, NULL},
};
