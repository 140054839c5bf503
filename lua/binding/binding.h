/* binding: what the files of the binding share.
 *
 * The binding decides nothing: it checks arguments, makes one call of the core,
 * and pushes what came of it. What goes wrong is put in words by the Lua
 * library; see raise below.
 *
 *     self table ──[key]──> id ──> component (core)
 *       ^ selves[slot]              lua_component: co, last
 *     coroutine <── threads[slot]
 *     parked[place] <── a message whose value lives in Lua
 *
 * A component that runs is found through the extra space of its coroutine,
 * which is compared with what the scheduler runs before it is used: coroutines
 * of the user's own carry the main thread's NULL. */
#ifndef KAM_BINDING_H
#define KAM_BINDING_H

#include "core/kam.h"

#include <lauxlib.h>
#include <lua.h>

/* One Lua state's side of a runtime. */
/* The one that seems to turn round and round. */
struct kam_spin {
  uint64_t id, moved;   /* what it had taken and sent then */
  uint64_t since, seen; /* the first and the last look at it */
  bool told;
};

struct kam_lua {
  struct kam_runtime *rt;
  bool owns_rt;      /* made by luaopen: freed with the state */
  lua_State *L;      /* the main thread */
  lua_State *aux;    /* for calls from the core */
  lua_State *from;   /* the thread that called run */
  lua_State *inner;  /* a coroutine of the user's own that runs, or NULL */
  lua_State *prompt; /* what ^C interrupts at a prompt, or NULL */
  uint32_t *places;  /* free places of parked, a stack */
  uint32_t n_places, all_places;
  lua_State **pool; /* finished coroutines, anchored in pooled */
  uint32_t n_pool;
  int parked, selves, threads, pooled; /* in the registry */
  const void *finished, *shutdown;     /* the two constants of ends */
  struct lua_kind *kinds;
  struct kam_tracer tracer;
  bool traces_file; /* tracer.out is ours to close */
  bool making;      /* inside an init */
  bool asks;        /* there has been a request */
  const char *file; /* in which a component was made last */
  bool collects;    /* a cycle of the collector has begun while idle */
  size_t collected; /* bytes in use after the last one */
  uint32_t overrun; /* kam_overrun that the hook is to act on */
  const struct kam_party *overran; /* whom it is about */
  int patience; /* instructions until what was stopped is stopped again */
  struct kam_spin spin;
  uint32_t yields; /* calls of self:yield() */
};

enum {
  POOL_SIZE = 1024,          /* coroutines kept for use again */
  CALLS_AFTER_STOP = 1000,   /* of one told to end now, before it is ended */
  PATIENCE = 1000,           /* instructions for what has to be closed */
  IDLE_GARBAGE = 1024 * 1024 /* bytes allocated that are worth a collection */
};

/* A kind declared in Lua, or the Lua face of one declared in C. */
struct lua_kind {
  struct kam_kind kind; /* of a Lua kind; must be first */
  struct kam_shape *shape;
  struct lua_kind *next;
  struct kam_box_spec *in, *out;
  unsigned n_in, n_out;
  char *name;
  int main; /* in the registry, or LUA_NOREF */
  bool is_lua;
};

/* What a component declared in Lua has beside the core's part. */
struct lua_component {
  struct kam_component c; /* must be first */
  struct kam_lua *K;
  lua_State *co;       /* NULL before the first run */
  struct kam_msg last; /* the message it handles: still parked, or nothing */
  uint32_t calls;      /* that might have waited, since it was told to stop */
  uint32_t turn;       /* the box that recvAny looks at first */
  bool yielded;        /* by one of our calls, not by a bare yield */
  bool abandoned;      /* it goes on although told to stop */
  bool timed;          /* waits at most until its alarm */
  uint16_t looked;     /* the inbox that it found empty, from 1; 0: none */
  uint32_t looked_at;  /* and in which of the scheduler's steps */
  uint64_t joins;      /* the component whose end it waits for, or 0 */
};

enum { KAM_LUA_ALL = UINT16_MAX }; /* looked: all of them */

/* t[key] = s, of the table on top. */
static inline void kam_lua_setstring(lua_State *L, const char *key,
                                     const char *s)
{
  lua_pushstring(L, s);
  lua_setfield(L, -2, key);
}

/* --- spin.c --- */

/* A look at one that gives way: tells if it has done so for a second, took and
 * sent nothing, and something waits for it. */
void kam_lua_spins(lua_State *L, struct lua_component *lc);

/* --- state.c --- */
struct kam_lua *kam_lua_of(lua_State *L);
static inline struct kam_lua *kam_lua_up(lua_State *L, int i)
{
  return lua_touserdata(L, lua_upvalueindex(i));
}

/* Calls the Lua library's raise(code, ...) with n values on the stack. */
int kam_lua_raise(lua_State *L, const char *code, int n);

/* raise with strings, ended by NULL. */
int kam_lua_raisef(lua_State *L, const char *code, ...);

/* Calls a function of the Lua library, by its name, on K->aux, protected; its
 * nargs arguments are on the stack of K->aux. Leaves nres values, or false. */
