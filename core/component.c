/* component: making, naming, owning; boxes by name. */
#include "core/component.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int kam_registry_init(struct kam_registry *r)
{
  memset(r, 0, sizeof *r);
  kam_mem_init(&r->world.mem);
  r->world.batch = KAM_BATCH;
  r->losses_end = &r->losses;
  return 0;
}

void kam_registry_fini(struct kam_registry *r)
{
  struct kam_mem *mem = &r->world.mem;
  while (r->losses) {
    struct kam_loss *loss = r->losses;
    r->losses = loss->next;
    kam_mem_free(mem, loss, sizeof *loss);
  }
  kam_mem_free(mem, r->slots, r->n_slots * sizeof *r->slots);
  kam_world_unshare(&r->world);
  kam_queue_fini(&r->world.ready, mem);
  kam_queue_fini(&r->world.suspects, mem);
  kam_queue_fini(&r->finishing, mem);
  kam_queue_fini(&r->stopped, mem);
}

static int grow_slots(struct kam_registry *r)
{
  struct kam_mem *mem = &r->world.mem;
  uint32_t n = r->n_slots ? r->n_slots * 2 : 64, i;
  struct kam_slot *slots = kam_mem_realloc(
      mem, r->slots, r->n_slots * sizeof *slots, n * sizeof *slots);
  if (!slots)
    return KAM_ENOMEM;
  for (i = n - 1; i >= r->n_slots && i > 0; i--) {
    slots[i] = (struct kam_slot){.next_free = r->free_slot};
    r->free_slot = i;
  }
  r->slots = slots;
  r->n_slots = n;
  return 0;
}

/* Room for one more in all places where it may have to be queued, so that
 * being woken, suspected or finished cannot fail. */
static int reserve(struct kam_registry *r)
{
  struct kam_mem *mem = &r->world.mem;
  size_t n = (size_t)r->existing + 1;
  if (!r->free_slot && grow_slots(r))
    return KAM_ENOMEM;
  if (kam_queue_reserve(&r->world.ready, mem, n) ||
      kam_queue_reserve(&r->world.suspects, mem, n) ||
      kam_queue_reserve(&r->finishing, mem, n) ||
      kam_queue_reserve(&r->stopped, mem, n))
    return KAM_ENOMEM;
  return 0;
}

static void init_boxes(struct kam_component *c)
{
  const struct kam_shape *s = c->shape;
  struct kam_party *p = &c->party;
  char *at = (char *)c + (s->kind->size + 15) / 16 * 16;
  unsigned i;
  p->in = (struct kam_inbox *)(void *)at;
  p->out = (struct kam_outbox *)(void *)(at + s->n_in * sizeof *p->in);
  p->n_in = (uint16_t)s->n_in;
  p->n_out = (uint16_t)s->n_out;
  for (i = 0; i < s->n_in; i++)
    kam_inbox_init(&p->in[i], p, &s->in[i], i);
  for (i = 0; i < s->n_out; i++)
    kam_outbox_init(&p->out[i], p, &s->out[i], i);
}

static struct kam_component **first_of(struct kam_registry *r,
                                       struct kam_component *owner)
{
  return owner ? &owner->first : &r->first;
}

static struct kam_component **last_of(struct kam_registry *r,
                                      struct kam_component *owner)
{
  return owner ? &owner->last : &r->last;
}

static void enlist(struct kam_registry *r, struct kam_component *c,
                   struct kam_component *owner)
{
  c->owner = owner;
  c->next = NULL;
  c->prev = *last_of(r, owner);
  *(c->prev ? &c->prev->next : first_of(r, owner)) = c;
  *last_of(r, owner) = c;
}

static void delist(struct kam_registry *r, struct kam_component *c)
{
  *(c->prev ? &c->prev->next : first_of(r, c->owner)) = c->next;
  *(c->next ? &c->next->prev : last_of(r, c->owner)) = c->prev;
  c->owner = c->next = c->prev = NULL;
}

