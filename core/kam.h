/* kam: the public face of the core, for C programs that embed it.
 *
 *     struct kam_runtime *rt;
 *     kam_runtime_new(&rt);
 *     kam_new(rt, &kam_kind_chunker, &cut);
 *     kam_connect(source, "outbox", cut, "inbox");
 *     kam_start(source); kam_start(cut);
 *     kam_run(rt);
 *     kam_runtime_free(rt);
 *
 * A process may hold several runtimes, each used by one thread. Components are
 * borrowed: one lives until it has ended, and must not be touched after. */
#ifndef KAM_H
#define KAM_H

#include "core/loop.h"
#include "core/tape.h"
#include "core/trace.h"
#include "core/worker.h"

struct kam_shape_entry {
  struct kam_shape_entry *next;
  struct kam_shape *shape;
};

struct kam_runtime {
  struct kam_loop loop; /* must be first */
  struct kam_shape_entry *shapes;
};

/* 0, KAM_ENOMEM or KAM_EIO. */
int kam_runtime_new(struct kam_runtime **out);

/* Ends what still lives, by force, and frees all. */
void kam_runtime_free(struct kam_runtime *rt);

static inline struct kam_registry *kam_registry(struct kam_runtime *rt)
{
  return &rt->loop.sched.registry;
}

/* The shape of a kind in this runtime, worked out once. Borrowed. 0,
 * KAM_ENOMEM or KAM_EINVAL. */
int kam_shape_of(struct kam_runtime *rt, const struct kam_kind *kind,
                 struct kam_shape **out);

/* A component of that kind, with its options at their fallbacks. */
int kam_new(struct kam_runtime *rt, const struct kam_kind *kind,
            struct kam_component **out);

/* Links boxes by name: 0, KAM_EINVAL for an unknown name, or what
 * kam_link_new says. */
int kam_connect(struct kam_component *from, const char *outbox,
                struct kam_component *to, const char *inbox);

/* Starts it, with its children. */
static inline void kam_start(struct kam_component *c)
{
  kam_component_activate(c);
}

/* Runs until all that was started has ended: 0, KAM_ESTALLED, or KAM_EFAILED
 * if a component failed. */
int kam_run(struct kam_runtime *rt);

#endif
