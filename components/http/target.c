/* target: the path and the query of a request. */
#include "components/http/target.h"

#include <ctype.h>
#include <string.h>

static int hex(int ch)
{
  if (isdigit(ch))
    return ch - '0';
  return isxdigit(ch) ? tolower(ch) - 'a' + 10 : -1;
}

/* Adds s without %xx: false if one of them is none, or a zero. */
static bool decode(const char *s, size_t len, bool plus, struct kam_text *out)
{
  size_t i;
  for (i = 0; i < len; i++) {
    char ch = s[i];
    if (ch == '%') {
      int high = len - i > 2 ? hex((unsigned char)s[i + 1]) : -1;
      int low = high < 0 ? -1 : hex((unsigned char)s[i + 2]);
      if (low < 0 || high + low == 0)
        return false;
      ch = (char)(high * 16 + low);
      i += 2;
    } else if (plus && ch == '+') {
      ch = ' ';
    }
    kam_text_put(out, &ch, 1);
  }
  return true;
}

/* Takes "." and ".." out of the path in s, in its place (RFC 3986 5.2.4); false
 * if it leads out of the root. Gives its length. */
static bool flatten(char *s, size_t *len)
{
  size_t in = 0, out = 0, end;
  while (in < *len) {
    const char *slash = memchr(s + in + 1, '/', *len - in - 1);
    size_t n;
    end = slash ? (size_t)(slash - s) : *len;
    n = end - in - 1;
    if (n == 2 && s[in + 1] == '.' && s[in + 2] == '.') {
      if (out == 0)
        return false;
      while (s[--out] != '/')
        ;
    } else if (!(n == 1 && s[in + 1] == '.')) {
      memmove(s + out, s + in, end - in);
      out += end - in;
      in = end;
      continue;
    }
    in = end;
    if (in == *len) /* a folder */
      s[out++] = '/';
  }
  *len = out;
  return true;
}

static bool write_path(const char *s, size_t len, struct kam_text *room,
                       struct kam_tape *t)
{
  room->len = 0;
  if (!decode(s, len, false, room) || room->failed)
    return false;
  if (!(len == 1 && *s == '*') && !flatten(room->s, &room->len))
    return false;
  kam_tape_text(t, "path");
  kam_tape_bytes(t, room->s, room->len);
  return true;
}

static bool write_part(const char *s, size_t len, struct kam_text *room,
                       struct kam_tape *t)
{
  const char *is = memchr(s, '=', len);
  size_t n = is ? (size_t)(is - s) : len;
  room->len = 0;
  if (!decode(s, n, true, room) || room->failed)
    return false;
  kam_tape_bytes(t, room->s, room->len);
  room->len = 0;
  if (is && (!decode(is + 1, len - n - 1, true, room) || room->failed))
    return false;
  kam_tape_bytes(t, room->s ? room->s : "", room->len);
  return true;
}

static bool write_query(const char *s, size_t len, struct kam_text *room,
                        struct kam_tape *t)
{
  kam_tape_text(t, "query");
  kam_tape_table(t);
  while (len) {
    const char *next = memchr(s, '&', len);
    size_t n = next ? (size_t)(next - s) : len;
    if (n && !write_part(s, n, room, t))
      return false;
    len -= next ? n + 1 : n;
    s += next ? n + 1 : n;
  }
  kam_tape_end(t);
  return true;
}

/* The path of an absolute target: behind http://host. */
static const char *skip_origin(const char *s, size_t *len)
{
  size_t i;
  for (i = 0; i + 3 <= *len && isalpha((unsigned char)s[i]); i++)
    ;
  if (i == 0 || i + 3 > *len || memcmp(s + i, "://", 3) != 0)
    return s;
  for (i += 3; i < *len && s[i] != '/' && s[i] != '?'; i++)
    ;
  *len -= i;
  return s + i;
}

bool kam_http_target(const char *s, size_t len, struct kam_text *room,
                     struct kam_tape *t)
{
  const char *path = skip_origin(s, &len), *query, *mark;
  size_t n = len, q;
  mark = memchr(path, '#', n);
  if (mark)
    return false;
  query = memchr(path, '?', n);
  q = query ? n - (size_t)(query - path) - 1 : 0;
  n = query ? (size_t)(query - path) : n;
  if (path != s && n == 0)
    return write_path("/", 1, room, t) &&
           write_query(query ? query + 1 : "", q, room, t);
  if (*path != '/' && !(n == 1 && *path == '*'))
    return false;
  return write_path(path, n, room, t) &&
         write_query(query ? query + 1 : "", q, room, t);
}
