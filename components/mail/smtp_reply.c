/* smtp_reply: the replies of an SMTP server. */
#include "components/mail/smtp_reply.h"

#include <string.h>
#include <strings.h>

/* Where in a line: three digits, what divides, the text, its CR. */
enum { DIGIT_1, DIGIT_2, DIGIT_3, DIVIDER, TEXT, CR };

void kam_smtp_reply_init(struct kam_smtp_reply *r, struct kam_mem *mem)
{
  *r = (struct kam_smtp_reply){0};
  kam_text_init(&r->text, mem);
}

void kam_smtp_reply_fini(struct kam_smtp_reply *r)
{
  kam_text_fini(&r->text);
}

void kam_smtp_reply_next(struct kam_smtp_reply *r)
{
  struct kam_mem *mem = r->text.mem;
  kam_text_fini(&r->text);
  kam_smtp_reply_init(r, mem);
}

static enum kam_smtp_replied wrong(struct kam_smtp_reply *r, const char *why)
{
  r->why = why;
  return KAM_SMTP_REPLY_WRONG;
}

/* A line begins whose code is read: in front of its text. */
static enum kam_smtp_replied begin_line(struct kam_smtp_reply *r, bool last)
{
  if (r->lines > 0 && r->code != r->first)
    return wrong(r, "its lines have different codes");
  if (r->lines == KAM_SMTP_REPLY_LINES)
    return wrong(r, "it has more than 100 lines");
  r->last = last;
  r->first = r->code;
  if (r->lines == 0)
    kam_text_printf(&r->text, "%d ", r->code);
  else
    kam_text_puts(&r->text, "\n");
  return KAM_SMTP_REPLY_MORE;
}

static enum kam_smtp_replied digit(struct kam_smtp_reply *r, char c)
{
  bool first = r->at == DIGIT_1;
  if (c < (first ? '2' : '0') || c > (first ? '5' : '9'))
    return wrong(r, "it does not begin with a code");
  r->code = (first ? 0 : r->code * 10) + c - '0';
  r->at++;
  return KAM_SMTP_REPLY_MORE;
}

static enum kam_smtp_replied divider(struct kam_smtp_reply *r, char c)
{
  if (c != ' ' && c != '-' && c != '\r')
    return wrong(r, "behind its code is no space");
  r->at = c == '\r' ? CR : TEXT;
  return begin_line(r, c != '-');
}

/* As much of the text as is here: how many bytes. */
static size_t text(struct kam_smtp_reply *r, const char *s, size_t len)
{
  size_t n = 0;
  while (n < len && s[n] != '\r' && s[n] != '\n' && s[n] != '\0')
    n++;
  kam_text_put(&r->text, s, n);
  return n;
}

/* What ends the text of a line. */
static enum kam_smtp_replied end_text(struct kam_smtp_reply *r, char c)
{
  if (c != '\r')
    return wrong(r, c ? "a line of it ends in LF alone" : "it has a NUL");
  r->at = CR;
  return KAM_SMTP_REPLY_MORE;
}

static enum kam_smtp_replied end_line(struct kam_smtp_reply *r, char c)
{
  if (c != '\n')
    return wrong(r, "it has a CR within a line");
  r->at = DIGIT_1;
  r->lines++;
  return r->last ? KAM_SMTP_REPLY_WHOLE : KAM_SMTP_REPLY_MORE;
}

enum kam_smtp_replied kam_smtp_reply_read(struct kam_smtp_reply *r,
                                          const char *s, size_t len,
                                          size_t *used)
{
  enum kam_smtp_replied is = KAM_SMTP_REPLY_MORE;
  size_t i = 0;
  while (i < len && is == KAM_SMTP_REPLY_MORE) {
    if (r->at == TEXT)
      i += text(r, s + i, len - i);
    if (r->text.len > KAM_SMTP_REPLY_BYTES)
      is = wrong(r, "it has more than 64 KB");
    else if (i < len) {
      char c = s[i++];
      is = r->at < DIVIDER    ? digit(r, c)
           : r->at == DIVIDER ? divider(r, c)
           : r->at == TEXT    ? end_text(r, c)
                              : end_line(r, c);
    }
  }
  *used = i;
  return r->text.failed ? KAM_SMTP_REPLY_NOMEM : is;
}

bool kam_smtp_reply_offers(const struct kam_smtp_reply *r, const char *name)
{
  const char *s = r->text.s, *end = s + r->text.len;
  size_t len = strlen(name);
  s = s ? memchr(s, '\n', r->text.len) : NULL;
  while (s) {
    const char *line = s + 1;
    size_t left = (size_t)(end - line);
    if (left >= len && strncasecmp(line, name, len) == 0 &&
        (left == len || strchr(" =\n", line[len])))
      return true;
    s = memchr(line, '\n', left);
  }
  return false;
}
