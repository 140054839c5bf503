/* trace: events in words. */
#include "core/trace.h"

#include <inttypes.h>
#include <string.h>

enum { NAME = 64, ENDS = 2 * NAME, TEXT = 80 };

static const struct kam_component *owner(const struct kam_port *p)
{
  return (const struct kam_component *)p->owner;
}

/* "SHOUT", or "SHOUT.debug" for a box that is not the usual one. */
static void port_name(const struct kam_port *p, bool always, char *buf,
                      size_t size)
{
  char name[NAME];
  const char *box = p->spec->name;
  kam_component_name(owner(p), name, sizeof name);
  if (!always && (!strcmp(box, "inbox") || !strcmp(box, "outbox")))
    snprintf(buf, size, "%s", name);
  else
    snprintf(buf, size, "%s.%s", name, box);
}

/* How many columns a text of UTF-8 takes, one for each character. */
static int columns(const char *s)
{
  int n = 0;
  for (; *s; s++)
    n += ((unsigned char)*s & 0xc0) != 0x80;
  return n;
}

static void msg_text(const struct kam_event *e, char *buf, size_t size)
{
  const struct kam_port *p = e->from ? e->from : e->to;
  buf[0] = 0;
  if (e->msg && p)
    kam_msg_text(&p->owner->world->host, *e->msg, false, buf, size);
}

static const char *told_name(enum kam_told told)
{
  return told == KAM_SHUTDOWN ? "shutdownMicroprocess" : "producerFinished";
}

static void write_moved(FILE *out, const struct kam_event *e)
{
  char from[ENDS] = "", to[ENDS] = "", text[TEXT], way[2 * ENDS + 8];
  if (e->from)
    port_name(e->from, false, from, sizeof from);
  if (e->to)
    port_name(e->to, false, to, sizeof to);
  msg_text(e, text, sizeof text);
  if (e->kind == KAM_EVENT_LOST)
    snprintf(way, sizeof way, "%s%s lost (%s)", from, to,
             kam_reason_text(e->reason));
  else
    snprintf(way, sizeof way, "%s ──> %s", from, to);
  fprintf(out, "%s%*s  %s\n", way, columns(way) < 30 ? 30 - columns(way) : 0,
          "", text);
}

/* What follows from an end for those that the component fed. */
static void write_followers(FILE *out, const struct kam_component *c)
{
  unsigned i, n = 0;
  for (i = 0; i < kam_party_outboxes(&c->party); i++) {
    const struct kam_outbox *o = kam_party_outbox(&c->party, i);
    const struct kam_link *l = o ? o->port.to : NULL;
    char name[NAME];
    if (!l || !(l->flags & KAM_LINK_FEEDS) || l->to->feeders > 1)
      continue;
    kam_component_name(owner(l->to), name, sizeof name);
    fprintf(out, "%s%s", n++ ? ", " : "; so ", name);
  }
  fputs(n > 1 ? " have no more to come\n"
        : n   ? " has no more to come\n"
              : "\n",
        out);
}

static void write_people(struct kam_tracer *t, const struct kam_event *e)
{
  FILE *out = t->out;
  const struct kam_component *c = (const struct kam_component *)e->party;
  char name[NAME];
  if (!kam_trace_shows(e))
    return;
  fprintf(out, "%6" PRIu64 " %7.3f  ", ++t->lines, (double)e->time / 1e9);
  if (!c) {
    write_moved(out, e);
    return;
  }
  kam_component_name(c, name, sizeof name);
  if (e->kind == KAM_EVENT_TOLD) {
    fprintf(out, "%s is told %s\n", name, told_name(e->told));
  } else {
    fprintf(out, "%s has ended", name);
    write_followers(out, c);
  }
}

static void json_string(FILE *out, const char *key, const char *s)
{
  fprintf(out, ",\"%s\":\"", key);
  for (; *s; s++) {
    if (*s == '"' || *s == '\\')
      fprintf(out, "\\%c", *s);
    else if ((unsigned char)*s < 32)
      fprintf(out, "\\u%04x", (unsigned)*s);
    else
      fputc(*s, out);
  }
  fputc('"', out);
}

static void write_json(FILE *out, const struct kam_event *e)
{
  static const char *const kinds[] = {
      [KAM_EVENT_SENT] = "sent",         [KAM_EVENT_TAKEN] = "taken",
      [KAM_EVENT_LOST] = "lost",         [KAM_EVENT_LINKED] = "linked",
      [KAM_EVENT_UNLINKED] = "unlinked", [KAM_EVENT_WOKEN] = "woken",
      [KAM_EVENT_TOLD] = "told",         [KAM_EVENT_ENDED] = "ended"};
  char text[ENDS];
  fprintf(out, "{\"number\":%" PRIu64 ",\"time\":%.9f", e->number,
          (double)e->time / 1e9);
  json_string(out, "kind", kinds[e->kind]);
  if (e->from) {
    port_name(e->from, true, text, sizeof text);
    json_string(out, "from", text);
  }
  if (e->to) {
    port_name(e->to, true, text, sizeof text);
    json_string(out, "to", text);
  }
  if (e->party) {
    kam_component_name((const struct kam_component *)e->party, text,
                       sizeof text);
    json_string(out, "component", text);
  }
  if (e->kind == KAM_EVENT_LOST)
    json_string(out, "reason", kam_reason_text(e->reason));
  if (e->kind == KAM_EVENT_TOLD)
    json_string(out, "told", told_name(e->told));
  if (e->msg) {
    msg_text(e, text, sizeof text);
    json_string(out, "message", text);
  }
  fputs("}\n", out);
}

void kam_trace_write(void *ctx, const struct kam_event *e)
{
  struct kam_tracer *t = ctx;
  if (t->json)
    write_json(t->out, e);
  else
    write_people(t, e);
  fflush(t->out);
}
