/* XMLParser: XML as the events of SAX, by expat.
 *
 * expat calls back for all that is in a piece: the events are put on a tape,
 * and sent from there one by one. */
#include "components/xml/entity.h"
#include "core/feed.h"
#include "core/tape.h"

#include <expat.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  PIECE = 4096, /* bytes parsed at once */
  EAGER = 4096  /* bytes of half a token that are looked at again each time */
};

/* Where an expat has it: an unfinished token is only looked at again when it
 * has doubled, and so is what it ends with. */
extern XML_Bool XML_SetReparseDeferralEnabled(XML_Parser, XML_Bool)
    __attribute__((weak));

struct xml_parser {
  struct kam_component comp; /* must be first */
  bool blanks, entities;     /* options */
  int64_t depth, limit;      /* options */
  struct kam_feed feed;
  XML_Parser expat;
  struct kam_tape events;
  size_t sent; /* of events */
  struct xml_entity entity;
  char *text; /* that is not yet an event: len of size bytes */
  size_t len, size;
  bool blank;                 /* it is white space only */
  unsigned long line, column; /* where it began */
  int64_t open;               /* elements */
  int64_t fed, seen;          /* bytes given; bytes that became tokens */
  bool begun, over, bad;
  bool no_memory;
  char trouble[400];
};

/* --- trouble --- */

/* The first thing that is wrong, at a place; the events before are sent. */
static void wrong_at(struct xml_parser *x, unsigned long line,
                     unsigned long column, const char *code, const char *format,
                     ...) __attribute__((format(printf, 5, 6)));

static void wrong_at(struct xml_parser *x, unsigned long line,
                     unsigned long column, const char *code, const char *format,
                     ...)
{
  char what[300];
  va_list args;
  if (x->bad)
    return;
  x->bad = true;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  snprintf(x->trouble, sizeof x->trouble,
           "error[%s]: the XML at line %lu, column %lu: %s", code, line,
           column + 1, what);
  XML_StopParser(x->expat, XML_FALSE);
}

#define WRONG(x, ...)                                                          \
  wrong_at(x, XML_GetCurrentLineNumber((x)->expat),                            \
           XML_GetCurrentColumnNumber((x)->expat), __VA_ARGS__)

static void out_of_memory(struct xml_parser *x)
{
  x->bad = x->no_memory = true;
  XML_StopParser(x->expat, XML_FALSE);
}

/* A token: a text has no end that must come first. */
static void too_long(struct xml_parser *x)
{
  WRONG(x, "E0658",
        "a tag, comment or instruction is longer than %lld bytes (its option "
        "limit)",
        (long long)x->limit);
}

/* --- events --- */

static void put_event(struct xml_parser *x, const char *what, const char *name)
{
  kam_tape_list(&x->events);
  kam_tape_text(&x->events, what);
  if (name)
    kam_tape_text(&x->events, name);
}

/* The text before what comes now. */
static void put_text(struct xml_parser *x)
{
  size_t n = x->len;
  x->len = 0;
  if (n == 0 || (x->blank && !x->blanks))
    return;
  put_event(x, "chars", NULL);
  kam_tape_bytes(&x->events, x->text, n);
  kam_tape_end(&x->events);
}

static void unknown(struct xml_parser *x, const char *name)
{
  WRONG(x, "E0847",
        "the entity &%.60s; is not declared in it, and a DTD elsewhere is not "
        "read",
        name);
}

static void on_start(void *ctx, const char *name, const char **attributes)
{
  struct xml_parser *x = ctx;
  char name_of[XML_ENTITY_NAME];
  if (x->bad)
    return;
  if (XML_GetCurrentByteCount(x->expat) > x->limit) {
    too_long(x);
    return;
  }
  if (++x->open > x->depth) {
    WRONG(x, "E0846",
          "more than %lld elements in one another (its option "
          "depth)",
          (long long)x->depth);
    return;
  }
  if (x->entity.elsewhere &&
      xml_entity_missing(&x->entity, x->expat, name_of)) {
    unknown(x, name_of);
    return;
  }
  put_text(x);
  put_event(x, "element", name);
  kam_tape_table(&x->events);
  for (; *attributes; attributes++)
    kam_tape_text(&x->events, *attributes);
  kam_tape_end(&x->events);
  kam_tape_end(&x->events);
}

static void on_end(void *ctx, const char *name)
{
  struct xml_parser *x = ctx;
  if (x->bad)
    return;
  x->open--;
  put_text(x);
  put_event(x, "/element", name);
  kam_tape_end(&x->events);
}