static void enter(struct kam_registry *r, struct kam_component *c,
                  struct kam_shape *shape)
{
  struct kam_slot *slot = &r->slots[r->free_slot];
  c->slot = r->free_slot;
  r->free_slot = slot->next_free;
  slot->component = c;
  c->number = ++shape->made;
  c->pins = 1;
  r->existing++;
  c->order = ++r->made;
  enlist(r, c, NULL);
}

int kam_component_new(struct kam_registry *r, struct kam_shape *shape,
                      struct kam_component **out)
{
  struct kam_mem *mem = &r->world.mem;
  struct kam_component *c;
  if (reserve(r))
    return KAM_ENOMEM;
  c = kam_mem_alloc(mem, shape->bytes);
  if (!c)
    return KAM_ENOMEM;
  memset(c, 0, shape->kind->size);
  c->party.world = &r->world;
  c->shape = shape;
  c->step = shape->kind->step;
  if (shape->kind->options && kam_options_init(&r->world, shape->kind, c)) {
    kam_options_fini(&r->world, shape->kind, c);
    kam_mem_free(mem, c, shape->bytes);
    return KAM_ENOMEM;
  }
  if (shape->kind->passive)
    c->party.flags |= KAM_PARTY_PASSIVE;
  init_boxes(c);
  enter(r, c, shape);
  *out = c;
  return 0;
}

int kam_component_set(struct kam_component *c, const char *name,
                      const struct kam_value *value)
{
  const struct kam_option_spec *o = kam_kind_option(c->shape->kind, name);
  if (!o || (c->state != KAM_MADE && !o->live))
    return KAM_EOPTION;
  return kam_option_set(c->party.world, o, c, value);
}

uint64_t kam_component_id(const struct kam_component *c)
{
  const struct kam_registry *r = kam_registry_of(&c->party);
  return (uint64_t)r->slots[c->slot].generation << 32 | c->slot;
}

struct kam_component *kam_component_get(const struct kam_registry *r,
                                        uint64_t id)
{
  uint32_t slot = (uint32_t)id;
  if (slot >= r->n_slots || r->slots[slot].generation != id >> 32)
    return NULL;
  return r->slots[slot].component;
}

void kam_component_name(const struct kam_component *c, char *buf, size_t size)
{
  const char *kind = c->shape->kind->name;
  if (c->name)
    snprintf(buf, size, "%s", c->name);
  else if (c->number == 1)
    snprintf(buf, size, "%s", kind);
  else
    snprintf(buf, size, "%s %" PRIu64, kind, c->number);
}

int kam_component_rename(struct kam_component *c, const char *name)
{
  char *copy = kam_mem_strdup(kam_mem_of(c), name);
  if (!copy)
    return KAM_ENOMEM;
  kam_mem_strfree(kam_mem_of(c), c->name);
  c->name = copy;
  return 0;
}

int kam_component_adopt(struct kam_component *owner, struct kam_component *c)
{
  struct kam_registry *r = kam_registry_of(&c->party);
  struct kam_component *up;
  if (c->owner || c->state != KAM_MADE || owner->state >= KAM_CLOSING)
    return KAM_ESTATE;
  for (up = owner; up; up = up->owner)
    if (up == c)
      return KAM_ESTATE;
  delist(r, c);
  enlist(r, c, owner);
  owner->children++;
  r->moves++;
  if (owner->state == KAM_ACTIVE)
    kam_component_activate(c);
  return 0;
}

void kam_component_leave(struct kam_component *c)
{
  if (c->owner)
    c->owner->children--;
  kam_registry_of(&c->party)->moves++;
  delist(kam_registry_of(&c->party), c);
}

void kam_component_activate(struct kam_component *c)
{
  struct kam_registry *r = kam_registry_of(&c->party);
  struct kam_component *child;
  if (c->state != KAM_MADE)
    return;
  c->state = KAM_ACTIVE;
  if (!(c->party.flags & KAM_PARTY_OUTSIDE)) {
    r->active++;
    kam_party_wake(&c->party);
  }
  for (child = c->first; child; child = child->next)
    kam_component_activate(child);
}

