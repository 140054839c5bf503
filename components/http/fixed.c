/* fixed: responses that are always the same. */
#include "components/http/fixed.h"

#include <string.h>

struct cursor {
  const char *s;
  size_t left;
};

/* The next n bytes, or NULL. */
static const char *take(struct cursor *c, size_t n)
{
  const char *s = c->s;
  if (n > c->left)
    return NULL;
  c->s += n;
  c->left -= n;
  return s;
}

/* The next text; false: there is none. */
static bool take_text(struct cursor *c, const char **s, size_t *len)
{
  uint32_t n;
  const char *p = take(c, sizeof n);
  if (!p)
    return false;
  memcpy(&n, p, sizeof n);
  *len = n;
  *s = take(c, n);
  return *s != NULL;
}

static bool take_response(struct cursor *c, struct kam_http_fixed *r)
{
  uint16_t status;
  const char *p = take(c, sizeof status);
  if (!p)
    return false;
  memcpy(&status, p, sizeof status);
  r->status = status;
  return take_text(c, &r->lines, &r->lines_len) &&
         take_text(c, &r->body, &r->body_len);
}

enum kam_http_route kam_http_fixed_find(const char *all, size_t len,
                                        const char *path, size_t path_len,
                                        struct kam_http_fixed *out)
{
  enum kam_http_route found = KAM_HTTP_ASKED;
  struct cursor c = {all, len};
  const char *s, *is;
  size_t n, best = 0;
  bool any = false;
  struct kam_http_fixed r;
  while (take_text(&c, &s, &n) && (is = take(&c, 1))) {
    if (*is == KAM_HTTP_FIXED && !take_response(&c, &r))
      return KAM_HTTP_ASKED;
    if (n > path_len || memcmp(s, path, n) != 0 ||
        (n < path_len && path[n] != '/') || (any && n < best))
      continue;
    any = true;
    best = n;
    found = *is == KAM_HTTP_FIXED      ? KAM_HTTP_FIXED
            : *is == KAM_HTTP_STREAMED ? KAM_HTTP_STREAMED
                                       : KAM_HTTP_ASKED;
    if (found == KAM_HTTP_FIXED)
      *out = r;
  }
  return found;
}
