/* encode: the compression of a response's body, by zlib (RFC 9110 8.4.1). */
#ifndef KAM_HTTP_ENCODE_H
#define KAM_HTTP_ENCODE_H

#include "core/text.h"

enum kam_http_coding { KAM_HTTP_IDENTITY, KAM_HTTP_DEFLATE, KAM_HTTP_GZIP };

struct kam_http_encoder;

/* The best of these that an Accept-Encoding allows; NULL: there is none. */
enum kam_http_coding kam_http_accepts(const char *s, size_t len);

/* Is it worth to compress what has this Content-Type? */
bool kam_http_compresses(const char *type, size_t len);

/* NULL when memory is out. */
struct kam_http_encoder *kam_http_encoder_new(enum kam_http_coding coding);
void kam_http_encoder_free(struct kam_http_encoder *e);

/* Adds what len bytes come to; flush: all of them can be read by the peer then;
 * end: no more follow. False when memory is out. */
bool kam_http_encode(struct kam_http_encoder *e, const void *bytes, size_t len,
                     bool flush, bool end, struct kam_text *out);

#endif