void kam_component_reap(struct kam_component *c)
{
  struct kam_registry *r = kam_registry_of(&c->party);
  struct kam_mem *mem = &r->world.mem;
  struct kam_party *p = &c->party;
  if (c->pins || p->ready || (p->flags & KAM_PARTY_SUSPECT) ||
      (c->flags & KAM_COMPONENT_QUEUED))
    return;
  kam_mem_free(mem, p->added_in, p->more_in * sizeof *p->added_in);
  kam_mem_free(mem, p->added_out, p->more_out * sizeof *p->added_out);
  kam_options_fini(&r->world, c->shape->kind, c);
  kam_mem_strfree(mem, c->name);
  kam_mem_strfree(mem, c->failure);
  r->existing--;
  kam_mem_free(mem, c, c->shape->bytes);
}

void kam_component_unpin(struct kam_component *c)
{
  kam_assert(c->pins > 0);
  c->pins--;
  kam_component_reap(c);
}

void kam_component_hold(struct kam_component *c)
{
  struct kam_registry *r = kam_registry_of(&c->party);
  c->outside++;
  c->pins++;
  r->outside++;
}

void kam_component_unhold(struct kam_component *c)
{
  struct kam_registry *r = kam_registry_of(&c->party);
  kam_assert(c->outside > 0);
  c->outside--;
  r->outside--;
  kam_component_unpin(c);
}

static bool named(const struct kam_port *p, const char *name)
{
  return p->spec->name == name || strcmp(p->spec->name, name) == 0;
}

struct kam_inbox *kam_component_inbox(const struct kam_component *c,
                                      const char *name)
{
  unsigned i, n = kam_party_inboxes(&c->party);
  for (i = 0; i < n; i++) {
    struct kam_inbox *b = kam_party_inbox(&c->party, i);
    if (b && named(&b->port, name))
      return b;
  }
  return NULL;
}

/* Who has many boxes sends to one more than once, or to one after the other. */
struct kam_outbox *kam_component_outbox(struct kam_component *c,
                                        const char *name)
{
  unsigned k, i, n = kam_party_outboxes(&c->party);
  if (c->near >= n)
    c->near = 0;
  for (k = 0; k < n; k++) {
    struct kam_outbox *o;
    i = c->near + k < n ? c->near + k : c->near + k - n;
    o = kam_party_outbox(&c->party, i);
    if (o && named(&o->port, name)) {
      c->near = i;
      return o;
    }
  }
  return NULL;
}

struct kam_inbox *kam_component_news(struct kam_component *c)
{
  struct kam_party *p = &c->party;
  unsigned i, n = kam_party_inboxes(p);
  struct kam_inbox *found = NULL;
  uint64_t come = 0;
  for (i = 0; i < n; i++) {
    struct kam_inbox *b = kam_party_inbox(p, i);
    if (!b)
      continue;
    come += b->put;
    if (!found && b->put != b->taken)
      found = b;
  }
  if (come == c->seen)
    found = NULL;
  c->seen = come;
  if (kam_party_notices(p))
    return &p->in[KAM_CONTROL];
  return found;
}

/* A copy of a spec of an added box, in one block with its strings. */
struct added_spec {
  struct kam_box_spec spec;
  size_t bytes;
};

static struct kam_box_spec *copy_spec(struct kam_mem *mem,
                                      const struct kam_box_spec *spec)
{
  const char *doc = spec->doc ? spec->doc : "";
  size_t n = strlen(spec->name) + 1, d = strlen(doc) + 1;
  struct added_spec *s = kam_mem_alloc(mem, sizeof *s + n + d);
  char *text;
  if (!s)
    return NULL;
  text = (char *)(s + 1);
  s->spec = *spec;
  s->bytes = sizeof *s + n + d;
  s->spec.name = memcpy(text, spec->name, n);
  s->spec.doc = memcpy(text + n, doc, d);
  return &s->spec;
}

static void free_spec(struct kam_mem *mem, const struct kam_box_spec *spec)
{
  const struct added_spec *s = (const struct added_spec *)spec;
  kam_mem_free(mem, (void *)(uintptr_t)s, s->bytes);
}

/* The first free place of a list of added boxes, which grows by one if it has
 * none; -1 when memory is out. */
