/* CSVEncode: rows as CSV (RFC 4180).
 *
 * Fields are quoted by libcsv, but only those that need it. */
#include "components/csv/columns.h"
#include "core/feed.h"
#include "core/tape.h"

#include <csv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct csv_encode {
  struct kam_component comp; /* must be first */
  char *delimiter, *eol;     /* options */
  char **columns;            /* option */
  struct kam_feed feed;
  struct csv_columns names;    /* of the columns, if they have some */
  struct kam_tape_item *cells; /* of a row, by column */
  struct kam_tape tape;        /* the row */
  bool begun;                  /* the first row, and the header, are written */
  char *text;
  size_t len, size;
};

/* --- text --- */

/* Room for n bytes more, or NULL. */
static char *extend(struct csv_encode *e, size_t n)
{
  size_t size = e->size ? e->size : 512;
  char *text;
  while (size - e->len < n && size <= SIZE_MAX / 4)
    size *= 2;
  if (size != e->size) {
    text = size - e->len < n ? NULL : realloc(e->text, size);
    if (!text)
      return NULL;
    e->text = text;
    e->size = size;
  }
  return e->text + e->len;
}

static int put(struct csv_encode *e, const char *s, size_t n)
{
  char *to = extend(e, n + 1);
  if (!to)
    return KAM_ENOMEM;
  if (n)
    memcpy(to, s, n);
  e->len += n;
  return 0;
}

static bool needs_quotes(const struct csv_encode *e, const char *s, size_t n)
{
  size_t i;
  if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
    return true; /* at the start it would be taken for a byte order mark */
  for (i = 0; i < n; i++)
    if (s[i] == *e->delimiter || s[i] == '"' || s[i] == '\r' || s[i] == '\n')
      return true;
  return false;
}

static int put_quoted(struct csv_encode *e, const char *s, size_t n)
{
  size_t room = 2 * n + 2;
  char *to = n < SIZE_MAX / 4 ? extend(e, room) : NULL;
  if (!to)
    return KAM_ENOMEM;
  e->len += csv_write(to, room, n ? s : "", n);
  return 0;
}

/* The shortest text that reads as the same number. */
static void write_number(char *text, size_t size, double n)
{
  int digits;
  for (digits = 15; digits < 18; digits++) {
    snprintf(text, size, "%.*g", digits, n);
    if (strtod(text, NULL) == n)
      break;
  }
  if (isnan(n))
    snprintf(text, size, "nan");
  else if (!strpbrk(text, ".en"))
    snprintf(text + strlen(text), size - strlen(text), ".0");
}

/* A field; what has no text is not called for. */
static int put_field(struct csv_encode *e, const struct kam_tape_item *item)
{
  char text[48] = "";
  if (item->type == KAM_TAPE_BYTES)
    return needs_quotes(e, item->bytes, item->len)
               ? put_quoted(e, item->bytes, item->len)
               : put(e, item->bytes, item->len);
  if (item->type == KAM_TAPE_BOOL)
    snprintf(text, sizeof text, "%s", item->b ? "true" : "false");
  else if (item->type == KAM_TAPE_INT)
    snprintf(text, sizeof text, "%lld", (long long)item->i);
  else if (item->type == KAM_TAPE_NUMBER)
    write_number(text, sizeof text, item->n);
  return put(e, text, strlen(text));
}

/* Ends the line that began at `from`. Empty, it would be read as no row. */
static int put_end(struct csv_encode *e, size_t from)
{
  int err = e->len == from ? put_quoted(e, "", 0) : 0;
  return err ? err : put(e, e->eol, strlen(e->eol));
}

static int put_cells(struct csv_encode *e)
{
  size_t i, from = e->len;
  int err = 0;
  for (i = 0; i < e->names.n && !err; i++) {
    if (i)
      err = put(e, e->delimiter, 1);
    if (!err)
      err = put_field(e, &e->cells[i]);
  }
  return err ? err : put_end(e, from);
}

static int put_header(struct csv_encode *e)
{
  size_t i;
  for (i = 0; i < e->names.n; i++)
    e->cells[i] = (struct kam_tape_item){.type = KAM_TAPE_BYTES,
                                         .bytes = e->names.at[i].name,
                                         .len = e->names.at[i].len};
  return put_cells(e);
}

