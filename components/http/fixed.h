/* fixed: what a session answers by itself: responses that are always the same,
 * and files.
 *
 * They come as one string, which all sessions of a server share: for each path
 *
 *     length u32 | path | kam_http_route u8
 *     status u16 | length u32 | lines of the head | length u32 | body
 *     length u32 | folder | length u32 | index | gzip u8
 *
 * in the machine's order, the second line only where it is a response, the
 * third one only where it is a folder, with a zero at the end of both texts. A
 * path has no / at its end, and stands for all that are below it. */
#ifndef KAM_HTTP_FIXED_H
#define KAM_HTTP_FIXED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kam_http_route {
  KAM_HTTP_ASKED, /* the handler gives the response */
  KAM_HTTP_FIXED,
  KAM_HTTP_STREAMED, /* it is asked for before the body is there */
  KAM_HTTP_FOLDER
};

struct kam_http_fixed {
  int status;
  const char *lines, *body; /* borrowed */
  size_t lines_len, body_len;
  const char *root, *index; /* of a folder, borrowed */
  bool gzip;
  size_t at; /* where in the path the rest begins */
};

/* What the longest path that this one begins with stands for; out is set for
 * KAM_HTTP_FIXED and KAM_HTTP_FOLDER. */
enum kam_http_route kam_http_fixed_find(const char *all, size_t len,
                                        const char *path, size_t path_len,
                                        struct kam_http_fixed *out);

#endif
