/* fixed: what a session answers by itself. */
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

static bool take_folder(struct cursor *c, struct kam_http_fixed *r)
{
  size_t len;
  const char *gzip;
  if (!take_text(c, &r->root, &len) || !take_text(c, &r->index, &len) ||
      !(gzip = take(c, 1)))
    return false;
  r->gzip = *gzip != 0;
  return true;
}

static bool take_answer(struct cursor *c, enum kam_http_route route,
                        struct kam_http_fixed *r)
{
  if (route == KAM_HTTP_FIXED)
    return take_response(c, r);
  return route != KAM_HTTP_FOLDER || take_folder(c, r);
}

enum kam_http_route kam_http_fixed_find(const char *all, size_t len,
                                        const char *path, size_t path_len,
                                        struct kam_http_fixed *out)
{
  enum kam_http_route found = KAM_HTTP_ASKED, route;
  struct cursor c = {all, len};
  struct kam_http_fixed r = {0};
  const char *s, *is;
  size_t n;
  bool any = false;
  while (take_text(&c, &s, &n) && (is = take(&c, 1))) {
    route = (enum kam_http_route) * is;
    if (!take_answer(&c, route, &r))
      return KAM_HTTP_ASKED;
    if (n > path_len || memcmp(s, path, n) != 0 ||
        (n < path_len && path[n] != '/') || (any && n < out->at))
      continue;
    any = true;
    found = route;
    *out = r;
    out->at = n;
  }
  return found;
}
