/* statements: those of one connection, kept by their texts. */
#include "components/database/statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool sql_statements_open(struct sql_statements *all, const char *path,
                         bool read_only, int wait)
{
  bool ok;
  all->main.path = path;
  ok = sql_connect(&all->main, read_only, wait);
  all->main.code = "E0660";
  return ok;
}

static void forget(struct sql_kept *k)
{
  sqlite3_finalize(k->s.stmt);
  free(k->text);
  *k = (struct sql_kept){0};
}

void sql_statements_close(struct sql_statements *all)
{
  size_t i;
  for (i = 0; all->kept && i < SQL_KEPT; i++)
    forget(&all->kept[i]);
  free(all->kept);
  all->kept = NULL;
  sql_close(&all->main);
}

static bool no_memory(struct sql_statements *all)
{
  all->main.code = "E0662";
  snprintf(all->main.trouble, sizeof all->main.trouble, "out of memory");
  return false;
}

static bool is_of(const struct sql_kept *k, const char *text, size_t len)
{
  return k->text && k->len == len && memcmp(k->text, text, len) == 0;
}

/* The place of a text: its own, an empty one, or that of the one used longest
 * ago. */
static struct sql_kept *place_of(struct sql_statements *all, const char *text,
                                 size_t len)
{
  struct sql_kept *k, *oldest = all->kept;
  for (k = all->kept; k < all->kept + SQL_KEPT; k++) {
    if (is_of(k, text, len))
      return k;
    if (k->used < oldest->used)
      oldest = k;
  }
  return oldest;
}

static bool keep(struct sql_statements *all, struct sql_kept *k,
                 const char *text, size_t len)
{
  forget(k);
  k->text = malloc(len + 1);
  if (!k->text)
    return no_memory(all);
  memcpy(k->text, text, len);
  k->text[len] = 0;
  k->len = len;
  k->s.db = all->main.db;
  k->s.path = all->main.path;
  k->s.sql = k->text;
  if (sql_prepare(&k->s))
    return true;
  sql_statements_failed(all, &k->s);
  forget(k);
  return false;
}

struct sql_statement *sql_statements_find(struct sql_statements *all,
                                          const char *text, size_t len)
{
  struct sql_kept *k;
  if (!all->kept)
    all->kept = calloc(SQL_KEPT, sizeof *all->kept);
  if (!all->kept) {
    no_memory(all);
    return NULL;
  }
  k = place_of(all, text, len);
  if (!is_of(k, text, len) && !keep(all, k, text, len))
    return NULL;
  k->used = ++all->clock;
  return &k->s;
}

const struct sql_statement *sql_statements_known(struct sql_statements *all,
                                                 const char *text, size_t len)
{
  const struct sql_kept *k = all->kept ? place_of(all, text, len) : NULL;
  return k && is_of(k, text, len) ? &k->s : NULL;
}

bool sql_statements_failed(struct sql_statements *all,
                           const struct sql_statement *s)
{
  all->main.code = s->code;
  memcpy(all->main.trouble, s->trouble, sizeof s->trouble);
  return false;
}