static bool make_room(struct xml_parser *x, size_t n)
{
  size_t size = x->size ? x->size : 256;
  char *text;
  while (size - x->len < n)
    size *= 2;
  if (size == x->size)
    return true;
  text = realloc(x->text, size);
  if (!text)
    return false;
  x->text = text;
  x->size = size;
  return true;
}

static void on_text(void *ctx, const char *text, int len)
{
  struct xml_parser *x = ctx;
  size_t n = (size_t)len;
  if (x->bad)
    return;
  if (x->len == 0) {
    x->line = XML_GetCurrentLineNumber(x->expat);
    x->column = XML_GetCurrentColumnNumber(x->expat);
    x->blank = true;
  }
  if (n > (size_t)x->limit - x->len) {
    wrong_at(x, x->line, x->column, "E0658",
             "a text is longer than %lld bytes (its option limit)",
             (long long)x->limit);
    return;
  }
  if (!make_room(x, n)) {
    out_of_memory(x);
    return;
  }
  memcpy(x->text + x->len, text, n);
  x->len += n;
  while (x->blank && n > 0)
    x->blank = strchr(" \t\r\n", text[--n]) != NULL;
}

/* Comments, instructions, declarations. */
static void on_other(void *ctx, const char *text, int len)
{
  struct xml_parser *x = ctx;
  (void)text;
  (void)len;
  if (!x->bad && XML_GetCurrentByteCount(x->expat) > x->limit)
    too_long(x);
}

static void on_doctype(void *ctx, const char *name, const char *system_id,
                       const char *public_id, int internal)
{
  (void)name;
  (void)public_id;
  (void)internal;
  if (system_id)
    ((struct xml_parser *)ctx)->entity.elsewhere = true;
}

static void on_entity(void *ctx, const char *name, int parameter,
                      const char *value, int len, const char *base,
                      const char *system_id, const char *public_id,
                      const char *notation)
{
  struct xml_parser *x = ctx;
  (void)len;
  (void)base;
  (void)system_id;
  (void)public_id;
  (void)notation;
  if (x->bad)
    return;
  if (!x->entities)
    WRONG(x, "E0847",
          "it declares the entity %.60s, which can become very much; entities "
          "= true allows it",
          name);
  else if (!value)
    WRONG(x, "E0847", "the entity %.60s is elsewhere, and is not read", name);
  else if (!parameter)
    kam_tape_text(&x->entity.declared, name);
  else
    x->entity.elsewhere = true; /* it may declare what expat does not read */
}

static void on_skipped(void *ctx, const char *name, int parameter)
{
  struct xml_parser *x = ctx;
  if (!x->bad && !parameter)
    unknown(x, name);
}

/* --- parsing --- */

static void tell_why(struct xml_parser *x)
{
  enum XML_Error error = XML_GetErrorCode(x->expat);
  if (x->bad)
    return;
  if (error == XML_ERROR_NO_MEMORY)
    out_of_memory(x);
  else if (error == XML_ERROR_AMPLIFICATION_LIMIT_BREACH)
    WRONG(x, "E0847", "its entities become too much");
  else
    WRONG(x, "E0845", "%s", XML_ErrorString(error));
}

/* Gives n bytes to expat, the last ones if that is so. */
static void parse(struct xml_parser *x, const unsigned char *data, size_t n,
                  bool last)
{
  int64_t half;
  x->fed += (int64_t)n;
  if (XML_Parse(x->expat, (const char *)data, (int)n, last) != XML_STATUS_OK) {
    tell_why(x);
    return;
  }
  half = XML_GetCurrentByteIndex(x->expat);
  x->seen = half > x->seen ? half : x->seen;
  half = x->fed - x->seen;
  if (half > x->limit)
    too_long(x);
  if (XML_SetReparseDeferralEnabled)
    XML_SetReparseDeferralEnabled(x->expat, half > EAGER);
}

static bool has_events(const struct xml_parser *x)
{
  return x->sent < x->events.len;
}

static int send_event(struct xml_parser *x)
{
  struct kam_tape rest = x->events;
  struct kam_msg m;
  int err;
  rest.data += x->sent;
  rest.len -= x->sent;
  err =
      kam_tape_msg(&x->comp.party.world->host, kam_mem_of(&x->comp), &rest, &m);
  kam_tape_skip(&x->events, &x->sent);
  if (!has_events(x)) {
    kam_tape_clear(&x->events);
    x->sent = 0;
  }
  return err ? err : kam_send(&x->comp, KAM_OUTBOX, m);
}

/* The next event; after the last one, what is wrong. */
static int tell(struct xml_parser *x)
{
  int err = kam_tape_error(&x->events);
  if (!err)
    err = kam_tape_error(&x->entity.declared);
  if (err)
    return err;
  if (has_events(x))
    return send_event(x);
  if (x->no_memory)
    return KAM_ENOMEM;
  return x->bad ? kam_failf(&x->comp, "%s", x->trouble) : 0;
}

