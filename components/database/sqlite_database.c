/* SqliteDatabase: one database; each message says which SQL to run on it.
 *
 *     inbox ──tape──> worker: [ begin ] statement … [ commit ] ──tape──> outbox
 *                                 ^ prepared once, kept by its text
 *
 * The database is opened and used on a worker, one message at a time; with
 * `direct`, reads that are known to be quick are done on the loop, while no
 * worker has the connection. */
#include "components/database/statements.h"
#include "core/feed.h"
#include "core/worker.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
  IN_INBOX = KAM_INBOX,
  OUT_OUTBOX = KAM_OUTBOX,
  BATCH = 64,
  STEPS = 10000, /* of SQLite's machine between two looks at stop */
  FEW = 8,       /* statements that the loop does together */
  SLOW = 1,      /* ms; a read that takes longer is not quick, and for */
  DETOUR = 1000  /* ms after it all go to a worker */
};

struct sqlite_database {
  struct kam_component comp; /* must be first */
  char *database, *errors;   /* options */
  char **setup;              /* option */
  bool readonly, direct;     /* options */
  double timeout;            /* option */
  int64_t limit;             /* option */
  bool answer;               /* errors are answers */
  struct kam_job job;
  struct sql_statements all; /* of the worker while the job is busy */
  struct kam_tape in, out;   /* the same */
  bool opened;               /* the same */
  bool begun, failed;        /* the same, of this message: a transaction was
                                begun; out is { error = } */
  bool here;                 /* the same: the loop is the worker, */
  uint64_t since;            /* since then */
  atomic_bool stop;          /* set on the loop, read by the worker */
  uint64_t detour;           /* until then nothing is done on the loop */
  bool closed;
  bool asked; /* a message is being worked on */
};

/* --- on the worker --- */

static bool wrong(struct sqlite_database *d, const char *code, const char *text)
{
  d->all.main.code = code;
  snprintf(d->all.main.trouble, sizeof d->all.main.trouble, "%s", text);
  return false;
}

static bool misused(struct sqlite_database *d)
{
  return wrong(d, "E0663",
               "a message is a statement, \"select 1\" or { \"select ?\", "
               "{ 1 } }, or a list of these, { { … }, { … } }");
}

static bool set_up(struct sqlite_database *d)
{
  char **sql;
  for (sql = d->setup; sql && *sql; sql++)
    if (!sql_do(&d->all.main, *sql)) {
      d->all.main.code = "E0660";
      return false;
    }
  return true;
}

