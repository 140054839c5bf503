/* world: names of reasons, numbered events, and what is shared. */
#include "core/world.h"

const char *kam_reason_text(enum kam_reason reason)
{
  static const char *const texts[] = {
#define KAM_REASON_TEXT(name, text) text,
      KAM_REASONS(KAM_REASON_TEXT)
#undef KAM_REASON_TEXT
  };
  return reason < KAM_REASON_COUNT ? texts[reason] : "?";
}

void kam_world_trace(struct kam_world *w, struct kam_event e)
{
  e.number = ++w->events;
  e.time = w->shown;
  w->trace(w->trace_ctx, &e);
}

struct kam_shared *kam_world_shared(const struct kam_world *w, const void *tag)
{
  struct kam_shared *s = w->shared;
  while (s && s->tag != tag)
    s = s->next;
  return s;
}

void kam_world_share(struct kam_world *w, struct kam_shared *s)
{
  s->next = w->shared;
  w->shared = s;
}

void kam_world_unshare(struct kam_world *w)
{
  while (w->shared) {
    struct kam_shared *s = w->shared;
    w->shared = s->next;
    s->free(s, &w->mem);
  }
}