/* --- rows --- */

static int refuse(struct csv_encode *e, const char *what)
{
  return kam_failf(&e->comp, "error[E0842]: message %llu is no row: %s",
                   (unsigned long long)e->feed.number, what);
}

static int misfit(struct csv_encode *e, const char *what)
{
  return kam_failf(&e->comp, "error[E0841]: message %llu %s",
                   (unsigned long long)e->feed.number, what);
}

static bool is_field(const struct kam_tape_item *item)
{
  return item->type != KAM_TAPE_LIST && item->type != KAM_TAPE_TABLE;
}

static const char nested[] = "a table in it; a field is a string, a number, "
                             "true, false or kam.null";
static const char holes[] = "a list with a hole, or with names; kam.null is an "
                            "empty field";

/* A row of fields, in the order of the list. */
static int put_list(struct csv_encode *e, size_t at)
{
  struct kam_tape_item item;
  size_t n = 0, from = e->len;
  int err;
  while (kam_tape_next(&e->tape, &at, &item) && item.type != KAM_TAPE_END) {
    if (!is_field(&item))
      return refuse(e, nested);
    err = n++ ? put(e, e->delimiter, 1) : 0;
    if (!err)
      err = put_field(e, &item);
    if (err)
      return err;
  }
  if (e->names.n && n != e->names.n) {
    char what[80];
    snprintf(what, sizeof what, "has %zu field%s, not %zu", n,
             n == 1 ? "" : "s", e->names.n);
    return misfit(e, what);
  }
  return n ? put_end(e, from) : refuse(e, "it is empty");
}

/* A row of fields, each in its column. */
static int put_table(struct csv_encode *e, size_t at)
{
  const struct csv_column *column;
  struct kam_tape_item key, item;
  char what[120];
  size_t i;
  for (i = 0; i < e->names.n; i++)
    e->cells[i] = (struct kam_tape_item){.type = KAM_TAPE_NULL};
  while (kam_tape_next(&e->tape, &at, &key) && key.type != KAM_TAPE_END) {
    kam_tape_next(&e->tape, &at, &item);
    if (key.type != KAM_TAPE_BYTES)
      return refuse(e, holes);
    if (!is_field(&item))
      return refuse(e, nested);
    column = csv_columns_find(&e->names, key.bytes, key.len);
    if (!column) {
      snprintf(what, sizeof what,
               "has the field \"%.*s\", for which there is no column",
               (int)(key.len < 60 ? key.len : 60), key.bytes);
      return misfit(e, what);
    }
    e->cells[column->place] = item;
  }
  return put_cells(e);
}

/* All columns have come. */
static int seal(struct csv_encode *e)
{
  const struct csv_column *twice;
  int err = csv_columns_seal(&e->names, &twice);
  if (err)
    return err;
  if (twice)
    return kam_failf(&e->comp,
                     "error[E0841]: two columns have the name \"%.60s\"",
                     twice->name);
  e->cells = calloc(e->names.n, sizeof *e->cells);
  return e->cells ? 0 : KAM_ENOMEM;
}

/* The first row is a table: its keys are the columns. */
static int take_names(struct csv_encode *e, size_t at)
{
  struct kam_tape_item key;
  int err;
  while (kam_tape_next(&e->tape, &at, &key) && key.type != KAM_TAPE_END) {
    if (key.type != KAM_TAPE_BYTES)
      return refuse(e, holes);
    kam_tape_skip(&e->tape, &at);
    err = csv_columns_add(&e->names, key.bytes, key.len);
    if (err)
      return err;
  }
  return seal(e);
}