bool kam_lua_report(struct kam_lua *K, const char *name, int nargs, int nres);

/* --- msg.c --- */
/* The message of the value at idx; parked is the index of the table of parked
 * values. Raises for nil, and when memory is out. */
struct kam_msg kam_lua_tomsg(lua_State *L, struct kam_lua *K, int idx,
                             int parked);

/* Pushes what m holds; m goes on holding it. */
void kam_lua_pushmsg(lua_State *L, struct kam_lua *K, struct kam_msg m,
                     int parked);

/* Gives back what m holds; parked as above. */
void kam_lua_unpark(lua_State *L, struct kam_lua *K, struct kam_msg m,
                    int parked);
void kam_lua_init_host(struct kam_lua *K);

/* Pushes the constant of an end, or its name. */
void kam_lua_pushtold(lua_State *L, struct kam_lua *K, enum kam_told told);
const char *kam_lua_told_name(enum kam_told told);

/* Pushes a text of the value at idx, as Lua would write it. */
void kam_lua_show(lua_State *L, int idx, bool whole);

/* --- kind.c --- */
extern const struct luaL_Reg kam_lua_kind_functions[];

/* --- component.c --- */
extern const struct luaL_Reg kam_lua_component_functions[];

/* The component of the self table at idx, or NULL when it has ended or it is
 * no component. */
struct kam_component *kam_lua_component(lua_State *L, struct kam_lua *K,
                                        int idx);

/* The same, raising for what is none; ended ones too. */
struct kam_component *kam_lua_check(lua_State *L, struct kam_lua *K, int idx);
bool kam_lua_is_self(lua_State *L, int idx);

/* Pushes the self table of a component, or nil. */
void kam_lua_pushself(lua_State *L, struct kam_lua *K,
                      const struct kam_component *c);

/* Makes a component of a kind, with the table at the top as its self. */
struct kam_component *kam_lua_make(lua_State *L, struct kam_lua *K,
                                   struct kam_shape *shape);

/* --- link.c --- */
extern const struct luaL_Reg kam_lua_link_functions[];

/* --- over.c --- */

/* Why nothing more comes in b, or NULL: there is something, or it may come. */
const char *kam_lua_over(const struct lua_component *lc,
                         const struct kam_inbox *b);

/* --- box.c: what main may call --- */
void kam_lua_push_methods(lua_State *L, struct kam_lua *K);

/* --- sched.c --- */
extern const struct luaL_Reg kam_lua_sched_functions[];
/* Runs the loop for the thread L; see kam_loop_run. */
enum kam_run kam_lua_run(lua_State *L, struct kam_lua *K, kam_until_fn until,
                         void *ctx);
int kam_lua_step(struct kam_component *c);
void kam_lua_halt(struct kam_component *c);
void kam_lua_ended(void *ctx, struct kam_component *c);
void kam_lua_overrun(void *ctx, enum kam_overrun what);
void kam_lua_wrap_coroutines(lua_State *L, struct kam_lua *K);

/* --- failure.c --- */
/* Fails c with the error value on top of co, where it happened; pops nothing.
 */
void kam_lua_fail(struct kam_lua *K, struct kam_component *c, lua_State *co);

/* Tells the library: message, place, traceback, what c was handling. */
void kam_lua_failed(void *ctx, struct kam_component *c);

/* --- warn.c --- */
extern const struct luaL_Reg kam_lua_warn_functions[];
void kam_lua_warned(void *ctx, const struct kam_warning *w);

/* --- look.c --- */
extern const struct luaL_Reg kam_lua_look_functions[];

/* --- pace.c --- */
extern const struct luaL_Reg kam_lua_pace_functions[];

/* --- prompt.c --- */
extern const struct luaL_Reg kam_lua_prompt_functions[];

/* --- function.c: map, filter, each, source --- */
extern const struct luaL_Reg kam_lua_function_functions[];

/* The message that the function of c handles; NULL: c is no such component. */
const struct kam_msg *kam_lua_function_msg(const struct kam_component *c);

/* --- handle.c --- */
extern const struct luaL_Reg kam_lua_handle_functions[];

/* --- files.c --- */
extern const struct luaL_Reg kam_lua_file_functions[];

/* --- tape.c: the make and read of kam_host --- */
/* Pushes the value at *at, which moves on. */
void kam_lua_pushtape(lua_State *L, const struct kam_tape *t, size_t *at);
int kam_lua_make_tape(void *ctx, const struct kam_tape *t, struct kam_msg *out);
int kam_lua_read_tape(void *ctx, struct kam_msg m, struct kam_tape *t);
int kam_lua_read_fields(void *ctx, struct kam_msg m, const char *const *names,
                        struct kam_tape *t);

/* --- serve.c: the serve of kam_host --- */
int kam_lua_serve(void *ctx, struct kam_msg maker, const struct kam_tape *t,
                  struct kam_component **out);

/* --- buffer.c --- */
void kam_lua_open_buffer(lua_State *L);
void kam_lua_pushbuffer(lua_State *L, struct kam_msg m);
/* The object of a buffer at idx, borrowed, or NULL. */
struct kam_object *kam_lua_tobuffer(lua_State *L, int idx);

#endif
