/* smtp_data: the text of a mail as it goes over the wire. */
#include "components/mail/smtp_data.h"

#include <string.h>

enum state {
  BEGIN,  /* of a line */
  DOT,    /* a line has begun with one, which is not out */
  DOT_CR, /* and behind it a CR, which is neither */
  INSIDE, /* a line */
  CR,     /* which is out */
  OVER,
  BAD /* the code of what is wrong is state - BAD */
};

/* Bytes at the beginning of s, up to the first that is c. */
static size_t up_to(char c, const char *s, size_t len)
{
  const char *p = memchr(s, c, len);
  return p ? (size_t)(p - s) : len;
}

/* Bytes at the beginning of s that are neither CR nor LF. */
static size_t text(const char *s, size_t len)
{
  return up_to('\r', s, up_to('\n', s, len));
}

/* And no NUL. */
static size_t plain(const char *s, size_t len)
{
  return up_to('\0', s, text(s, len));
}

/* --- reading --- */

static enum kam_smtp_read refuse(struct kam_smtp_reader *r,
                                 enum kam_smtp_read why)
{
  r->state = (uint8_t)(BAD + why);
  return why;
}

static enum kam_smtp_read give(struct kam_smtp_reader *r, const char *s,
                               size_t len, const char **piece, size_t *n)
{
  *piece = s;
  *n = len;
  r->size += len;
  return KAM_SMTP_PIECE;
}

/* What is to stand in place of a bare CR or LF, or NULL; *takes, how many bytes
 * at hand it is for. */
static const char *mend(struct kam_smtp_reader *r, char c, size_t *takes)
{
  const char *literal = NULL;
  *takes = 0;
  if (r->state == CR && c != '\n')
    literal = "\n";
  else if (r->state == DOT_CR)
    literal = "\r\n";
  else if (r->state != CR && c == '\n') {
    literal = "\r\n";
    *takes = 1;
  }
  if (literal) {
    r->state = INSIDE;
    r->line = 0;
  }
  return literal;
}

/* What is wrong with a byte here, or KAM_SMTP_MORE. */
static enum kam_smtp_read wrong(const struct kam_smtp_reader *r, char c)
{
  bool cr = r->state == CR || r->state == DOT_CR;
  if (cr && c != '\n' && !r->repairs)
    return KAM_SMTP_BARE_CR;
  if (c == '\0')
    return KAM_SMTP_NUL;
  if (c == '\n' && !cr && !r->repairs)
    return KAM_SMTP_BARE_LF;
  return KAM_SMTP_MORE;
}

/* The rest of a line at s, up to its limit, with its end if that is there. */
static size_t line(struct kam_smtp_reader *r, const char *s, size_t len)
{
  size_t at = plain(s, len);
  if (r->max_line && at > r->max_line - r->line)
    at = r->max_line - r->line;
  r->line += (uint32_t)at;
  if (at > 0)
    r->state = INSIDE;
  if (at < len && s[at] == '\r') {
    r->state = CR;
    at++;
  }
  return at;
}

/* Moves on over the run of the mail at s that goes out as it is: its length. */
static size_t run(struct kam_smtp_reader *r, const char *s, size_t len)
{
  size_t at = 0;
  while (at < len) {
    if (r->state == CR && s[at] == '\n') {
      r->state = BEGIN;
      r->line = 0;
      at++;
    } else if (r->state == CR || (r->state == BEGIN && s[at] == '.')) {
      break;
    } else {
      size_t n = line(r, s + at, len - at);
      at += n;
      if (n == 0)
        break;
    }
  }
  return at;
}

/* Takes what is not in the mail: gives how many bytes. */
static size_t take_dots(struct kam_smtp_reader *r, const char *s, size_t len)
{
  size_t at = 0;
  if (r->state == BEGIN && s[at] == '.') {
    r->state = DOT;
    at++;
  }
  if (at < len && r->state == DOT && s[at] == '\r') {
    r->state = DOT_CR;
    at++;
  }
  if (at < len && r->state == DOT_CR && s[at] == '\n') {
    r->state = OVER;
    at++;
  }
  return at;
}

enum kam_smtp_read kam_smtp_read(struct kam_smtp_reader *r, const char *s,
                                 size_t len, size_t *used, const char **piece,
                                 size_t *n)
{
  enum kam_smtp_read why;
  const char *literal;
  size_t at = 0, takes;
  *used = 0;
  if (r->state >= BAD)
    return (enum kam_smtp_read)(r->state - BAD);
  if (r->state != OVER && len > 0)
    at = *used = take_dots(r, s, len);
  if (r->state == OVER)
    return KAM_SMTP_END;
  if (at == len)
    return KAM_SMTP_MORE;
  why = wrong(r, s[at]);
  if (why)
    return refuse(r, why);
  literal = mend(r, s[at], &takes);
  if (literal) {
    *used = at + takes;
    return give(r, literal, strlen(literal), piece, n);
  }
  len = run(r, s + at, len - at);
  if (len == 0)
    return refuse(r, KAM_SMTP_LONG);
  *used = at + len;
  return give(r, s + at, len, piece, n);
}

/* --- writing --- */

/* Bytes of s that go out as they are. */
static size_t written(struct kam_smtp_writer *w, const char *s, size_t len)
{
  size_t at = 0;
  while (at < len) {
    if (w->state == CR && s[at] == '\n') {
      w->state = BEGIN;
      at++;
    } else if (w->state == CR || s[at] == '\n' ||
               (w->state == BEGIN && s[at] == '.')) {
      break;
    } else if (s[at] == '\r') {
      w->state = CR;
      at++;
    } else {
      size_t n = text(s + at, len - at);
      w->state = INSIDE;
      at += n;
    }
  }
  return at;
}

bool kam_smtp_write(struct kam_smtp_writer *w, const char *s, size_t len,
                    size_t *used, const char **piece, size_t *n)
{
  *used = 0;
  if (len == 0)
    return false;
  *used = *n = written(w, s, len);
  *piece = s;
  if (*n > 0)
    return true;
  if (w->state == CR) { /* a bare one */
    w->state = BEGIN;
    *piece = "\n";
  } else if (s[0] == '\n') {
    w->state = BEGIN;
    *piece = "\r\n";
    *used = 1;
  } else {
    w->state = DOT; /* the one in front, the other follows */
    *piece = ".";
  }
  *n = strlen(*piece);
  return true;
}

const char *kam_smtp_write_end(const struct kam_smtp_writer *w)
{
  if (w->state == BEGIN)
    return ".\r\n";
  return w->state == CR ? "\n.\r\n" : "\r\n.\r\n";
}