static uint64_t clock_ns(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Has the loop been kept for too long? */
static bool is_slow(const struct sqlite_database *d)
{
  return clock_ns() - d->since > SLOW * 1000000u;
}

static int look_at_stop(void *ctx)
{
  struct sqlite_database *d = ctx;
  return (d->here && is_slow(d)) || atomic_load(&d->stop);
}

static bool open_database(struct sqlite_database *d)
{
  if (d->opened)
    return true;
  if (!sql_statements_open(&d->all, d->database, d->readonly,
                           (int)(d->timeout * 1000)))
    return false;
  sqlite3_progress_handler(d->all.main.db, STEPS, look_at_stop, d);
  d->opened = set_up(d);
  return d->opened;
}

static void put_changes(struct sqlite_database *d, int64_t changes)
{
  int64_t id = sqlite3_last_insert_rowid(d->all.main.db);
  kam_tape_table(&d->out);
  kam_tape_text(&d->out, "changes");
  kam_tape_int(&d->out, changes);
  if (id && changes) {
    kam_tape_text(&d->out, "lastId");
    kam_tape_int(&d->out, id);
  }
  kam_tape_end(&d->out);
}

/* Steps a statement to its end, and writes down what it gives. */
static bool step_all(struct sqlite_database *d, struct sql_statement *s)
{
  sqlite3 *db = d->all.main.db;
  int64_t before = sqlite3_total_changes64(db), rows = 0;
  int r;
  sqlite3_set_last_insert_rowid(db, 0);
  r = sql_step(s);
  s->columns = sqlite3_column_count(s->stmt);
  if (s->columns)
    kam_tape_list(&d->out);
  for (; r == SQLITE_ROW; r = sql_step(s)) {
    if (++rows > d->limit)
      return wrong(d, "E0658", "more rows than its option limit allows");
    sql_row(s, &d->out);
  }
  if (r != SQLITE_DONE)
    return sql_statements_failed(&d->all, s);
  if (s->columns)
    kam_tape_end(&d->out);
  else
    put_changes(
        d, sqlite3_total_changes64(db) == before ? 0 : sqlite3_changes64(db));
  return true;
}

/* The text of the statement at *at, which moves on to its parameters or its
 * end; false: there is none. *list: it is { text, … }. */
static bool text_at(struct sqlite_database *d, size_t *at, bool *list,
                    struct kam_tape_item *text)
{
  *list = false;
  if (kam_tape_next(&d->in, at, text) && text->type == KAM_TAPE_LIST) {
    *list = true;
    kam_tape_next(&d->in, at, text);
  }
  return text->type == KAM_TAPE_BYTES;
}

/* The statement there. */
static struct sql_statement *statement_at(struct sqlite_database *d, size_t *at,
                                          bool *list)
{
  struct kam_tape_item text;
  if (text_at(d, at, list, &text))
    return sql_statements_find(&d->all, text.bytes, text.len);
  misused(d);
  return NULL;
}

/* Binds what follows the text of a statement, up to the end of its list. */
static bool bind_rest(struct sqlite_database *d, struct sql_statement *s,
                      size_t *at, bool list)
{
  struct kam_tape_item item;
  size_t ahead = *at;
  bool ok;
  if (list && kam_tape_next(&d->in, &ahead, &item) && item.type != KAM_TAPE_END)
    ok = sql_bind(s, &d->in, at);
  else
    ok = sql_bind_none(s);
  if (!ok)
    return sql_statements_failed(&d->all, s);
  return !list ||
         (kam_tape_next(&d->in, at, &item) && item.type == KAM_TAPE_END) ||
         misused(d);
}

static bool run_one(struct sqlite_database *d, size_t *at)
{
  bool list, ok;
  struct sql_statement *s = statement_at(d, at, &list);
  if (!s)
    return false;
  ok = bind_rest(d, s, at, list) && step_all(d, s);
  sql_reset(s);
  return ok;
}

/* Is there another statement in the list? */
static bool has_more(struct sqlite_database *d, size_t at)
{
  struct kam_tape_item item;
  return kam_tape_next(&d->in, &at, &item) && item.type != KAM_TAPE_END;
}

/* Does no statement of the list write? One that cannot be prepared yet, as its
 * table is made by one before, does. */
static bool only_reads(struct sqlite_database *d, size_t at)
{
  while (has_more(d, at)) {
    size_t here = at;
    bool list;
    struct sql_statement *s = statement_at(d, &here, &list);
    if (!s || !s->reads)
      return false;
    kam_tape_skip(&d->in, &at);
  }
  return true;
}

static bool run_list(struct sqlite_database *d, size_t at)
{
  /* who wrote "begin" in a message of its own ends it itself */
  bool own = sqlite3_get_autocommit(d->all.main.db);
  if (own &&
      !sql_do(&d->all.main, only_reads(d, at) ? "begin" : "begin immediate"))
    return false;
  d->begun = own;
  kam_tape_list(&d->out);
  while (has_more(d, at))
    if (!run_one(d, &at))
      return false;
  kam_tape_end(&d->out);
  return !own || sql_do(&d->all.main, "commit");
}

/* Where the first statement of a list of them is; false: it is no such list. */
static bool is_list(struct sqlite_database *d, size_t *first)
{
  struct kam_tape_item item;
  size_t at = 0;
  if (!kam_tape_next(&d->in, &at, &item) || item.type != KAM_TAPE_LIST)
    return false;
  *first = at;
  return kam_tape_next(&d->in, &at, &item) && item.type == KAM_TAPE_LIST;
}

static bool run(struct sqlite_database *d)
{
  size_t first, at = 0;
  return is_list(d, &first) ? run_list(d, first) : run_one(d, &at);
}

/* SQLite's name of what is wrong, in short. */
static const char *name_of(const struct sqlite_database *d)
{
  static const struct {
    int code;
    const char *name;
  } names[] = {{SQLITE_BUSY, "busy"},
               {SQLITE_LOCKED, "busy"},
               {SQLITE_CONSTRAINT, "constraint"},
               {SQLITE_FULL, "full"},
               {SQLITE_READONLY, "readonly"},
               {SQLITE_CORRUPT, "corrupt"},
               {SQLITE_NOTADB, "corrupt"},
               {SQLITE_CANTOPEN, "cannotOpen"},
               {SQLITE_PERM, "cannotOpen"},
               {SQLITE_IOERR, "io"},
               {SQLITE_TOOBIG, "tooBig"},
               {SQLITE_NOMEM, "noMemory"}};
  int r = d->all.main.db ? sqlite3_errcode(d->all.main.db) : SQLITE_NOMEM;
  size_t i;
  if (strcmp(d->all.main.code, "E0660") == 0 ||
      strcmp(d->all.main.code, "E0662") == 0)
    for (i = 0; i < sizeof names / sizeof *names; i++)
      if (names[i].code == (r & 0xff))
        return names[i].name;
  return "sql";
}

/* The answer is what failed. A database that could not be opened, or is not
 * what it was, is opened anew for the next message. */
static void put_error(struct sqlite_database *d)
{
  const char *name = name_of(d);
  d->failed = true;
  kam_tape_clear(&d->out);
  kam_tape_table(&d->out);
  kam_tape_text(&d->out, "error");
  kam_tape_text(&d->out, d->all.main.trouble);
  kam_tape_text(&d->out, "kind");
  kam_tape_text(&d->out, name);
  kam_tape_end(&d->out);
  if (d->begun && !sqlite3_get_autocommit(d->all.main.db))
    sqlite3_exec(d->all.main.db, "rollback", NULL, NULL, NULL);
  if (!d->opened || strcmp(name, "corrupt") == 0 || strcmp(name, "io") == 0) {
    sql_statements_close(&d->all);
    d->opened = false;
  }
}

static void work(struct kam_job *job)
{
  struct sqlite_database *d = (struct sqlite_database *)job->component;
  kam_tape_clear(&d->out);
  d->failed = d->begun = false;
  if (!open_database(d) || !run(d))
    put_error(d);
}

/* --- on the loop --- */

/* Is the statement at `at` one that reads, and that has been run before? */
static bool is_known_read(struct sqlite_database *d, size_t at)
{
  struct kam_tape_item text;
  const struct sql_statement *s;
  bool list;
  if (!text_at(d, &at, &list, &text))
    return false;
  s = sql_statements_known(&d->all, text.bytes, text.len);
  return s && s->reads && s->columns > 0;
}

/* May the message be tried on the loop? */
static bool is_quick(struct sqlite_database *d)
{
  size_t at = 0;
  int n;
  if (!d->direct || !d->opened || kam_now(&d->comp) < d->detour)
    return false;
  if (!is_list(d, &at))
    return is_known_read(d, 0);
  for (n = 0; has_more(d, at); n++) {
    if (n == FEW || !is_known_read(d, at))
      return false;
    kam_tape_skip(&d->in, &at);
  }
  return true;
}

/* Works on the message here and now; false: it is not done, as others hold the
 * database, or it takes long, or it fails; a worker is to try it, and to say
 * why. */
static bool work_here(struct sqlite_database *d)
{
  sqlite3 *db = d->all.main.db;
  bool ok;
  kam_tape_clear(&d->out);
  d->failed = d->begun = false;
  d->here = true;
  d->since = clock_ns();
  sqlite3_busy_timeout(db, 0);
  ok = run(d);
  sqlite3_busy_timeout(db, (int)(d->timeout * 1000));
  d->here = false;
  if (!ok && d->begun && !sqlite3_get_autocommit(db))
    sqlite3_exec(db, "rollback", NULL, NULL, NULL);
  if (!ok || is_slow(d))
    d->detour = kam_now(&d->comp) + DETOUR * 1000000u;
  return ok;
}

static void give_back(struct sqlite_database *d)
{
  sql_statements_close(&d->all);
  kam_tape_fini(&d->in);
  kam_tape_fini(&d->out);
}

static void done(struct kam_job *job)
{
  struct sqlite_database *d = (struct sqlite_database *)job->component;
  if (d->closed)
    give_back(d);
}

static int sqlite_database_open(struct kam_component *c)
{
  struct sqlite_database *d = (struct sqlite_database *)c;
  d->answer = strcmp(d->errors, "answer") == 0;
  d->job.work = work;
  d->job.done = done;
  return 0;
}

/* Nobody is told what became of a message. */
static bool is_sink(const struct sqlite_database *d)
{
  const struct kam_outbox *o = &d->comp.party.out[OUT_OUTBOX];
  return !o->sink && !(o->port.flags & KAM_PORT_NULLED);
}

static int send_answer(struct sqlite_database *d)
{
  struct kam_msg m;
  int err;
  d->asked = false;
  if (d->failed && (!d->answer || is_sink(d)))
    return kam_failf(&d->comp, "error[%s]: %s: %s", d->all.main.code,
                     d->database, d->all.main.trouble);
  if (is_sink(d))
    return 0;
  err = kam_tape_msg(&d->comp.party.world->host, kam_mem_of(&d->comp), &d->out,
                     &m);
  return err ? err : kam_send(&d->comp, OUT_OUTBOX, m);
}

/* Takes the next message. */
static int ask(struct sqlite_database *d)
{
  struct kam_component *c = &d->comp;
  const struct kam_host *host = &c->party.world->host;
  struct kam_msg m;
  int err;
  if (!kam_take(c, IN_INBOX, &m))
    return kam_over(c, IN_INBOX) ? KAM_DONE : KAM_PAUSE;
  kam_tape_clear(&d->in);
  err = kam_tape_of(host, m, &d->in);
  kam_msg_drop(host, m);
  if (err == KAM_EKIND || err == KAM_ELIMIT)
    return kam_failf(c,
                     "error[E0661]: %s: parameters are numbers, texts, "
                     "booleans and kam.null",
                     d->database);
  if (err)
    return err;
  d->asked = true;
  if (is_quick(d) && work_here(d))
    return KAM_AGAIN;
  return kam_job_start(c, &d->job) ? KAM_EIO : KAM_BLOCKED;
}

/* One thing: 0, a kam_step that ends this run, or an error. */
static int go_on(struct sqlite_database *d)
{
  int r;
  if (!d->asked)
    return ask(d);
  r = send_answer(d);
  return r < 0 ? r : r == KAM_WAIT ? KAM_BLOCKED : KAM_AGAIN;
}

static int sqlite_database_step(struct kam_component *c)
{
  struct sqlite_database *d = (struct sqlite_database *)c;
  int i, r = KAM_AGAIN;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  for (i = 0; i < BATCH && r == KAM_AGAIN; i++) {
    if (d->job.busy)
      return KAM_BLOCKED;
    r = go_on(d);
  }
  return r;
}

static void sqlite_database_close(struct kam_component *c)
{
  struct sqlite_database *d = (struct sqlite_database *)c;
  d->closed = true;
  if (!d->job.busy)
    give_back(d);
  else /* done does it; what takes long is cut short */
    atomic_store(&d->stop, true);
}

static const char *const ways[] = {"fail", "answer", NULL};

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "statements: \"select 1\", { \"select ?\", { 1 } }, or a list of "
            "these, which all happen or none"},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "for each message its result: rows, or { changes =, lastId = }; "
            "for a list a list of them",
     .kinds = KAM_TABLE},
    {0}};
