/* fixed: responses that are always the same, for a session to give by itself.
 *
 * They come as one string, which all sessions of a server share: for each path
 *
 *     length u32 | path | kam_http_route u8
 *     status u16 | length u32 | lines of the head | length u32 | body
 *
 * in the machine's order, the second line only where it is a response. A path
 * has no / at its end, and stands for all that are below it. */
#ifndef KAM_HTTP_FIXED_H
#define KAM_HTTP_FIXED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kam_http_route {
  KAM_HTTP_ASKED, /* the handler gives the response */
  KAM_HTTP_FIXED,
  KAM_HTTP_STREAMED /* it is asked for before the body is there */
};

struct kam_http_fixed {
  int status;
  const char *lines, *body; /* borrowed */
  size_t lines_len, body_len;
};

/* What the longest path that this one begins with stands for; out is set for
 * KAM_HTTP_FIXED. */
enum kam_http_route kam_http_fixed_find(const char *all, size_t len,
                                        const char *path, size_t path_len,
                                        struct kam_http_fixed *out);

#endif
