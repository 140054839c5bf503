/* warn: what does not fail a component, and that who runs it should know: a
 * server that is full, a peer that is refused.
 *
 * The first of a kind is told at once. Those that follow it are counted, and
 * told as a sum, with the text of the last: a minute later at the earliest,
 * when one more comes, or when the run ends. Of one kind are those with one
 * code from components of one kind that were made at one place, so that a
 * thousand connections do not say a thousand times what one would. */
#ifndef KAM_WARN_H
#define KAM_WARN_H

#include "core/component.h"

struct kam_warning {
  struct kam_warning *next;
  const char *code; /* borrowed, static: "W0011" */
  const char *file; /* where it was made, or NULL; borrowed from the host */
  uint32_t line;
  bool told;      /* is this a sum? */
  uint64_t count; /* since it was told last */
  uint64_t since; /* when that was */
  char kind[64];  /* of the component */
  char name[64];  /* of the last that said it */
  char text[512]; /* and what it said: lower case, without a full stop */
};

/* Warns, in the name of c; text is copied, what is too long cut off. Without
 * memory nothing is told. May be called from outside a step. */
void kam_component_warn(struct kam_component *c, const char *code,
                        const char *text);

/* Tells the sums that there are, and frees all. */
void kam_registry_tell_warnings(struct kam_registry *r);

#endif
