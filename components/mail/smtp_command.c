/* smtp_command: one line of a peer's: verbs, paths, parameters. */
#include "components/mail/smtp_command.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
  PATH = 320 /* 64 bytes, an @ and 255; */
};

bool kam_smtp_is(struct kam_smtp_span span, const char *word)
{
  return span.len == strlen(word) && strncasecmp(span.s, word, span.len) == 0;
}

static struct kam_smtp_span without_blanks(struct kam_smtp_span s)
{
  while (s.len > 0 && (*s.s == ' ' || *s.s == '\t')) {
    s.s++;
    s.len--;
  }
  while (s.len > 0 && (s.s[s.len - 1] == ' ' || s.s[s.len - 1] == '\t'))
    s.len--;
  return s;
}

/* Takes what stands in front of the first c, or all; c goes too. */
static struct kam_smtp_span take(struct kam_smtp_span *s, char c)
{
  const char *p = s->len > 0 ? memchr(s->s, c, s->len) : NULL;
  size_t n = p ? (size_t)(p - s->s) : s->len;
  struct kam_smtp_span taken = {s->s, n};
  n += p != NULL;
  s->s += n;
  s->len -= n;
  return taken;
}

/* --- verbs --- */

static const char *const verbs[] = {
#define KAM_SMTP_VERB(name) #name,
    KAM_SMTP_VERBS(KAM_SMTP_VERB)
#undef KAM_SMTP_VERB
};

enum kam_smtp_verb kam_smtp_verb(struct kam_smtp_span line,
                                 struct kam_smtp_span *rest)
{
  struct kam_smtp_span word = take(&line, ' ');
  int i;
  *rest = without_blanks(line);
  for (i = 0; i < KAM_SMTP_UNKNOWN; i++)
    if (kam_smtp_is(word, verbs[i]))
      break;
  return (enum kam_smtp_verb)i;
}

const char *kam_smtp_verb_name(enum kam_smtp_verb verb)
{
  return verbs[verb];
}

/* --- paths --- */

/* The length of the path at s, with its < >, or 0: a > in quotes ends none. */
static size_t path_len(struct kam_smtp_span s)
{
  bool quoted = false;
  size_t i;
  for (i = 1; i < s.len; i++) {
    if (quoted && s.s[i] == '\\')
      i++;
    else if (s.s[i] == '"')
      quoted = !quoted;
    else if (s.s[i] == '>' && !quoted)
      return i + 1;
  }
  return 0;
}

static bool is_ascii(struct kam_smtp_span s)
{
  size_t i;
  for (i = 0; i < s.len; i++)
    if ((unsigned char)s.s[i] >= 0x80)
      return false;
  return true;
}

/* Reads "FROM:<...> parameters", or "TO:". */
static const char *read_path(struct kam_smtp_span rest, const char *word,
                             struct kam_smtp_path *p)
{
  size_t n = strlen(word);
  *p = (struct kam_smtp_path){.is_ascii = true};
  if (rest.len < n || strncasecmp(rest.s, word, n) != 0)
    return "501 5.5.4 Syntax: MAIL FROM:<address>, RCPT TO:<address>";
  rest = without_blanks((struct kam_smtp_span){rest.s + n, rest.len - n});
  n = rest.len > 0 && *rest.s == '<' ? path_len(rest) : 0;
  if (n == 0 || (n < rest.len && rest.s[n] != ' '))
    return "501 5.1.7 An address stands in < >";
  if (n - 2 > PATH)
    return "501 5.1.7 The address is too long";
  p->address = (struct kam_smtp_span){rest.s + 1, n - 2};
  p->parameters =
      without_blanks((struct kam_smtp_span){rest.s + n, rest.len - n});
  p->is_ascii = is_ascii(p->address);
  if (p->address.len > 0 && *p->address.s == '@')
    return "501 5.1.7 Source routes are not taken";
  return NULL;
}

/* --- parameters --- */

static bool is_word(struct kam_smtp_span s)
{
  size_t i;
  for (i = 0; i < s.len; i++)
    if (!isalnum((unsigned char)s.s[i]) && (s.s[i] != '-' || i == 0))
      return false;
  return s.len > 0;
}

/* RFC 3461, 4: with +XX for what may not stand there. */
static bool is_xtext(struct kam_smtp_span s)
{
  size_t i;
  for (i = 0; i < s.len; i++) {
    if (s.s[i] < '!' || s.s[i] > '~' || s.s[i] == '=')
      return false;
    if (s.s[i] == '+' &&
        (i + 2 >= s.len || !isxdigit((unsigned char)s.s[i + 1]) ||
         !isxdigit((unsigned char)s.s[i + 2])))
      return false;
  }
  return s.len > 0;
}

