/* statements: those of one connection, prepared once and kept by their texts.
 *
 * As statement.h: everything may run on a worker, and is used by one thread at
 * a time. */
#ifndef KAM_DATABASE_STATEMENTS_H
#define KAM_DATABASE_STATEMENTS_H

#include "components/database/statement.h"

enum { SQL_KEPT = 64 }; /* of more, the one that was used longest ago goes */

struct sql_kept {
  struct sql_statement s;
  char *text; /* owned; NULL: nothing is kept here */
  size_t len;
  uint64_t used; /* when: see sql_statements.clock */
};

struct sql_statements {
  struct sql_statement main; /* the connection; and of the last failure, the
                                text and the code */
  struct sql_kept *kept;     /* SQL_KEPT of them, once there is one */
  uint64_t clock;
};

/* Opens the database; false: see main.trouble. */
bool sql_statements_open(struct sql_statements *all, const char *path,
                         bool read_only, int wait);
void sql_statements_close(struct sql_statements *all);

/* The statement of that text, borrowed until the next call; NULL: see
 * main.trouble. */
struct sql_statement *sql_statements_find(struct sql_statements *all,
                                          const char *text, size_t len);

/* The same if it is kept already; else NULL. */
const struct sql_statement *sql_statements_known(struct sql_statements *all,
                                                 const char *text, size_t len);

/* Makes the trouble of a statement that of all: false. */
bool sql_statements_failed(struct sql_statements *all,
                           const struct sql_statement *s);

#endif
