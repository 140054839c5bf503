/* CSVDecode: CSV texts (RFC 4180) as rows, by libcsv in its strict mode.
 *
 * libcsv calls back for each field and row, and cannot be stopped: so it is
 * given a text up to the next end of line, in which at most one row ends. */
#include "components/csv/columns.h"
#include "core/feed.h"
#include "core/tape.h"

#include <csv.h>
#include <stdio.h>
#include <string.h>

enum {
  OUT_OUTBOX = KAM_OUTBOX,
  OUT_ERROR = KAM_OUT_EXTRA,
  PIECE = 16 << 10, /* bytes parsed at once */
  BLOCK = 4096,     /* by which libcsv's memory for a field grows */
  MARK = 3          /* bytes of a byte order mark */
};

static const unsigned char mark[MARK] = {0xef, 0xbb, 0xbf};

struct csv_decode {
  struct kam_component comp; /* must be first */
  char *delimiter;           /* option */
  char **columns;            /* option */
  bool header, lines;        /* options */
  int64_t limit, fields;     /* options */
  struct kam_feed feed;
  struct csv_parser csv;
  struct csv_columns names; /* none: rows are lists */
  struct kam_tape row;      /* its fields, a list */
  struct kam_tape table;    /* the same by name */
  size_t n_fields;          /* in row */
  size_t n_bytes;           /* of the text of a row that has begun */
  unsigned marked;          /* bytes of a mark that have come; > MARK: over */
  uint64_t line, row_line;  /* where the text is; where the row began */
  size_t column;            /* bytes of the line that are parsed */
  bool sealed;              /* the names are known */
  bool headed;              /* the first row has come */
  bool whole;               /* a row has ended */
  bool cr;                  /* the last byte was a carriage return */
  bool opened, over;
};

static int keep_spaces(unsigned char ch)
{
  (void)ch;
  return 0; /* RFC 4180: "Spaces are considered part of a field" */
}

static int seal(struct csv_decode *d)
{
  const struct csv_column *twice;
  int err = csv_columns_seal(&d->names, &twice);
  d->sealed = true;
  return err || !twice
             ? err
             : kam_failf(&d->comp,
                         "error[E0841]: two columns have the name \"%.60s\"; "
                         "give names of your own with columns",
                         twice->name);
}

static int csv_decode_open(struct kam_component *c)
{
  struct csv_decode *d = (struct csv_decode *)c;
  char **name;
  int err;
  d->line = d->row_line = 1;
  csv_init(&d->csv, CSV_STRICT | CSV_STRICT_FINI);
  d->opened = true;
  csv_set_delim(&d->csv, (unsigned char)*d->delimiter);
  csv_set_space_func(&d->csv, keep_spaces);
  csv_set_blk_size(&d->csv, BLOCK);
  if (!d->columns)
    return 0;
  for (name = d->columns; *name; name++) {
    err = csv_columns_add(&d->names, *name, strlen(*name));
    if (err)
      return err;
  }
  return seal(d);
}

static void on_field(void *bytes, size_t len, void *ctx)
{
  struct csv_decode *d = ctx;
  if (d->n_fields == 0) {
    kam_tape_clear(&d->row);
    kam_tape_list(&d->row);
  }
  if (d->n_fields++ < (size_t)d->fields)
    kam_tape_bytes(&d->row, bytes, len);
}

static void on_row(int ch, void *ctx)
{
  struct csv_decode *d = ctx;
  (void)ch;
  kam_tape_end(&d->row);
  d->whole = true;
}

static int send_tape(struct csv_decode *d, unsigned out,
                     const struct kam_tape *t)
{
  struct kam_msg m;
  int err =
      kam_tape_msg(&d->comp.party.world->host, kam_mem_of(&d->comp), t, &m);
  return err ? err : kam_send(&d->comp, out, m);
}

/* The fields of the row are the names of the columns. */
static int take_names(struct csv_decode *d)
{
  struct kam_tape_item item;
  size_t at = 0;
  int err = kam_tape_error(&d->row);
  if (err)
    return err;
  kam_tape_next(&d->row, &at, &item);
  while (kam_tape_next(&d->row, &at, &item) && item.type == KAM_TAPE_BYTES) {
    err = csv_columns_add(&d->names, item.bytes, item.len);
    if (err)
      return err;
  }
  return seal(d);
}

/* Writes the fields of the row behind what is on the table. */
static void put_fields(struct csv_decode *d)
{
  struct kam_tape_item item;
  size_t at = 0;
  kam_tape_next(&d->row, &at, &item);
  while (kam_tape_next(&d->row, &at, &item) && item.type == KAM_TAPE_BYTES)
    kam_tape_bytes(&d->table, item.bytes, item.len);
}

