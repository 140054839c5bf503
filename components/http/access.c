/* access: a line of an access log. */
#include "components/http/access.h"

#include <time.h>

enum { MOST = 4096 /* bytes that a peer may make one part long */ };

static void put_escaped(struct kam_text *out, const char *s, size_t len)
{
  size_t i;
  for (i = 0; i < len && i < MOST; i++) {
    unsigned char ch = (unsigned char)s[i];
    if (ch < 0x20 || ch >= 0x7f || ch == '"' || ch == '\\')
      kam_text_printf(out, "\\x%02X", ch);
    else
      kam_text_put(out, s + i, 1);
  }
}

static void put_header(const struct kam_http *in, const char *name,
                       struct kam_text *out)
{
  size_t len = 0;
  const char *s = kam_http_header(in, name, &len);
  kam_text_puts(out, " \"");
  if (s && len)
    put_escaped(out, s, len);
  else
    kam_text_puts(out, "-");
  kam_text_puts(out, "\"");
}

static void put_time(struct kam_text *out)
{
  static _Thread_local char text[40];
  static _Thread_local time_t of;
  time_t now = time(NULL);
  struct tm tm;
  if (now != of) {
    gmtime_r(&now, &tm);
    strftime(text, sizeof text, "%d/%b/%Y:%H:%M:%S +0000", &tm);
    of = now;
  }
  kam_text_puts(out, text);
}

void kam_http_access(const struct kam_http *in, const char *peer, int status,
                     uint64_t bytes, struct kam_text *out)
{
  kam_text_puts(out, *peer ? peer : "-");
  kam_text_puts(out, " - - [");
  put_time(out);
  kam_text_puts(out, "] \"");
  if (in->has_head) {
    kam_text_puts(out, llhttp_method_name((llhttp_method_t)in->p.method));
    kam_text_puts(out, " ");
    put_escaped(out, in->text.s + in->target.at, in->target.len);
    kam_text_printf(out, " HTTP/%d.%d", in->p.http_major, in->p.http_minor);
  }
  kam_text_printf(out, "\" %d %llu", status, (unsigned long long)bytes);
  put_header(in, "referer", out);
  put_header(in, "user-agent", out);
}
