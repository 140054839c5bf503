/* kind: shapes, and options set by their declaration. */
#include "core/kind.h"

#include "core/err.h"

#include <string.h>

static const struct kam_box_spec standard_in[] = {
    {.name = "inbox", .doc = "messages to work on"},
    {.name = "control", .doc = "being told to end"}};
static const struct kam_box_spec standard_out[] = {
    {.name = "outbox", .doc = "messages it sends on"},
    {.name = "signal", .doc = "its end, told to others", .optional = true}};

static unsigned count(const struct kam_box_spec *specs)
{
  unsigned n = 0;
  while (specs && specs[n].name)
    n++;
  return n;
}

/* Where a box of this name belongs among n sorted ones from 2 on. */
static unsigned place(const struct kam_box_spec *all, unsigned n,
                      const char *name)
{
  unsigned i = 2;
  while (i < n && strcmp(all[i].name, name) < 0)
    i++;
  return i;
}

/* The standard boxes and the declared ones in all; gives how many, or an
 * error. all has room for both. */
static int lay_out(struct kam_box_spec *all, const struct kam_box_spec *std,
                   const struct kam_box_spec *specs)
{
  unsigned n = 2, i, at;
  memcpy(all, std, 2 * sizeof *all);
  for (i = 0; i < count(specs); i++) {
    for (at = 0; at < 2 && strcmp(specs[i].name, all[at].name) != 0;)
      at++;
    if (at == 2) {
      at = place(all, n, specs[i].name);
      if (at < n && strcmp(all[at].name, specs[i].name) == 0)
        return KAM_EINVAL;
      memmove(all + at + 1, all + at, (n++ - at) * sizeof *all);
    }
    all[at] = specs[i];
    if (at < 2 && !all[at].doc)
      all[at].doc = std[at].doc;
  }
  all[1].optional |= std[1].optional;
  return (int)n;
}

static size_t specs_bytes(const struct kam_box_spec *specs)
{
  return (count(specs) + 2) * sizeof *specs;
}

int kam_shape_new(struct kam_mem *mem, const struct kam_kind *kind,
                  struct kam_shape **out)
{
  struct kam_shape *s = kam_mem_zalloc(mem, sizeof *s);
  int n_in = KAM_ENOMEM, n_out = KAM_ENOMEM;
  if (!s)
    return KAM_ENOMEM;
  s->kind = kind;
  s->in = kam_mem_zalloc(mem, specs_bytes(kind->inboxes));
  s->out = kam_mem_zalloc(mem, specs_bytes(kind->outboxes));
  if (s->in && s->out) {
    n_in = lay_out(s->in, standard_in, kind->inboxes);
    n_out = lay_out(s->out, standard_out, kind->outboxes);
  }
  if (n_in < 0 || n_out < 0) {
    kam_shape_free(mem, s);
    return n_in < 0 ? n_in : n_out;
  }
  s->n_in = (unsigned)n_in;
  s->n_out = (unsigned)n_out;
  s->bytes = (kind->size + 15) / 16 * 16 + s->n_in * sizeof(struct kam_inbox) +
             s->n_out * sizeof(struct kam_outbox);
  *out = s;
  return 0;
}

void kam_shape_free(struct kam_mem *mem, struct kam_shape *s)
{
  kam_mem_free(mem, s->in, s->in ? specs_bytes(s->kind->inboxes) : 0);
  kam_mem_free(mem, s->out, s->out ? specs_bytes(s->kind->outboxes) : 0);
  kam_mem_free(mem, s, sizeof *s);
}

const struct kam_option_spec *kam_kind_option(const struct kam_kind *kind,
                                              const char *name)
{
  const struct kam_option_spec *o;
  for (o = kind->options; o && o->name; o++)
    if (strcmp(o->name, name) == 0)
      return o;
  return NULL;
}

static bool in_bounds(const struct kam_option_spec *o, double v)
{
  return (o->min == 0 && o->max == 0) || (v >= o->min && v <= o->max);
}

