/* SqliteQuery: one SQL statement on one database, for each message once.
 *
 * The database is opened and used on a worker, one job at a time; rows come
 * back on a tape. */
#include "components/database/statement.h"
#include "core/feed.h"
#include "core/worker.h"

#include <stdio.h>
#include <string.h>

enum {
  IN_INBOX = KAM_INBOX,
  OUT_OUTBOX = KAM_OUTBOX,
  OUT_ERROR = KAM_OUT_EXTRA,
  BATCH = 64,
  PIECE = 256 /* rows in one job that are sent one by one */
};

struct sqlite_query {
  struct kam_component comp;   /* must be first */
  char *database, *sql, *rows; /* options */
  bool readonly, transaction;  /* options */
  double timeout;              /* option */
  int64_t limit;               /* option */
  bool each;                   /* rows one by one */
  struct kam_job job;
  struct sql_statement s;  /* of the worker while the job is busy */
  struct kam_tape in, out; /* the same */
  size_t at;               /* in `in`: the next parameters */
  uint64_t n_rows;         /* of this message */
  int64_t changes;         /* by this message */
  bool opened, closed;
  bool asked;  /* a message has come that is not yet answered whole */
  bool begun;  /* its statement is being stepped */
  bool empty;  /* a transaction's list without parameters */
  size_t sent; /* in `out` */
};

/* --- on the worker --- */

static void open_database(struct sqlite_query *q)
{
  q->s.path = q->database;
  q->s.sql = q->sql;
  q->opened = sql_open(&q->s, q->readonly, (int)(q->timeout * 1000));
}

/* Is there another list of parameters in a transaction's list? */
static bool has_more(struct sqlite_query *q)
{
  struct kam_tape_item item;
  size_t ahead = q->at;
  return q->transaction && kam_tape_next(&q->in, &ahead, &item) &&
         item.type != KAM_TAPE_END;
}

static bool begin(struct sqlite_query *q)
{
  struct kam_tape_item item;
  q->begun = true;
  q->at = 0;
  q->n_rows = 0;
  q->changes = 0;
  if (!q->each)
    kam_tape_list(&q->out);
  if (!q->transaction)
    return sql_bind(&q->s, &q->in, &q->at);
  kam_tape_next(&q->in, &q->at, &item);
  if (item.type != KAM_TAPE_LIST &&
      !(item.type == KAM_TAPE_TABLE && !has_more(q))) {
    q->s.code = "E0661";
    snprintf(q->s.trouble, sizeof q->s.trouble,
             "with transaction a message is a list of parameters for each "
             "time: { { 1 }, { 2 } }");
    return false;
  }
  q->empty = !has_more(q);
  return sql_do(&q->s, "begin") &&
         (q->empty || sql_bind(&q->s, &q->in, &q->at));
}

static void put_changes(struct sqlite_query *q)
{
  int64_t id = sqlite3_last_insert_rowid(q->s.db);
  kam_tape_clear(&q->out);
  kam_tape_table(&q->out);
  kam_tape_text(&q->out, "changes");
  kam_tape_int(&q->out, q->changes);
  if (id && q->changes) {
    kam_tape_text(&q->out, "lastId");
    kam_tape_int(&q->out, id);
  }
  kam_tape_end(&q->out);
}

/* The last row of the message is there. */
static bool end(struct sqlite_query *q)
{
  if (q->transaction && !sql_do(&q->s, "commit"))
    return false;
  q->asked = q->begun = false;
  if (!q->each)
    kam_tape_end(&q->out);
  if (q->s.columns == 0)
    put_changes(q);
  return true;
}

static bool put_row(struct sqlite_query *q)
{
  sql_row(&q->s, &q->out);
  if (++q->n_rows <= (uint64_t)q->limit || (q->each && !q->transaction))
    return true;
  q->s.code = "E0658";
  snprintf(q->s.trouble, sizeof q->s.trouble,
           "more than %lld rows (its option limit); rows = \"each\" sends them "
           "one by one",
           (long long)q->limit);
  return false;
}

/* One execution has run out of rows: goes on with the next, if there is one.
 * *over: there is none. */
static bool next(struct sqlite_query *q, int64_t before, bool *over)
{
  if (sqlite3_total_changes64(q->s.db) != before)
    q->changes += sqlite3_changes64(q->s.db);
  sql_reset(&q->s);
  *over = !has_more(q);
  return *over ? end(q) : sql_bind(&q->s, &q->in, &q->at);
}

