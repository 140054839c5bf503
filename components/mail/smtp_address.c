/* smtp_address: what is a mailbox (RFC 5321, 4.1.2 and 4.1.3; RFC 6531, 3.3),
 * and what a peer may call itself. */
#include "components/mail/smtp_command.h"

#include "core/utf8.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

enum {
  DOMAIN = 255,
  LABEL = 63,
  LOCAL = 255 /* the RFC has 64, which senders do not keep to */
};

static bool is_high(char c)
{
  return (unsigned char)c >= 0x80;
}

static bool is_atext(char c)
{
  return c && (isalnum((unsigned char)c) || is_high(c) ||
               strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* The length of the local part, or 0. */
static size_t dot_string(struct kam_smtp_span s)
{
  size_t i;
  for (i = 0; i < s.len && s.s[i] != '@'; i++) {
    bool at_end = i == 0 || i + 1 == s.len || s.s[i + 1] == '@';
    if (s.s[i] == '.' ? at_end || s.s[i - 1] == '.' : !is_atext(s.s[i]))
      return 0;
  }
  return i;
}

static size_t quoted_string(struct kam_smtp_span s)
{
  size_t i;
  for (i = 1; i < s.len && s.s[i] != '"'; i++) {
    if (s.s[i] == '\\' && (++i == s.len || is_high(s.s[i])))
      return 0;
    if ((unsigned char)s.s[i] < ' ' || s.s[i] == 127)
      return 0;
  }
  return i < s.len ? i + 1 : 0;
}

static bool is_label(struct kam_smtp_span s)
{
  size_t i;
  if (s.len == 0 || s.len > LABEL || s.s[0] == '-' || s.s[s.len - 1] == '-')
    return false;
  for (i = 0; i < s.len; i++)
    if (!isalnum((unsigned char)s.s[i]) && s.s[i] != '-' && s.s[i] != '_' &&
        !is_high(s.s[i]))
      return false;
  return true;
}

static bool is_domain(struct kam_smtp_span s)
{
  size_t from = 0, i;
  if (s.len > DOMAIN)
    return false;
  for (i = 0; i <= s.len; i++) {
    if (i < s.len && s.s[i] != '.')
      continue;
    if (!is_label((struct kam_smtp_span){s.s + from, i - from}))
      return false;
    from = i + 1;
  }
  return true;
}

/* [192.0.2.1] or [IPv6:2001:db8::1] */
static bool is_literal(struct kam_smtp_span s)
{
  char text[64];
  unsigned char address[16];
  bool six;
  if (s.len < 3 || s.len > sizeof text || s.s[0] != '[' ||
      s.s[s.len - 1] != ']' || memchr(s.s, '\0', s.len))
    return false;
  six = s.len > 7 && kam_smtp_is((struct kam_smtp_span){s.s + 1, 5}, "IPv6:");
  s.s += six ? 6 : 1;
  s.len -= six ? 7 : 2;
  memcpy(text, s.s, s.len);
  text[s.len] = '\0';
  return inet_pton(six ? AF_INET6 : AF_INET, text, address) == 1;
}

bool kam_smtp_is_mailbox(struct kam_smtp_span s)
{
  size_t n;
  if (s.len == 0 || !kam_utf8_valid(s.s, s.len))
    return false;
  n = s.s[0] == '"' ? quoted_string(s) : dot_string(s);
  if (n == 0 || n > LOCAL || n + 1 >= s.len || s.s[n] != '@')
    return false;
  s.s += n + 1;
  s.len -= n + 1;
  return *s.s == '[' ? is_literal(s) : is_domain(s);
}

bool kam_smtp_is_name(struct kam_smtp_span s)
{
  size_t i;
  for (i = 0; i < s.len; i++)
    if (s.s[i] <= ' ' || s.s[i] > '~' || strchr("<>()\"\\,;", s.s[i]))
      return false;
  return s.len > 0 && s.len <= DOMAIN;
}
