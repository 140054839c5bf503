/* runtime: one loop, and the shapes of the kinds it has seen. */
#include "core/kam.h"

#include "core/warn.h"

#include <stdlib.h>

int kam_runtime_new(struct kam_runtime **out)
{
  struct kam_runtime *rt = calloc(1, sizeof *rt);
  int err = KAM_ENOMEM;
  if (!rt)
    return err;
  err = kam_loop_init(&rt->loop);
  if (err) {
    free(rt);
    return err;
  }
  *out = rt;
  return 0;
}

void kam_runtime_free(struct kam_runtime *rt)
{
  struct kam_mem *mem = &kam_registry(rt)->world.mem;
  kam_sched_kill(&rt->loop.sched);
  kam_loop_drain(&rt->loop);
  kam_registry_tell_warnings(kam_registry(rt));
  while (rt->shapes) {
    struct kam_shape_entry *e = rt->shapes;
    rt->shapes = e->next;
    kam_shape_free(mem, e->shape);
    kam_mem_free(mem, e, sizeof *e);
  }
  kam_loop_fini(&rt->loop);
  kam_mem_fini(mem);
  free(rt);
}

int kam_shape_of(struct kam_runtime *rt, const struct kam_kind *kind,
                 struct kam_shape **out)
{
  struct kam_mem *mem = &kam_registry(rt)->world.mem;
  struct kam_shape_entry *e;
  int err;
  for (e = rt->shapes; e; e = e->next)
    if (e->shape->kind == kind) {
      *out = e->shape;
      return 0;
    }
  e = kam_mem_zalloc(mem, sizeof *e);
  if (!e)
    return KAM_ENOMEM;
  err = kam_shape_new(mem, kind, &e->shape);
  if (err) {
    kam_mem_free(mem, e, sizeof *e);
    return err;
  }
  e->next = rt->shapes;
  rt->shapes = e;
  *out = e->shape;
  return 0;
}

int kam_new(struct kam_runtime *rt, const struct kam_kind *kind,
            struct kam_component **out)
{
  struct kam_shape *shape;
  int err = kam_shape_of(rt, kind, &shape);
  return err ? err : kam_component_new(kam_registry(rt), shape, out);
}

int kam_connect(struct kam_component *from, const char *outbox,
                struct kam_component *to, const char *inbox)
{
  struct kam_outbox *o = kam_component_outbox(from, outbox);
  struct kam_inbox *b = kam_component_inbox(to, inbox);
  if (!o || !b)
    return KAM_EINVAL;
  return kam_link_new(&o->port, &b->port, NULL, NULL);
}

int kam_run(struct kam_runtime *rt)
{
  struct kam_registry *r = kam_registry(rt);
  uint64_t failed = r->failures;
  if (kam_loop_run(&rt->loop, NULL, NULL) == KAM_RUN_STALLED)
    return KAM_ESTALLED;
  return r->failures > failed ? KAM_EFAILED : 0;
}