static int put_row(struct csv_encode *e)
{
  struct kam_tape_item item, first;
  size_t at = 0, ahead;
  int err = 0;
  kam_tape_next(&e->tape, &at, &item);
  if (is_field(&item))
    return refuse(e, "it is no table");
  ahead = at;
  kam_tape_next(&e->tape, &ahead, &first);
  if (first.type == KAM_TAPE_END && !e->names.n)
    return refuse(e, "it is empty");
  if (first.type == KAM_TAPE_END) /* of a list or a table: all are empty */
    item.type = KAM_TAPE_TABLE;
  if (item.type == KAM_TAPE_TABLE && !e->names.n) {
    if (e->begun)
      return misfit(e, "is a table by names, those before it are lists; give "
                       "the names of the columns with columns");
    err = take_names(e, at);
  }
  if (!err && e->names.n && !e->begun)
    err = put_header(e);
  e->begun = true;
  if (err)
    return err;
  return item.type == KAM_TAPE_LIST ? put_list(e, at) : put_table(e, at);
}

static int work(struct kam_component *c)
{
  struct csv_encode *e = (struct csv_encode *)c;
  int err;
  e->feed.at = e->feed.len;
  e->len = 0;
  kam_tape_clear(&e->tape);
  err = kam_tape_of(&c->party.world->host, e->feed.msg, &e->tape);
  if (err == KAM_ELIMIT)
    return refuse(e, nested);
  if (err == KAM_EKIND)
    return refuse(e, "it is or holds a function, a component, or a key that is "
                     "neither a text nor a whole number");
  if (!err)
    err = put_row(e);
  return err ? err : kam_feed_send(c, e->text, e->len, false);
}

/* Without any row the columns are still told. */
static int finish(struct kam_component *c)
{
  struct csv_encode *e = (struct csv_encode *)c;
  int err;
  if (e->begun || !e->names.n)
    return KAM_FEED_OVER;
  e->begun = true;
  e->len = 0;
  err = put_header(e);
  return err ? err : kam_feed_send(c, e->text, e->len, false);
}

static int csv_encode_open(struct kam_component *c)
{
  struct csv_encode *e = (struct csv_encode *)c;
  char **name;
  int err;
  if (!e->columns || !*e->columns)
    return 0;
  for (name = e->columns; *name; name++) {
    err = csv_columns_add(&e->names, *name, strlen(*name));
    if (err)
      return err;
  }
  return seal(e);
}

static int csv_encode_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct csv_encode *)c)->feed, work, finish);
}

static void csv_encode_close(struct kam_component *c)
{
  struct csv_encode *e = (struct csv_encode *)c;
  kam_feed_fini(c, &e->feed);
  csv_columns_fini(&e->names);
  kam_tape_fini(&e->tape);
  free(e->cells);
  free(e->text);
}

static const char *const delimiters[] = {",", ";", "\t", "|", ":", " ", NULL};
static const char *const eols[] = {"\n", "\r\n", NULL};

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "rows: lists, or tables by column"}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "CSV: a message for each row, with its end of line",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_LIST(struct csv_encode, columns,
             "names of the columns, in their order: the first row"),
    {.name = "delimiter",
     .doc = "what is between two fields",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct csv_encode, delimiter),
     .fallback = {.type = KAM_OPTION_STRING, .s = ","},
     .one_of = delimiters},
    {.name = "eol",
     .doc = "what ends a line; RFC 4180 says \\r\\n",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct csv_encode, eol),
     .fallback = {.type = KAM_OPTION_STRING, .s = "\n"},
     .one_of = eols},
    {0}};

KAM_COMPONENT(csv_encode) = {
    .name = "CSVEncode",
    .family = "csv",
    .summary = "Writes rows as CSV.",
    .doc =
        "A row is a list of fields, or a table of them by the names of the "
        "columns, which are then the first line: those of `columns` in that "
        "order, else those of the first table, sorted. A name that is not in "
        "a table is an empty field, as is kam.null; one that is no column is "
        "an error, as is a list of another length than `columns`. Fields are "
        "strings, numbers (so that they read as the same), true and false; "
        "those with a delimiter, quote or end of line in them are quoted as in "
        "RFC 4180. Tables in a row, lists with holes, empty rows and other "
        "values are errors.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { { name = \"Ann, B.\", size = 3 } },\n"
               "  kam.CSVEncode { \"name\", \"size\" },\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> name,size\n"
               "--> \"Ann, B.\",3\n",
    .first = "columns",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct csv_encode),
    .open = csv_encode_open,
    .step = csv_encode_step,
    .close = csv_encode_close,
};
