/* trace: events written down, as lines for people or as JSON, one a line. */
#ifndef KAM_TRACE_H
#define KAM_TRACE_H

#include "core/component.h"

#include <stdio.h>

struct kam_tracer {
  FILE *out; /* borrowed */
  bool json;
  uint64_t lines; /* for people: written so far */
};

/* Is there a line for it, for people? */
static inline bool kam_trace_shows(const struct kam_event *e)
{
  return e->kind == KAM_EVENT_SENT || e->kind == KAM_EVENT_LOST ||
         e->kind == KAM_EVENT_TOLD || e->kind == KAM_EVENT_ENDED;
}

/* A kam_trace_fn whose ctx is a kam_tracer. */
void kam_trace_write(void *ctx, const struct kam_event *e);

#endif