/* Rows up to the end, or for one job. */
static bool run(struct sqlite_query *q)
{
  int64_t before;
  int i, r;
  bool over = false;
  if (!q->begun && !begin(q))
    return false;
  if (q->empty)
    return end(q);
  for (i = 0; !over && (i < PIECE || !q->each || q->transaction); i++) {
    before = sqlite3_total_changes64(q->s.db);
    r = sql_step(&q->s);
    if (r == SQLITE_ERROR || (r == SQLITE_ROW && !put_row(q)) ||
        (r == SQLITE_DONE && !next(q, before, &over)))
      return false;
  }
  return true;
}

static void roll_back(struct sqlite_query *q)
{
  sql_reset(&q->s);
  if (q->transaction && !sqlite3_get_autocommit(q->s.db))
    sqlite3_exec(q->s.db, "rollback", NULL, NULL, NULL);
  q->asked = q->begun = false;
  kam_tape_clear(&q->out);
}

static void work(struct kam_job *job)
{
  struct sqlite_query *q = (struct sqlite_query *)job->component;
  kam_tape_clear(&q->out);
  q->s.trouble[0] = 0;
  if (!q->opened)
    open_database(q);
  else if (!run(q))
    roll_back(q);
}

/* --- on the loop --- */

static void give_back(struct sqlite_query *q)
{
  sql_close(&q->s);
  kam_tape_fini(&q->in);
  kam_tape_fini(&q->out);
}

static void done(struct kam_job *job)
{
  struct sqlite_query *q = (struct sqlite_query *)job->component;
  if (q->closed)
    give_back(q);
}

static int sqlite_query_open(struct kam_component *c)
{
  struct sqlite_query *q = (struct sqlite_query *)c;
  q->each = strcmp(q->rows, "each") == 0;
  q->job.work = work;
  q->job.done = done;
  return 0;
}

/* Sends one value of `out` to a box. */
static int send_value(struct sqlite_query *q, unsigned box)
{
  struct kam_tape rest = q->out;
  struct kam_msg m;
  int err;
  rest.data += q->sent;
  rest.len -= q->sent;
  err =
      kam_tape_msg(&q->comp.party.world->host, kam_mem_of(&q->comp), &rest, &m);
  if (err)
    return err;
  kam_tape_skip(&q->out, &q->sent);
  return kam_send(&q->comp, box, m);
}

/* To the box error, if a component hears it. */
static int wrong(struct sqlite_query *q)
{
  char text[sizeof q->s.trouble];
  struct kam_msg m;
  int err;
  memcpy(text, q->s.trouble, sizeof text);
  q->s.trouble[0] = 0;
  if (!q->opened || !kam_outbox_heard(&q->comp.party.out[OUT_ERROR]))
    return kam_failf(&q->comp, "error[%s]: %s: %s, in: %.100s%s", q->s.code,
                     q->database, text, q->sql,
                     strlen(q->sql) > 100 ? "…" : "");
  kam_tape_clear(&q->out);
  kam_tape_table(&q->out);
  kam_tape_text(&q->out, "error");
  kam_tape_text(&q->out, text);
  kam_tape_end(&q->out);
  q->sent = 0;
  err = kam_tape_msg(&q->comp.party.world->host, kam_mem_of(&q->comp), &q->out,
                     &m);
  q->sent = q->out.len;
  return err ? err : kam_send(&q->comp, OUT_ERROR, m);
}

/* What writes and has nobody to tell is a sink. */
static bool is_sink(const struct sqlite_query *q)
{
  const struct kam_outbox *o = &q->comp.party.out[OUT_OUTBOX];
  return q->s.columns == 0 && !o->sink && !(o->port.flags & KAM_PORT_NULLED);
}

static int start(struct sqlite_query *q)
{
  q->sent = 0;
  return kam_job_start(&q->comp, &q->job) ? KAM_EIO : KAM_BLOCKED;
}

/* Takes the next message. */
static int ask(struct sqlite_query *q)
{
  struct kam_component *c = &q->comp;
  const struct kam_host *host = &c->party.world->host;
  struct kam_msg m;
  int err;
  if (!kam_take(c, IN_INBOX, &m))
    return kam_over(c, IN_INBOX) ? KAM_DONE : KAM_PAUSE;
  kam_tape_clear(&q->in);
  err = kam_tape_of(host, m, &q->in);
  kam_msg_drop(host, m);
  if (err == KAM_EKIND || err == KAM_ELIMIT)
    return kam_failf(c,
                     "error[E0661]: %s: parameters are numbers, texts, "
                     "booleans and kam.null",
                     q->database);
  if (err)
    return err;
  q->asked = true;
  q->begun = false;
  return start(q);
}

