/* statement: SQL by SQLite. */
#include "components/database/statement.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The parameters do not fit. */
static bool refuse(struct sql_statement *s, const char *format, ...)
{
  va_list args;
  s->code = "E0661";
  va_start(args, format);
  vsnprintf(s->trouble, sizeof s->trouble, format, args);
  va_end(args);
  return false;
}

/* What SQLite says is wrong. */
static bool failed(struct sql_statement *s)
{
  refuse(s, "%s", s->db ? sqlite3_errmsg(s->db) : "out of memory");
  s->code = "E0662";
  return false;
}

/* Two columns of one name would be one field of a row. */
static bool check_columns(struct sql_statement *s)
{
  int i, k;
  s->columns = sqlite3_column_count(s->stmt);
  for (i = 0; i < s->columns; i++)
    for (k = 0; k < i; k++)
      if (strcmp(sqlite3_column_name(s->stmt, i),
                 sqlite3_column_name(s->stmt, k)) == 0)
        return refuse(s, "two columns are called %s; name one with `as`",
                      sqlite3_column_name(s->stmt, i));
  return true;
}

bool sql_prepare(struct sql_statement *s)
{
  const char *rest;
  sqlite3_stmt *other = NULL;
  if (sqlite3_prepare_v3(s->db, s->sql, -1, SQLITE_PREPARE_PERSISTENT, &s->stmt,
                         &rest) != SQLITE_OK)
    return failed(s);
  if (!s->stmt)
    return refuse(s, "the sql is empty");
  if (sqlite3_prepare_v2(s->db, rest, -1, &other, NULL) != SQLITE_OK || other) {
    sqlite3_finalize(other);
    return refuse(s, "one statement is wanted, and another follows it: %.60s",
                  rest);
  }
  s->reads = sqlite3_stmt_readonly(s->stmt);
  return check_columns(s);
}

bool sql_connect(struct sql_statement *s, bool read_only, int wait)
{
  int flags = read_only ? SQLITE_OPEN_READONLY
                        : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) !=
      SQLITE_OK)
    return failed(s);
  sqlite3_busy_timeout(s->db, wait);
  sqlite3_extended_result_codes(s->db, 1);
  return true;
}

bool sql_open(struct sql_statement *s, bool read_only, int wait)
{
  bool ok = sql_connect(s, read_only, wait) && sql_prepare(s);
  s->code = "E0660";
  return ok;
}

void sql_close(struct sql_statement *s)
{
  sqlite3_finalize(s->stmt);
  sqlite3_close(s->db);
  s->stmt = NULL;
  s->db = NULL;
}

static bool bind_one(struct sql_statement *s, int n,
                     const struct kam_tape_item *item)
{
  int r = SQLITE_OK;
  switch (item->type) {
  case KAM_TAPE_NULL:
    r = sqlite3_bind_null(s->stmt, n);
    break;
  case KAM_TAPE_BOOL:
    r = sqlite3_bind_int(s->stmt, n, item->b);
    break;
  case KAM_TAPE_INT:
    r = sqlite3_bind_int64(s->stmt, n, item->i);
    break;
  case KAM_TAPE_NUMBER:
    r = sqlite3_bind_double(s->stmt, n, item->n);
    break;
  case KAM_TAPE_BYTES:
    r = sqlite3_bind_text64(s->stmt, n, item->bytes, item->len,
                            SQLITE_TRANSIENT, SQLITE_UTF8);
    break;
  case KAM_TAPE_LIST:
  case KAM_TAPE_TABLE:
  case KAM_TAPE_END:
    return refuse(s, "parameter %d is a table; a scalar or kam.null is wanted",
                  n);
  }
  return r == SQLITE_OK || failed(s);
}

static bool counted(struct sql_statement *s, int given)
{
  int wanted = sqlite3_bind_parameter_count(s->stmt);
  return given == wanted ||
         refuse(s, "the sql has %d parameter%s, and %d %s given", wanted,
                wanted == 1 ? "" : "s", given, given == 1 ? "was" : "were");
}

static bool bind_list(struct sql_statement *s, const struct kam_tape *t,
                      size_t *at)
{
  struct kam_tape_item item;
  int wanted = sqlite3_bind_parameter_count(s->stmt), n = 0;
  bool ok = true;
  while (kam_tape_next(t, at, &item) && item.type != KAM_TAPE_END) {
    n++;
    if (n <= wanted && ok)
      ok = bind_one(s, n, &item);
    if (item.type == KAM_TAPE_LIST || item.type == KAM_TAPE_TABLE)
      return ok ? bind_one(s, n, &item) : false;
  }
  return ok && counted(s, n);
}

