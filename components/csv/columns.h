/* columns: the names of a CSV text's columns, by place and by name. */
#ifndef KAM_CSV_COLUMNS_H
#define KAM_CSV_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

struct csv_column {
  char *name;
  size_t len;
  size_t place; /* from 0 */
};

struct csv_columns {
  struct csv_column *at;     /* by place */
  struct csv_column *sorted; /* by name, once sealed; names are at's */
  size_t n, size;
};

/* One column more, with a copy of the name: 0 or KAM_ENOMEM. */
int csv_columns_add(struct csv_columns *c, const char *name, size_t len);

/* No more come: they can be found. *twice is a name that is there twice, or
 * NULL. 0 or KAM_ENOMEM. */
int csv_columns_seal(struct csv_columns *c, const struct csv_column **twice);

/* The column of that name, or NULL. */
const struct csv_column *csv_columns_find(const struct csv_columns *c,
                                          const char *name, size_t len);

void csv_columns_fini(struct csv_columns *c);

#endif