static bool one_of(const struct kam_option_spec *o, const char *s)
{
  const char *const *p;
  for (p = o->one_of; p && *p; p++)
    if (strcmp(*p, s) == 0)
      return true;
  return !o->one_of;
}

static int set_text(struct kam_mem *mem, char **field, const char *s)
{
  char *copy = NULL;
  if (s && !(copy = kam_mem_strdup(mem, s)))
    return KAM_ENOMEM;
  kam_mem_strfree(mem, *field);
  *field = copy;
  return 0;
}

static void free_list(struct kam_mem *mem, char **list)
{
  size_t n;
  for (n = 0; list && list[n]; n++)
    kam_mem_strfree(mem, list[n]);
  kam_mem_free(mem, list, list ? (n + 1) * sizeof *list : 0);
}

static int set_list(struct kam_mem *mem, char ***field,
                    const char *const *items)
{
  char **list = NULL;
  size_t n = 0, i;
  while (items && items[n])
    n++;
  if (items && !(list = kam_mem_zalloc(mem, (n + 1) * sizeof *list)))
    return KAM_ENOMEM;
  for (i = 0; i < n; i++) {
    list[i] = kam_mem_strdup(mem, items[i]);
    if (!list[i]) {
      for (; i > 0; i--)
        kam_mem_strfree(mem, list[i - 1]);
      kam_mem_free(mem, list, (n + 1) * sizeof *list);
      return KAM_ENOMEM;
    }
  }
  free_list(mem, *field);
  *field = list;
  return 0;
}

static void set_maker(struct kam_world *w, struct kam_msg *field,
                      struct kam_msg m)
{
  if (field->tag != KAM_NOTHING)
    kam_msg_drop(&w->host, *field);
  *field = m;
}

int kam_option_set(struct kam_world *w, const struct kam_option_spec *option,
                   void *base, const struct kam_value *value)
{
  struct kam_mem *mem = &w->mem;
  char *field = (char *)base + option->offset;
  if (value->type != option->type)
    return KAM_EOPTION;
  switch (option->type) {
  case KAM_OPTION_INTEGER:
    if (!in_bounds(option, (double)value->i))
      return KAM_EOPTION;
    memcpy(field, &value->i, sizeof value->i);
    return 0;
  case KAM_OPTION_NUMBER:
    if (!in_bounds(option, value->n))
      return KAM_EOPTION;
    memcpy(field, &value->n, sizeof value->n);
    return 0;
  case KAM_OPTION_BOOLEAN:
    memcpy(field, &value->b, sizeof value->b);
    return 0;
  case KAM_OPTION_STRING:
    if (value->s && !one_of(option, value->s))
      return KAM_EOPTION;
    return set_text(mem, (char **)(void *)field, value->s);
  case KAM_OPTION_LIST:
    return set_list(mem, (char ***)(void *)field, value->list);
  case KAM_OPTION_MAKER:
  case KAM_OPTION_VALUE:
    set_maker(w, (struct kam_msg *)(void *)field, value->msg);
    return 0;
  }
  return KAM_EOPTION;
}

int kam_options_init(struct kam_world *w, const struct kam_kind *kind,
                     void *base)
{
  const struct kam_option_spec *o;
  int err;
  for (o = kind->options; o && o->name; o++) {
    if (o->required)
      continue;
    err = kam_option_set(w, o, base, &o->fallback);
    if (err)
      return err;
  }
  return 0;
}

void kam_options_fini(struct kam_world *w, const struct kam_kind *kind,
                      void *base)
{
  const struct kam_option_spec *o;
  for (o = kind->options; o && o->name; o++) {
    void *field = (char *)base + o->offset;
    if (o->type == KAM_OPTION_STRING)
      set_text(&w->mem, field, NULL);
    else if (o->type == KAM_OPTION_LIST)
      set_list(&w->mem, field, NULL);
    else if (o->type == KAM_OPTION_MAKER || o->type == KAM_OPTION_VALUE)
      set_maker(w, field, (struct kam_msg){0});
  }
}