static int misfit(struct csv_decode *d, size_t n)
{
  char why[120];
  struct kam_tape *t = &d->table;
  snprintf(why, sizeof why, "the row at line %llu has %zu field%s, not %zu",
           (unsigned long long)d->row_line, n, n == 1 ? "" : "s", d->names.n);
  if (!kam_outbox_heard(&d->comp.party.out[OUT_ERROR]))
    return kam_failf(&d->comp, "error[E0841]: %s", why);
  kam_tape_clear(t);
  kam_tape_table(t);
  kam_tape_text(t, "error");
  kam_tape_text(t, why);
  kam_tape_text(t, "line");
  kam_tape_int(t, (int64_t)d->row_line);
  kam_tape_text(t, "row");
  kam_tape_list(t);
  put_fields(d);
  kam_tape_end(t);
  kam_tape_end(t);
  return send_tape(d, OUT_ERROR, t);
}

static int send_table(struct csv_decode *d)
{
  struct kam_tape_item item;
  size_t at = 0, i;
  kam_tape_clear(&d->table);
  kam_tape_table(&d->table);
  kam_tape_next(&d->row, &at, &item);
  for (i = 0; i < d->names.n; i++) {
    kam_tape_next(&d->row, &at, &item);
    kam_tape_bytes(&d->table, d->names.at[i].name, d->names.at[i].len);
    kam_tape_bytes(&d->table, item.bytes, item.len);
  }
  kam_tape_end(&d->table);
  return send_tape(d, OUT_OUTBOX, &d->table);
}

static int send_row(struct csv_decode *d)
{
  size_t n = d->n_fields;
  d->n_fields = d->n_bytes = 0;
  d->whole = false;
  if (kam_tape_error(&d->row))
    return kam_tape_error(&d->row);
  if (d->header && !d->headed) {
    d->headed = true;
    return d->sealed ? 0 : take_names(d);
  }
  if (!d->sealed)
    return send_tape(d, OUT_OUTBOX, &d->row);
  return n == d->names.n ? send_table(d) : misfit(d, n);
}

static int too_many(struct csv_decode *d)
{
  return kam_failf(&d->comp,
                   "error[E0658]: the row at line %llu has more than %lld "
                   "fields (its option fields)",
                   (unsigned long long)d->row_line, (long long)d->fields);
}

static int too_long(struct csv_decode *d)
{
  return kam_failf(&d->comp,
                   "error[E0658]: the row at line %llu is longer than %lld "
                   "bytes (its option limit); is a quote never closed?",
                   (unsigned long long)d->row_line, (long long)d->limit);
}

/* libcsv does not go on with the byte ch. */
static int wrong(struct csv_decode *d, unsigned char ch)
{
  char what[120];
  if (csv_error(&d->csv) != CSV_EPARSE)
    return KAM_ENOMEM;
  if (ch == '"')
    snprintf(what, sizeof what,
             "a quote in a field that does not begin with one; write the field "
             "in quotes, and each quote in it twice");
  else if (ch && strchr(";\t|:,", ch))
    snprintf(what, sizeof what,
             "%s behind the quote that ends a field; is it the delimiter?",
             ch == '\t' ? "a tab" : (char[]){(char)ch, 0});
  else
    snprintf(what, sizeof what,
             "text behind the quote that ends a field; write a quote within a "
             "field twice");
  return kam_failf(&d->comp,
                   "error[E0840]: no CSV at line %llu, column %zu: %s",
                   (unsigned long long)d->line, d->column + 1, what);
}

/* Counts the lines of what is parsed: ended by CR, LF, or both. */
static void move_on(struct csv_decode *d, const unsigned char *data, size_t n)
{
  unsigned char last = data[n - 1];
  bool ends = last == '\r' || last == '\n';
  if (ends && !(last == '\n' && d->cr && n == 1))
    d->line++;
  d->column = ends ? 0 : d->column + n;
  d->cr = last == '\r';
  if (!ends || n > 1 || d->n_bytes)
    d->n_bytes += n; /* an empty line begins no row */
}

/* Parses up to n bytes: *took is how many. */
static int parse(struct csv_decode *d, const unsigned char *data, size_t n,
                 size_t *took)
{
  size_t i, room;
  if (n > PIECE)
    n = PIECE;
  for (i = 0; i < n && data[i] != '\n' && data[i] != '\r'; i++)
    ;
  room = d->n_bytes > (size_t)d->limit ? 0 : (size_t)d->limit - d->n_bytes;
  if (i < n && i <= room && d->n_bytes <= (size_t)d->limit)
    n = i + 1; /* with its end */
  else if (i > room)
    n = room;
  else
    n = i;
  *took = n;
  if (n == 0)
    return too_long(d);
  if (d->n_bytes == 0)
    d->row_line = d->line;
  i = csv_parse(&d->csv, data, n, on_field, on_row, d);
  if (d->n_fields > (size_t)d->fields)
    return too_many(d);
  if (i < n) {
    d->column += i;
    return wrong(d, data[i]);
  }
  move_on(d, data, n);
  return d->whole ? send_row(d) : 0;
}

