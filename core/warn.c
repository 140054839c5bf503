/* warn: the warnings of a run, each kind in one place. */
#include "core/warn.h"

#include <stdio.h>
#include <string.h>

#define QUIET UINT64_C(60000000000) /* between two of one kind */

static struct kam_warning *find(const struct kam_component *c, const char *code)
{
  struct kam_warning *w = kam_registry_of(&c->party)->warnings;
  while (w && (w->file != c->file || w->line != c->line ||
               strcmp(w->code, code) != 0 ||
               strncmp(w->kind, c->shape->kind->name, sizeof w->kind - 1) != 0))
    w = w->next;
  return w;
}

static struct kam_warning *new_warning(const struct kam_component *c,
                                       const char *code)
{
  struct kam_registry *r = kam_registry_of(&c->party);
  struct kam_warning *w = kam_mem_zalloc(&r->world.mem, sizeof *w);
  if (!w)
    return NULL;
  w->code = code;
  w->file = c->file;
  w->line = c->line;
  snprintf(w->kind, sizeof w->kind, "%s", c->shape->kind->name);
  w->next = r->warnings;
  r->warnings = w;
  return w;
}

static void tell(struct kam_registry *r, struct kam_warning *w)
{
  if (r->hooks.warned)
    r->hooks.warned(r->hooks.ctx, w);
  w->told = true;
  w->count = 0;
  w->since = r->world.now;
}

void kam_component_warn(struct kam_component *c, const char *code,
                        const char *text)
{
  struct kam_registry *r = kam_registry_of(&c->party);
  struct kam_warning *w = find(c, code);
  if (!w && !(w = new_warning(c, code)))
    return;
  w->count++;
  kam_component_name(c, w->name, sizeof w->name);
  snprintf(w->text, sizeof w->text, "%s", text);
  if (!w->told || r->world.now - w->since >= QUIET)
    tell(r, w);
}

void kam_registry_tell_warnings(struct kam_registry *r)
{
  while (r->warnings) {
    struct kam_warning *w = r->warnings;
    r->warnings = w->next;
    if (w->count)
      tell(r, w);
    kam_mem_free(&r->world.mem, w, sizeof *w);
  }
}
