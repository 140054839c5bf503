/* world: names of reasons, and numbered events. */
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