static const struct kam_option_spec options[] = {
    {.name = "database",
     .doc = "the file; it is made if it is not there; \":memory:\" is none",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct sqlite_database, database),
     .required = true},
    {.name = "errors",
     .doc = "what fails ends the component, or { error =, kind = } is the "
            "answer, and it goes on",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct sqlite_database, errors),
     .fallback = {.type = KAM_OPTION_STRING, .s = "fail"},
     .one_of = ways},
    KAM_INT(struct sqlite_database, limit, 100000, 1, 1 << 30,
            "rows that a statement may give; more are an error"),
    KAM_FLAG(struct sqlite_database, direct, false,
             "reads that are quick are done at once, without a worker"),
    KAM_FLAG(struct sqlite_database, readonly, false,
             "refuses to write, and to make the file"),
    KAM_LIST(struct sqlite_database, setup,
             "sql that is run when the file is opened: pragmas, tables"),
    KAM_NUM(struct sqlite_database, timeout, 5, 0, 3600,
            "seconds to wait while another program writes"),
    {0}};

KAM_COMPONENT(sqlite_database) = {
    .name = "SqliteDatabase",
    .family = "database",
    .summary = "Runs the SQL of each message on an SQLite database.",
    .doc =
        "For many statements on one database; for one statement there is "
        "SqliteQuery, which has the same parameters and rows. A message is a "
        "text, or { text, parameters }, and its result a list of rows, or "
        "{ changes =, lastId = } of a statement without rows. A list of such "
        "messages is one transaction; its results come as a list. So many "
        "small changes that wait together cost one write to the disk. A "
        "statement is prepared once and kept by its text (64 of them). With "
        "errors = \"answer\" what fails is answered by { error = text, kind = }"
        ", where kind is busy, constraint, full, readonly, corrupt, "
        "cannotOpen, io, tooBig, noMemory or sql; nothing of a transaction has "
        "happened then, and a file that could not be opened is tried again by "
        "the next message. Else, or if nobody is linked who could hear it, it "
        "ends the component. The file is opened, with `setup`, by the first "
        "message. All work is done beside the loop, on a worker, which takes "
        "longer to wake than a row takes to find. `direct` is for a database "
        "that lies in memory as a rule: statements that only read, and have "
        "been run before, are run on the loop itself. One that takes long, "
        "that others keep waiting, or that fails there, is left to a worker, "
        "as are all in the second after it, and after one that took more than "
        "a millisecond; so a disk holds up the loop once a second at most.",
    .ends = "When its inbox has ended, after the last result.",
    .example =
        "local db = kam.SqliteDatabase { \":memory:\",\n"
        "  setup = { \"create table news (day, title)\" } }\n"
        "kam.run(db, kam.main(function(self)\n"
        "  self:ask(db, {\n"
        "    { \"insert into news values (?, ?)\", { \"mon\", \"rain\" } },\n"
        "    { \"insert into news values (?, ?)\", { \"tue\", \"sun\" } },\n"
        "  })\n"
        "  local rows = self:ask(db, { \"select title from news where day = "
        "?\", { \"tue\" } })\n"
        "  print(rows[1].title)\n"
        "end))\n"
        "--> sun\n",
    .first = "database",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .effects = true,
    .answers = true,
    .size = sizeof(struct sqlite_database),
    .open = sqlite_database_open,
    .step = sqlite_database_step,
    .close = sqlite_database_close,
};
