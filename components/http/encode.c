/* encode: the compression of a response's body. */
#include "components/http/encode.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

enum {
  LEVEL = 3, /* most of what there is to gain, at a third of level 6's time */
  WINDOW = 15,
  GZIP = 16 /* added to a window: with a gzip header */
};

struct kam_http_encoder {
  z_stream z;
};

static bool is_blank(char ch)
{
  return ch == ' ' || ch == '\t';
}

/* Is there a weight of zero in the parameters? */
static bool is_refused(const char *s, size_t len)
{
  size_t i = 0;
  while (i < len && (is_blank(s[i]) || s[i] == ';'))
    i++;
  if (len - i < 3 || strncasecmp(s + i, "q=", 2) != 0)
    return false;
  for (i += 2; i < len; i++)
    if (s[i] != '0' && s[i] != '.' && !is_blank(s[i]))
      return false;
  return true;
}

static bool is(const char *s, size_t len, const char *name)
{
  return len == strlen(name) && strncasecmp(s, name, len) == 0;
}

enum kam_http_coding kam_http_accepts(const char *s, size_t len)
{
  bool gzip = false, deflate = false, any = false, named = false;
  const char *end = s + len;
  while (s && s < end) {
    const char *comma = memchr(s, ',', (size_t)(end - s));
    const char *stop = comma ? comma : end, *name;
    bool wanted;
    while (s < stop && is_blank(*s))
      s++;
    for (name = s; s < stop && *s != ';' && !is_blank(*s);)
      s++;
    wanted = !is_refused(s, (size_t)(stop - s));
    if (is(name, (size_t)(s - name), "gzip")) {
      gzip = wanted;
      named = true;
    } else if (is(name, (size_t)(s - name), "deflate")) {
      deflate = wanted;
    } else if (is(name, (size_t)(s - name), "*")) {
      any = wanted;
    }
    s = comma ? comma + 1 : end;
  }
  if (gzip || (any && !named))
    return KAM_HTTP_GZIP;
  return deflate ? KAM_HTTP_DEFLATE : KAM_HTTP_IDENTITY;
}

static bool ends_with(const char *s, size_t len, const char *end)
{
  size_t n = strlen(end);
  return len >= n && strncasecmp(s + len - n, end, n) == 0;
}

bool kam_http_compresses(const char *type, size_t len)
{
  const char *parameters = memchr(type, ';', len);
  if (parameters)
    len = (size_t)(parameters - type);
  while (len && is_blank(type[len - 1]))
    len--;
  if (is(type, len, "text/event-stream"))
    return false;
  return (len > 5 && strncasecmp(type, "text/", 5) == 0) ||
         ends_with(type, len, "/json") || ends_with(type, len, "+json") ||
         ends_with(type, len, "/xml") || ends_with(type, len, "+xml") ||
         ends_with(type, len, "/javascript") || ends_with(type, len, "/wasm");
}

struct kam_http_encoder *kam_http_encoder_new(enum kam_http_coding coding)
{
  struct kam_http_encoder *e = calloc(1, sizeof *e);
  int window = coding == KAM_HTTP_GZIP ? WINDOW + GZIP : WINDOW;
  if (!e || deflateInit2(&e->z, LEVEL, Z_DEFLATED, window, 8,
                         Z_DEFAULT_STRATEGY) == Z_OK)
    return e;
  free(e);
  return NULL;
}

void kam_http_encoder_free(struct kam_http_encoder *e)
{
  if (e)
    deflateEnd(&e->z);
  free(e);
}

bool kam_http_encode(struct kam_http_encoder *e, const void *bytes, size_t len,
                     bool flush, bool end, struct kam_text *out)
{
  unsigned char room[16384];
  int how = end ? Z_FINISH : flush ? Z_SYNC_FLUSH : Z_NO_FLUSH;
  e->z.next_in = (Bytef *)(uintptr_t)bytes;
  e->z.avail_in = (uInt)len;
  do {
    e->z.next_out = room;
    e->z.avail_out = sizeof room;
    deflate(&e->z, how);
    kam_text_put(out, room, sizeof room - e->z.avail_out);
  } while (e->z.avail_out == 0);
  return !out->failed;
}
