/* field: headers as components give them, written as HTTP/1.1 (RFC 9110 5). */
#ifndef KAM_HTTP_FIELD_H
#define KAM_HTTP_FIELD_H

#include "core/tape.h"
#include "core/text.h"

/* Is it that text, in letters of any size? */
bool kam_http_is(const struct kam_tape_item *item, const char *text);

/* A token, and what a header may say: one line. */
bool kam_http_is_token(const char *s, size_t n);
bool kam_http_is_value(const char *s, size_t n);

/* What is wrong with the name of a header, or NULL. */
const char *kam_http_field_name(const struct kam_tape_item *name);

/* Writes a header whose name is right: NULL, or what is wrong with it. */
const char *kam_http_field_put(struct kam_text *out,
                               const struct kam_tape_item *name,
                               const struct kam_tape_item *value);

/* Called for each value of each header: 0, or what ends the walk. */
typedef int (*kam_http_field_fn)(void *ctx, const struct kam_tape_item *name,
                                 const struct kam_tape_item *value);

/* Walks over a table of headers, whose first entry is at `at`; 0: there is
 * none. 0, or what fn gave. */
int kam_http_each_field(const struct kam_tape *t, size_t at,
                        kam_http_field_fn fn, void *ctx);

#endif
