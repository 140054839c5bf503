/* smtp_request: what an SMTP client is to do, from its table to its line. */
#include "components/mail/smtp_request.h"

#include <string.h>
#include <strings.h>

enum { LONGEST = 4096 /* bytes of a line */ };

/* Text of a request, borrowed from its tape. */
struct part {
  const char *s;
  size_t len;
};

struct request {
  struct part command, name, from, to, parameters;
};

static const struct {
  const char *name;
  enum kam_smtp_do verb;
} verbs[] = {
    {"CONNECT", KAM_SMTP_DO_CONNECT}, {"EHLO", KAM_SMTP_DO_EHLO},
    {"HELO", KAM_SMTP_DO_EHLO},       {"MAIL", KAM_SMTP_DO_MAIL},
    {"RCPT", KAM_SMTP_DO_RCPT},       {"DATA", KAM_SMTP_DO_DATA},
    {"END", KAM_SMTP_DO_END},         {"ABORT", KAM_SMTP_DO_ABORT},
    {"RSET", KAM_SMTP_DO_RSET},       {"STARTTLS", KAM_SMTP_DO_STARTTLS},
    {"QUIT", KAM_SMTP_DO_QUIT}};

static bool is(struct part p, const char *word)
{
  return p.len == strlen(word) && strncasecmp(p.s, word, p.len) == 0;
}

static enum kam_smtp_do verb_of(struct part command)
{
  size_t i;
  for (i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (is(command, verbs[i].name))
      return verbs[i].verb;
  return KAM_SMTP_DO_OTHER;
}

static struct part *field(struct request *r, struct part name)
{
  return is(name, "command")      ? &r->command
         : is(name, "name")       ? &r->name
         : is(name, "from")       ? &r->from
         : is(name, "to")         ? &r->to
         : is(name, "parameters") ? &r->parameters
                                  : NULL;
}

/* Other fields say what these do, or are for others. */
static bool read_fields(const struct kam_tape *t, struct request *r)
{
  struct kam_tape_item key, value;
  size_t at = 0;
  if (!kam_tape_next(t, &at, &key) || key.type != KAM_TAPE_TABLE)
    return false;
  while (kam_tape_next(t, &at, &key) && key.type != KAM_TAPE_END) {
    size_t ahead = at;
    struct part name = {key.bytes, key.len}, *to;
    if (key.type != KAM_TAPE_BYTES || !kam_tape_next(t, &ahead, &value))
      return false;
    to = field(r, name);
    if (to && value.type == KAM_TAPE_BYTES)
      *to = (struct part){value.bytes, value.len};
    kam_tape_skip(t, &at);
  }
  return true;
}

static bool has_control(struct part p)
{
  size_t i;
  for (i = 0; i < p.len; i++)
    if ((unsigned char)p.s[i] < 32 || p.s[i] == 127)
      return true;
  return false;
}

static bool is_word(struct part p)
{
  size_t i;
  for (i = 0; i < p.len; i++)
    if (!((p.s[i] | 32) >= 'a' && (p.s[i] | 32) <= 'z'))
      return false;
  return p.len > 0;
}

/* Does nothing end the path before its own end? */
static bool is_path(struct part p)
{
  bool quoted = false;
  size_t i;
  for (i = 0; i < p.len; i++) {
    if (p.s[i] == '"')
      quoted = !quoted;
    else if (quoted && p.s[i] == '\\')
      i++;
    else if (!quoted && strchr("<> ", p.s[i]))
      return false;
  }
  return !quoted && i == p.len;
}

static void put(struct kam_text *line, struct part p)
{
  kam_text_put(line, p.s, p.len);
}

static void put_path(struct kam_text *line, const char *before, struct part p)
{
  kam_text_puts(line, before);
  put(line, p);
  kam_text_puts(line, ">");
}

static void put_rest(struct kam_text *line, struct part p)
{
  if (p.len) {
    kam_text_puts(line, " ");
    put(line, p);
  }
  kam_text_puts(line, "\r\n");
}

static const char *check(const struct request *r, enum kam_smtp_do verb)
{
  if (!is_word(r->command))
    return "its command is no word";
  if (has_control(r->name) || has_control(r->from) || has_control(r->to) ||
      has_control(r->parameters))
    return "it has control characters";
  if ((verb == KAM_SMTP_DO_MAIL && (!r->from.s || !is_path(r->from))) ||
      (verb == KAM_SMTP_DO_RCPT && (!r->to.len || !is_path(r->to))))
    return "it has no address";
  if (verb == KAM_SMTP_DO_EHLO &&
      (!r->name.len || memchr(r->name.s, ' ', r->name.len)))
    return "it has no name";
  return NULL;
}

const char *kam_smtp_request_write(const struct kam_tape *t,
                                   enum kam_smtp_do *verb,
                                   struct kam_text *line)
{
  struct request r = {0};
  const char *why;
  if (!read_fields(t, &r) || !r.command.s)
    return "it is no table with a command";
  *verb = verb_of(r.command);
  why = check(&r, *verb);
  if (why || *verb == KAM_SMTP_DO_CONNECT || *verb == KAM_SMTP_DO_END ||
      *verb == KAM_SMTP_DO_ABORT)
    return why;
  put(line, r.command);
  if (*verb == KAM_SMTP_DO_EHLO)
    r.parameters = r.name;
  else if (*verb == KAM_SMTP_DO_MAIL)
    put_path(line, " FROM:<", r.from);
  else if (*verb == KAM_SMTP_DO_RCPT)
    put_path(line, " TO:<", r.to);
  put_rest(line, r.parameters);
  return line->len > LONGEST ? "it is too long" : NULL;
}