static int free_place(struct kam_mem *mem, void ***list, uint16_t *n)
{
  void **grown;
  unsigned i;
  for (i = 0; i < *n; i++)
    if (!(*list)[i])
      return (int)i;
  if (*n > 60000)
    return -1;
  grown = kam_mem_realloc(mem, *list, *n * sizeof **list,
                          (*n + 1u) * sizeof **list);
  if (!grown)
    return -1;
  grown[*n] = NULL;
  *list = grown;
  return (*n)++;
}

int kam_component_add_inbox(struct kam_component *c,
                            const struct kam_box_spec *spec, unsigned *index)
{
  struct kam_mem *mem = kam_mem_of(c);
  struct kam_party *p = &c->party;
  struct kam_box_spec *copy;
  struct kam_inbox *b;
  int at;
  if (kam_component_inbox(c, spec->name))
    return KAM_ENAME;
  copy = copy_spec(mem, spec);
  b = copy ? kam_mem_alloc(mem, sizeof *b) : NULL;
  at = b ? free_place(mem, (void ***)(void *)&p->added_in, &p->more_in) : -1;
  if (at < 0) {
    kam_mem_free(mem, b, b ? sizeof *b : 0);
    if (copy)
      free_spec(mem, copy);
    return KAM_ENOMEM;
  }
  kam_inbox_init(b, p, copy, p->n_in + (unsigned)at);
  p->added_in[at] = b;
  *index = p->n_in + (unsigned)at;
  return 0;
}

int kam_component_add_outbox(struct kam_component *c,
                             const struct kam_box_spec *spec, unsigned *index)
{
  struct kam_mem *mem = kam_mem_of(c);
  struct kam_party *p = &c->party;
  struct kam_box_spec *copy;
  struct kam_outbox *o;
  int at;
  if (kam_component_outbox(c, spec->name))
    return KAM_ENAME;
  copy = copy_spec(mem, spec);
  o = copy ? kam_mem_alloc(mem, sizeof *o) : NULL;
  at = o ? free_place(mem, (void ***)(void *)&p->added_out, &p->more_out) : -1;
  if (at < 0) {
    kam_mem_free(mem, o, o ? sizeof *o : 0);
    if (copy)
      free_spec(mem, copy);
    return KAM_ENOMEM;
  }
  kam_outbox_init(o, p, copy, p->n_out + (unsigned)at);
  p->added_out[at] = o;
  *index = p->n_out + (unsigned)at;
  return 0;
}

int kam_component_remove_inbox(struct kam_component *c, unsigned index)
{
  struct kam_party *p = &c->party;
  struct kam_inbox *b = kam_party_inbox(p, index);
  if (!b || index < p->n_in)
    return KAM_ESTATE;
  if (p->waits_for == b)
    p->waits_for = NULL;
  while (b->port.from)
    kam_link_cut(b->port.from);
  kam_inbox_unlink(b);
  kam_inbox_fini(b, KAM_LOST_REMOVED);
  p->added_in[index - p->n_in] = NULL;
  free_spec(kam_mem_of(c), b->port.spec);
  kam_mem_free(kam_mem_of(c), b, sizeof *b);
  return 0;
}

int kam_component_remove_outbox(struct kam_component *c, unsigned index)
{
  struct kam_party *p = &c->party;
  struct kam_outbox *o = kam_party_outbox(p, index);
  if (!o || index < p->n_out)
    return KAM_ESTATE;
  if (p->held_from == o)
    kam_party_withdraw(p, KAM_LOST_REMOVED);
  kam_outbox_unlink(o);
  kam_outbox_fini(o);
  p->added_out[index - p->n_out] = NULL;
  free_spec(kam_mem_of(c), o->port.spec);
  kam_mem_free(kam_mem_of(c), o, sizeof *o);
  return 0;
}

bool kam_reaches_copier(const struct kam_component *c, unsigned out)
{
  const struct kam_inbox *sink = c->party.out[out].sink;
  const struct kam_component *to;
  if (!sink || sink->port.index != KAM_INBOX)
    return false;
  to = (const struct kam_component *)sink->port.owner;
  return to->shape->kind->copies && to->shape->kind->copies(to);
}