/* The parameter of that name, as :name, @name or $name; 0: none. */
static int parameter(struct sql_statement *s, const char *name, size_t len)
{
  int i, n = sqlite3_bind_parameter_count(s->stmt);
  for (i = 1; i <= n; i++) {
    const char *own = sqlite3_bind_parameter_name(s->stmt, i);
    if (own && strlen(own + 1) == len && memcmp(own + 1, name, len) == 0)
      return i;
  }
  return 0;
}

static bool unknown(struct sql_statement *s, const struct kam_tape_item *key)
{
  const char *first = sqlite3_bind_parameter_count(s->stmt)
                          ? sqlite3_bind_parameter_name(s->stmt, 1)
                          : NULL;
  if (key->type != KAM_TAPE_BYTES)
    return refuse(s,
                  "parameters are a list without holes (kam.null is NULL), or "
                  "named");
  return refuse(s, "the sql has no parameter :%.*s%s%s", (int)key->len,
                key->bytes, first ? "; its first is " : "; it has no names",
                first ? first : "");
}

static bool bind_names(struct sql_statement *s, const struct kam_tape *t,
                       size_t *at)
{
  struct kam_tape_item key, item;
  int n, given = 0;
  while (kam_tape_next(t, at, &key) && key.type != KAM_TAPE_END) {
    n = key.type == KAM_TAPE_BYTES ? parameter(s, key.bytes, key.len) : 0;
    if (!n)
      return unknown(s, &key);
    kam_tape_next(t, at, &item);
    if (!bind_one(s, n, &item))
      return false;
    given++;
  }
  return counted(s, given);
}

bool sql_bind(struct sql_statement *s, const struct kam_tape *t, size_t *at)
{
  struct kam_tape_item item;
  sqlite3_clear_bindings(s->stmt);
  s->trouble[0] = 0;
  kam_tape_next(t, at, &item);
  if (item.type == KAM_TAPE_LIST)
    return bind_list(s, t, at);
  if (item.type == KAM_TAPE_TABLE)
    return bind_names(s, t, at);
  if (sqlite3_bind_parameter_count(s->stmt) == 0)
    return true;
  return counted(s, 1) && bind_one(s, 1, &item);
}

bool sql_bind_none(struct sql_statement *s)
{
  sqlite3_clear_bindings(s->stmt);
  s->trouble[0] = 0;
  return counted(s, 0);
}

int sql_step(struct sql_statement *s)
{
  int r = sqlite3_step(s->stmt);
  if (r == SQLITE_ROW || r == SQLITE_DONE)
    return r;
  failed(s);
  return SQLITE_ERROR;
}

void sql_reset(struct sql_statement *s)
{
  sqlite3_reset(s->stmt);
}

static void put_column(const struct sql_statement *s, int i, struct kam_tape *t)
{
  kam_tape_text(t, sqlite3_column_name(s->stmt, i));
  switch (sqlite3_column_type(s->stmt, i)) {
  case SQLITE_INTEGER:
    kam_tape_int(t, sqlite3_column_int64(s->stmt, i));
    break;
  case SQLITE_FLOAT:
    kam_tape_number(t, sqlite3_column_double(s->stmt, i));
    break;
  case SQLITE_BLOB: {
    const void *blob = sqlite3_column_blob(s->stmt, i);
    kam_tape_bytes(t, blob, (size_t)sqlite3_column_bytes(s->stmt, i));
    break;
  }
  default: {
    const void *text = sqlite3_column_text(s->stmt, i);
    kam_tape_bytes(t, text, (size_t)sqlite3_column_bytes(s->stmt, i));
  }
  }
}

void sql_row(const struct sql_statement *s, struct kam_tape *t)
{
  int i;
  kam_tape_table(t);
  for (i = 0; i < s->columns; i++)
    if (sqlite3_column_type(s->stmt, i) != SQLITE_NULL)
      put_column(s, i, t);
  kam_tape_end(t);
}

bool sql_do(struct sql_statement *s, const char *word)
{
  return sqlite3_exec(s->db, word, NULL, NULL, NULL) == SQLITE_OK || failed(s);
}