/* No more of a byte order mark comes: its beginning alone is text. */
static int end_mark(struct csv_decode *d)
{
  size_t took, n = d->marked < MARK ? d->marked : 0;
  d->marked = MARK + 1;
  return n ? parse(d, mark, n, &took) : 0;
}

/* Passes over a byte order mark at the start, in any cut. */
static int pass_mark(struct csv_decode *d)
{
  size_t left;
  const unsigned char *data = kam_feed_data(&d->feed, &left);
  while (left && d->marked < MARK && *data == mark[d->marked])
    data++, left--, d->marked++, d->feed.at++;
  return d->marked == MARK || left ? end_mark(d) : 0;
}

static int work(struct kam_component *c)
{
  struct csv_decode *d = (struct csv_decode *)c;
  size_t left, took = 0;
  const unsigned char *data = kam_feed_data(&d->feed, &left);
  int r;
  if (left) {
    r = d->marked <= MARK ? pass_mark(d) : parse(d, data, left, &took);
    d->feed.at += took;
    d->feed.more = d->lines && d->feed.at == d->feed.len;
    return r;
  }
  d->feed.more = false;
  if (!d->lines)
    return 0;
  r = end_mark(d);
  return r ? r : parse(d, (const unsigned char *)"\n", 1, &took);
}

static int finish(struct kam_component *c)
{
  struct csv_decode *d = (struct csv_decode *)c;
  int err;
  if (d->over)
    return KAM_FEED_OVER;
  d->over = true;
  err = end_mark(d);
  if (err)
    return err;
  if (csv_fini(&d->csv, on_field, on_row, d))
    return kam_failf(c,
                     "error[E0840]: no CSV at line %llu: the text ends in a "
                     "field in quotes; its row begins at line %llu",
                     (unsigned long long)d->line,
                     (unsigned long long)d->row_line);
  if (d->n_fields > (size_t)d->fields)
    return too_many(d);
  return d->whole ? send_row(d) : KAM_FEED_OVER;
}

static int csv_decode_step(struct kam_component *c)
{
  return kam_feed_step(c, &((struct csv_decode *)c)->feed, work, finish);
}

static void csv_decode_close(struct kam_component *c)
{
  struct csv_decode *d = (struct csv_decode *)c;
  kam_feed_fini(c, &d->feed);
  if (d->opened)
    csv_free(&d->csv);
  csv_columns_fini(&d->names);
  kam_tape_fini(&d->row);
  kam_tape_fini(&d->table);
}

static const char *const delimiters[] = {",", ";", "\t", "|", ":", " ", NULL};

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "CSV, in any cut", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "a list of strings for each row, or a table of them by column",
     .kinds = KAM_TABLE},
    {.name = "error",
     .doc = "if linked: rows that do not fit the columns, as { row = {...}, "
            "line =, error = }",
     .kinds = KAM_TABLE,
     .optional = true},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_LIST(struct csv_decode, columns,
             "names of the columns: rows become tables"),
    {.name = "delimiter",
     .doc = "what is between two fields",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct csv_decode, delimiter),
     .fallback = {.type = KAM_OPTION_STRING, .s = ","},
     .one_of = delimiters},
    KAM_INT(struct csv_decode, fields, 4096, 1, 1 << 20,
            "fields in a row; more are an error"),
    KAM_FLAG(struct csv_decode, header, false,
             "the first row names the columns: the others become tables"),
    KAM_INT(struct csv_decode, limit, 1 << 20, 1, 1 << 30,
            "bytes in a row; a longer one is an error"),
    KAM_FLAG(struct csv_decode, lines, false,
             "each message is a line without its end, not bytes in any cut"),
    {0}};

KAM_COMPONENT(csv_decode) = {
    .name = "CSVDecode",
    .family = "csv",
    .summary = "Reads CSV and sends its rows.",
    .doc =
        "Rows end with CR, LF or both, the last one also with the text; fields "
        "are as they stand, spaces too, or in quotes, within which a quote "
        "stands twice (RFC 4180). A field is always a string. With `header` "
        "the first row, with `columns` this option, gives the names of the "
        "columns, and rows become tables; one with more or fewer fields goes "
        "to error if that is linked, and else is an error. With both, the "
        "first row is passed over. Empty lines and a byte order mark are "
        "passed over too. A text that is wrong is an error with its "
        "line and column (in bytes).",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { 'name,si', 'ze\\n\"Ann, B.\",3\\n' },\n"
               "  kam.CSVDecode { header = true },\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> { name = \"Ann, B.\", size = \"3\" }\n",
    .first = "header",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct csv_decode),
    .open = csv_decode_open,
    .step = csv_decode_step,
    .close = csv_decode_close,
};
