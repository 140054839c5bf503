/* msg: giving back, looking at and describing messages. */
#include "core/msg.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"

void kam_msg_drop(const struct kam_host *host, struct kam_msg m)
{
  if (m.tag == KAM_OBJECT)
    kam_object_unref(m.u.object);
  else if (m.tag == KAM_PARKED)
    host->drop(host->ctx, m);
}

const void *kam_msg_view(const struct kam_host *host, struct kam_msg m,
                         size_t *len)
{
  if (m.tag == KAM_OBJECT)
    return m.u.object->ops->view(m.u.object, len);
  if (m.tag == KAM_PARKED && (m.flags & KAM_MSG_TEXT))
    return host->view(host->ctx, m, len);
  return NULL;
}

/* Writes the byte at s as it stands in a quoted text, or the whole character,
 * of those n bytes; gives the length of what it wrote, and in *took what of. */
static size_t escape(const unsigned char *s, size_t n, char out[5],
                     size_t *took)
{
  unsigned char c = s[0];
  size_t len = kam_utf8_sequence(s, n);
  bool control = c < 32 || c == 127 || (c == 0xc2 && len == 2 && s[1] < 0xa0);
  const char *plain = c == '\n'   ? "\\n"
                      : c == '\t' ? "\\t"
                      : c == '\r' ? "\\r"
                      : c == '"'  ? "\\\""
                      : c == '\\' ? "\\\\"
                                  : NULL;
  *took = len == 0 || control ? 1 : len;
  if (plain)
    return (size_t)snprintf(out, 5, "%s", plain);
  if (len == 0 || control)
    return (size_t)snprintf(out, 5, "\\x%02x", c);
  memcpy(out, s, len);
  return len;
}

size_t kam_quote(const void *bytes, size_t len, char *buf, size_t size)
{
  static const char cut[] = "\xe2\x80\xa6\"";
  const unsigned char *s = bytes;
  size_t at = 0, i, took;
  if (size < 8)
    return 0;
  buf[at++] = '"';
  for (i = 0; i < len; i += took) {
    char out[5];
    size_t n = escape(s + i, len - i, out, &took);
    if (at + n + sizeof cut > size)
      break;
    memcpy(buf + at, out, n);
    at += n;
  }
  if (i == len) {
    buf[at++] = '"';
    buf[at] = 0;
    return at;
  }
  memcpy(buf + at, cut, sizeof cut);
  return at + sizeof cut - 1;
}

static size_t print(char *buf, size_t size, const char *format, ...)
{
  va_list args;
  int n;
  va_start(args, format);
  n = vsnprintf(buf, size, format, args);
  va_end(args);
  return n < 0 ? 0 : (size_t)n;
}

static size_t object_text(const struct kam_host *host, struct kam_msg m,
                          bool whole, char *buf, size_t size)
{
  size_t len, n;
  const void *p = kam_msg_view(host, m, &len);
  if (!p)
    return print(buf, size, "%s", m.u.object->ops->name);
  if (!whole)
    return kam_quote(p, len, buf, size);
  n = len < size ? len : size ? size - 1 : 0;
  memcpy(buf, p, n);
  if (size)
    buf[n] = 0;
  return len;
}

size_t kam_msg_text(const struct kam_host *host, struct kam_msg m, bool whole,
                    char *buf, size_t size)
{
  switch ((enum kam_tag)m.tag) {
  case KAM_NOTHING:
    return print(buf, size, "nothing");
  case KAM_BOOL:
    return print(buf, size, m.u.b ? "true" : "false");
  case KAM_INT:
    return print(buf, size, "%" PRId64, m.u.i);
  case KAM_NUMBER:
    return print(buf, size, "%.14g", m.u.n);
  case KAM_SIGNAL:
    return print(buf, size,
                 m.u.i == KAM_SHUTDOWN ? "shutdownMicroprocess"
                                       : "producerFinished");
  case KAM_PARKED:
    return host->text(host->ctx, m, whole, buf, size);
  case KAM_OBJECT:
    return object_text(host, m, whole, buf, size);
  }
  return 0;
}
