/* statement: one SQL statement on one database, bound and stepped with tapes.
 *
 * Everything here may run on a worker, and is used by one thread at a time;
 * only sqlite3_interrupt may be called meanwhile. Errors are texts in
 * sql_statement.trouble. */
#ifndef KAM_DATABASE_STATEMENT_H
#define KAM_DATABASE_STATEMENT_H

#include "core/tape.h"

#include <sqlite3.h>
#include <stdbool.h>

struct sql_statement {
  sqlite3 *db;
  sqlite3_stmt *stmt;
  const char *path, *sql; /* borrowed */
  bool reads;             /* it changes nothing */
  int columns;
  const char *code;  /* of what went wrong */
  char trouble[400]; /* and its text, or "" */
};

/* Opens the database and prepares the statement; false: see trouble. wait: how
 * many milliseconds to wait for others that write. */
bool sql_open(struct sql_statement *s, bool read_only, int wait);

/* The same in two: opens the database at path, prepares sql on db. */
bool sql_connect(struct sql_statement *s, bool read_only, int wait);
bool sql_prepare(struct sql_statement *s);
void sql_close(struct sql_statement *s);

/* Sets the parameters from the value at *at, which moves on behind it: a list,
 * a table of names, a scalar; for a statement without parameters anything but a
 * list or table with something in it. */
bool sql_bind(struct sql_statement *s, const struct kam_tape *t, size_t *at);

/* The same when no parameters are given. */
bool sql_bind_none(struct sql_statement *s);

/* The next row: SQLITE_ROW, SQLITE_DONE, or SQLITE_ERROR with trouble. */
int sql_step(struct sql_statement *s);

/* Makes it ready for other parameters. */
void sql_reset(struct sql_statement *s);

/* Writes the row as a table; a NULL is left out. */
void sql_row(const struct sql_statement *s, struct kam_tape *t);

/* BEGIN, COMMIT, ROLLBACK. */
bool sql_do(struct sql_statement *s, const char *word);

#endif
