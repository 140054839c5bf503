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

/* A kam_trace_fn whose ctx is a kam_tracer. */
void kam_trace_write(void *ctx, const struct kam_event *e);

#endif