static int work(struct kam_component *c)
{
  struct xml_parser *x = (struct xml_parser *)c;
  size_t left;
  const unsigned char *data = kam_feed_data(&x->feed, &left);
  int r;
  if (!has_events(x) && !x->bad && left > 0) {
    left = left < PIECE ? left : PIECE;
    if (!x->begun) {
      put_event(x, "document", NULL);
      kam_tape_end(&x->events);
      x->begun = true;
    }
    parse(x, data, left, false);
    x->feed.at += left;
  }
  r = tell(x);
  x->feed.more = has_events(x) || x->bad;
  return r;
}

static int finish(struct kam_component *c)
{
  struct xml_parser *x = (struct xml_parser *)c;
  if (!x->over && !has_events(x) && !x->bad) {
    x->over = true;
    parse(x, NULL, 0, true);
    if (!x->bad) {
      put_event(x, "/document", NULL);
      kam_tape_end(&x->events);
    }
  }
  return has_events(x) || x->bad ? tell(x) : KAM_FEED_OVER;
}

static int xml_parser_open(struct kam_component *c)
{
  struct xml_parser *x = (struct xml_parser *)c;
  x->expat = XML_ParserCreate(NULL);
  if (!x->expat)
    return KAM_ENOMEM;
  XML_SetUserData(x->expat, x);
  XML_SetElementHandler(x->expat, on_start, on_end);
  XML_SetCharacterDataHandler(x->expat, on_text);
  XML_SetDefaultHandlerExpand(x->expat, on_other);
  XML_SetStartDoctypeDeclHandler(x->expat, on_doctype);
  XML_SetEntityDeclHandler(x->expat, on_entity);
  XML_SetSkippedEntityHandler(x->expat, on_skipped);
  if (XML_SetReparseDeferralEnabled)
    XML_SetReparseDeferralEnabled(x->expat, XML_FALSE);
  return 0;
}

static int xml_parser_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct xml_parser *)c)->feed, work, finish);
}

static void xml_parser_close(struct kam_component *c)
{
  struct xml_parser *x = (struct xml_parser *)c;
  kam_feed_fini(c, &x->feed);
  if (x->expat)
    XML_ParserFree(x->expat);
  kam_tape_fini(&x->events);
  kam_tape_fini(&x->entity.declared);
  free(x->text);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "one XML document, in any cut",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "{ \"document\" }, { \"element\", name, attributes }, { \"chars\", "
            "text }, { \"/element\", name }, { \"/document\" }",
     .kinds = KAM_TABLE},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_FLAG(struct xml_parser, blanks, true,
             "texts of only white space are sent too"),
    KAM_INT(struct xml_parser, depth, 256, 1, 65536,
            "elements in one another; more are an error"),
    KAM_FLAG(struct xml_parser, entities, false,
             "entities may be declared in the document itself"),
    KAM_INT(struct xml_parser, limit, 1 << 20, 1, 1 << 30,
            "bytes in a text, or in a tag; more are an error"),
    {0}};

KAM_COMPONENT(xml_parser) = {
    .name = "XMLParser",
    .family = "xml",
    .summary = "Reads an XML document and sends what is in it, as it comes.",
    .doc =
        "The events are those of SAX: the beginning of the document, of each "
        "element with its attributes, texts, and the ends. A text is one "
        "message, however it came, also with CDATA, comments or entities in "
        "it; names are as they are written (dc:title), all is in UTF-8. "
        "Comments, instructions and the DOCTYPE are passed over. An XML 1.0 "
        "document in UTF-8, UTF-16, ISO-8859-1 or ASCII that is not "
        "well-formed "
        "is an error with line and column, and so is what is too deep or too "
        "long. Documents that declare entities are refused without `entities`; "
        "what is elsewhere, as a DTD, is never read, and an entity that would "
        "need it is an error.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { '<news><item n=\"1\">Rain &', 'amp; snow"
               "</item></news>' },\n"
               "  kam.XMLParser(),\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> { \"document\" }\n"
               "--> { \"element\", \"news\", {} }\n"
               "--> { \"element\", \"item\", { n = \"1\" } }\n"
               "--> { \"chars\", \"Rain & snow\" }\n"
               "--> { \"/element\", \"item\" }\n"
               "--> { \"/element\", \"news\" }\n"
               "--> { \"/document\" }\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct xml_parser),
    .open = xml_parser_open,
    .step = xml_parser_step,
    .close = xml_parser_close,
};
