/* access: a line of an access log, in the combined format that Apache and nginx
 * write. */
#ifndef KAM_HTTP_ACCESS_H
#define KAM_HTTP_ACCESS_H

#include "components/http/message.h"

/* Writes the line, without its end, for a request, as far as it was read:
 *
 *     peer - - [time] "request" status bytes "referer" "user-agent"
 *
 * What cannot be printed, quotes and backslashes are written as \xHH. */
void kam_http_access(const struct kam_http *in, const char *peer, int status,
                     uint64_t bytes, struct kam_text *out);

#endif
