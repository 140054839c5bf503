/* target: the path and the query of a request. */
#ifndef KAM_HTTP_TARGET_H
#define KAM_HTTP_TARGET_H

#include "core/tape.h"
#include "core/text.h"

/* Writes the path, decoded and without "." and "..", and the query, decoded, as
 * the fields path and query of an open table. False: it is no target. */
bool kam_http_target(const char *s, size_t len, struct kam_text *room,
                     struct kam_tape *t);

#endif