/* One thing: 0, a kam_step that ends this run, or an error. */
static int go_on(struct sqlite_query *q)
{
  int r;
  if (q->s.trouble[0]) {
    r = wrong(q);
  } else if (q->sent < q->out.len && !is_sink(q)) {
    r = send_value(q, OUT_OUTBOX);
    if (r == KAM_NOBODY && q->s.reads)
      return KAM_DONE; /* to read on is of use to nobody */
  } else {
    return q->opened && !q->asked ? ask(q) : start(q);
  }
  return r < 0 ? r : r == KAM_WAIT ? KAM_BLOCKED : KAM_AGAIN;
}

static int sqlite_query_step(struct kam_component *c)
{
  struct sqlite_query *q = (struct sqlite_query *)c;
  int i, r = KAM_AGAIN;
  if (c->party.told == KAM_SHUTDOWN) {
    if (q->job.busy && q->opened)
      sqlite3_interrupt(q->s.db);
    return KAM_DONE;
  }
  for (i = 0; i < BATCH && r == KAM_AGAIN; i++) {
    if (q->job.busy)
      return KAM_BLOCKED;
    r = go_on(q);
  }
  return r;
}

static void sqlite_query_close(struct kam_component *c)
{
  struct sqlite_query *q = (struct sqlite_query *)c;
  q->closed = true;
  if (!q->job.busy)
    give_back(q);
  else if (q->opened) /* its worker gives back what it uses */
    sqlite3_interrupt(q->s.db);
}

static const char *const ways[] = {"list", "each", NULL};

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc =
         "parameters for each time: a list, names with values, or one value"},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "the rows", .kinds = KAM_TABLE},
    {.name = "error",
     .doc = "if linked: what failed, as { error = }",
     .kinds = KAM_TABLE,
     .optional = true},
    {0}};
static const struct kam_option_spec options[] = {
    {.name = "database",
     .doc = "the file; it is made if it is not there; \":memory:\" is none",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct sqlite_query, database),
     .required = true},
    KAM_INT(struct sqlite_query, limit, 100000, 1, 1 << 30,
            "rows in one list; more are an error"),
    KAM_FLAG(struct sqlite_query, readonly, false,
             "refuses to write, and to make the file"),
    {.name = "rows",
     .doc = "a list of them for each message, or each as a message",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct sqlite_query, rows),
     .fallback = {.type = KAM_OPTION_STRING, .s = "list"},
     .one_of = ways},
    {.name = "sql",
     .doc = "one statement, with ? or :name for parameters",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct sqlite_query, sql),
     .required = true},
    KAM_NUM(struct sqlite_query, timeout, 5, 0, 3600,
            "seconds to wait while another program writes"),
    KAM_FLAG(struct sqlite_query, transaction, false,
             "a message is a list of parameters for many times, which all "
             "happen or none"),
    {0}};

KAM_COMPONENT(sqlite_query) = {
    .name = "SqliteQuery",
    .family = "database",
    .summary = "Runs an SQL statement on an SQLite database for each message.",
    .doc =
        "A message gives the parameters: a list for `?`, a table for `:name`, "
        "or one value for the only one; numbers, texts, booleans (0 and 1) and "
        "kam.null. For each it sends one list of rows, or with rows = "
        "\"each\" every row as it comes. A row is a table by the columns' "
        "names; a NULL is a missing field; integers, floats, texts and blobs "
        "are what they are. A statement without rows sends { changes =, "
        "lastId = }, if somebody is linked. With `transaction` a message is a "
        "list of such parameters; if one fails none has happened, and the rows "
        "of all make one list. What is wrong with a message goes to error if a "
        "component is linked there; else, and if the database cannot be "
        "opened, it ends the component. All work is done beside the loop, on a "
        "worker; strings are bound as text (cast(? as blob) makes a blob).",
    .ends = "When its inbox has ended, after the last row.",
    .example =
        "local news = kam.SqliteQuery { \":memory:\",\n"
        "  sql = \"select ?1 as day, upper(?2) as title\" }\n"
        "kam.Pipeline {\n"
        "  kam.DataSource { { \"mon\", \"rain\" }, { \"tue\", kam.null } },\n"
        "  news,\n"
        "  kam.ConsoleEchoer(),\n"
        "}:run()\n"
        "--> { { day = \"mon\", title = \"RAIN\" } }\n"
        "--> { { day = \"tue\" } }\n",
    .first = "database",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .effects = true,
    .answers = true,
    .size = sizeof(struct sqlite_query),
    .open = sqlite_query_open,
    .step = sqlite_query_step,
    .close = sqlite_query_close,
};
