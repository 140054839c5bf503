/* columns: names by place and by name. */
#include "components/csv/columns.h"

#include "core/err.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *one, const void *other)
{
  const struct csv_column *a = one, *b = other;
  size_t n = a->len < b->len ? a->len : b->len;
  int order = n ? memcmp(a->name, b->name, n) : 0;
  return order ? order : (a->len > b->len) - (a->len < b->len);
}

int csv_columns_add(struct csv_columns *c, const char *name, size_t len)
{
  size_t size = c->size ? c->size : 16;
  struct csv_column *at = c->at;
  char *copy = malloc(len + 1);
  if (!copy)
    return KAM_ENOMEM;
  if (c->n == c->size) {
    size = c->size ? 2 * size : size;
    at = realloc(c->at, size * sizeof *at);
    if (!at) {
      free(copy);
      return KAM_ENOMEM;
    }
    c->at = at;
    c->size = size;
  }
  if (len)
    memcpy(copy, name, len);
  copy[len] = 0;
  at[c->n] = (struct csv_column){copy, len, c->n};
  c->n++;
  return 0;
}

int csv_columns_seal(struct csv_columns *c, const struct csv_column **twice)
{
  size_t i;
  *twice = NULL;
  if (!c->n)
    return 0;
  c->sorted = malloc(c->n * sizeof *c->sorted);
  if (!c->sorted)
    return KAM_ENOMEM;
  memcpy(c->sorted, c->at, c->n * sizeof *c->sorted);
  qsort(c->sorted, c->n, sizeof *c->sorted, compare);
  for (i = 1; i < c->n; i++)
    if (compare(&c->sorted[i - 1], &c->sorted[i]) == 0)
      *twice = &c->sorted[i];
  return 0;
}

const struct csv_column *csv_columns_find(const struct csv_columns *c,
                                          const char *name, size_t len)
{
  size_t low = 0, high = c->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const struct csv_column *column = &c->sorted[middle];
    size_t n = len < column->len ? len : column->len;
    int order = n ? memcmp(name, column->name, n) : 0;
    if (!order)
      order = (len > column->len) - (len < column->len);
    if (!order)
      return column;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}

void csv_columns_fini(struct csv_columns *c)
{
  size_t i;
  for (i = 0; i < c->n; i++)
    free(c->at[i].name);
  free(c->at);
  free(c->sorted);
  *c = (struct csv_columns){0};
}