static bool read_size(struct kam_smtp_span s, struct kam_smtp_path *p)
{
  size_t i;
  if (s.len == 0 || s.len > 18)
    return false;
  for (i = 0; i < s.len; i++) {
    if (!isdigit((unsigned char)s.s[i]))
      return false;
    p->size = p->size * 10 + (uint64_t)(s.s[i] - '0');
  }
  p->has_size = true;
  return true;
}

static bool read_body(struct kam_smtp_span s, struct kam_smtp_path *p)
{
  if (kam_smtp_is(s, "7BIT"))
    p->body = "7BIT";
  else if (kam_smtp_is(s, "8BITMIME"))
    p->body = "8BITMIME";
  return p->body != NULL;
}

static bool read_utf8(struct kam_smtp_span s, struct kam_smtp_path *p)
{
  p->utf8 = s.s == NULL;
  return p->utf8;
}

static bool read_ret(struct kam_smtp_span s, struct kam_smtp_path *p)
{
  (void)p;
  return kam_smtp_is(s, "FULL") || kam_smtp_is(s, "HDRS");
}

static bool read_envid(struct kam_smtp_span s, struct kam_smtp_path *p)
{
  (void)p;
  return s.len <= 100 && is_xtext(s);
}

static bool read_notify(struct kam_smtp_span s, struct kam_smtp_path *p)
{
  struct kam_smtp_span left = s;
  (void)p;
  if (kam_smtp_is(s, "NEVER"))
    return true;
  if (s.len == 0 || s.s[s.len - 1] == ',')
    return false;
  while (left.len > 0) {
    struct kam_smtp_span word = take(&left, ',');
    if (!kam_smtp_is(word, "SUCCESS") && !kam_smtp_is(word, "FAILURE") &&
        !kam_smtp_is(word, "DELAY"))
      return false;
  }
  return true;
}

static bool read_orcpt(struct kam_smtp_span s, struct kam_smtp_path *p)
{
  struct kam_smtp_span type = take(&s, ';');
  (void)p;
  return s.len <= 500 && is_word(type) && is_xtext(s);
}

struct parameter {
  const char *name;
  unsigned extension; /* which has to be offered */
  bool (*read)(struct kam_smtp_span value, struct kam_smtp_path *p);
};

static const struct parameter of_mail[] = {
    {"SIZE", KAM_SMTP_OFFERS_SIZE, read_size},
    {"BODY", KAM_SMTP_OFFERS_8BITMIME, read_body},
    {"SMTPUTF8", KAM_SMTP_OFFERS_SMTPUTF8, read_utf8},
    {"RET", KAM_SMTP_OFFERS_DSN, read_ret},
    {"ENVID", KAM_SMTP_OFFERS_DSN, read_envid},
    {NULL, 0, NULL}};

static const struct parameter of_rcpt[] = {
    {"NOTIFY", KAM_SMTP_OFFERS_DSN, read_notify},
    {"ORCPT", KAM_SMTP_OFFERS_DSN, read_orcpt},
    {NULL, 0, NULL}};

static const char *read_parameters(const struct parameter *known,
                                   unsigned offered, struct kam_smtp_path *p)
{
  struct kam_smtp_span left = p->parameters;
  unsigned seen = 0, i;
  while (left.len > 0) {
    struct kam_smtp_span value = take(&left, ' '), name;
    if (value.len == 0) /* two blanks */
      continue;
    name = take(&value, '=');
    if (name.s + name.len == value.s) /* without an = */
      value = (struct kam_smtp_span){NULL, 0};
    if (!is_word(name))
      return "501 5.5.4 Not a parameter";
    for (i = 0; known[i].name && !kam_smtp_is(name, known[i].name);)
      i++;
    if (!known[i].name || !(known[i].extension & offered))
      return "555 5.5.4 A parameter that is not offered";
    if (seen & 1u << i)
      return "501 5.5.4 A parameter that is there twice";
    seen |= 1u << i;
    if (!known[i].read(value, p))
      return "501 5.5.4 A parameter with a wrong value";
  }
  return NULL;
}

const char *kam_smtp_mail(struct kam_smtp_span rest, unsigned offered,
                          struct kam_smtp_path *p)
{
  const char *why = read_path(rest, "FROM:", p);
  if (!why && p->address.len > 0 && !kam_smtp_is_mailbox(p->address))
    why = "501 5.1.7 Not an address";
  if (!why)
    why = read_parameters(of_mail, offered, p);
  if (!why && !p->is_ascii && !p->utf8)
    why = "553 5.6.7 Such an address needs SMTPUTF8";
  return why;
}

const char *kam_smtp_rcpt(struct kam_smtp_span rest, unsigned offered,
                          struct kam_smtp_path *p)
{
  const char *why = read_path(rest, "TO:", p);
  if (!why && !kam_smtp_is(p->address, "postmaster") &&
      !kam_smtp_is_mailbox(p->address))
    why = "501 5.1.3 Not an address";
  return why ? why : read_parameters(of_rcpt, offered, p);
}
