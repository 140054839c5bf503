/* line_key: escape sequences (ECMA-48, 5.4), and UTF-8 (RFC 3629, 3). */
#include "components/console/line_key.h"

#include <stdbool.h>

enum { BEL = 7, QUOTE_Q = 17, QUOTE_V = 22, PREFIX_X = 24, ESC = 27 };
enum { NO_CHARACTER = 0xfffd };

static size_t utf8_length(unsigned char c)
{
  return c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
}

static bool is_whole(const struct kam_line_key *k)
{
  unsigned char first = k->bytes[0], last = k->bytes[k->n - 1];
  bool prefix = first == QUOTE_Q || first == QUOTE_V || first == PREFIX_X;
  if (first != ESC && !prefix)
    return k->n == utf8_length(first);
  if (k->n == 1)
    return false;
  if (!prefix && k->bytes[1] == '[')
    return k->n > 2 && last >= 0x40 && last <= 0x7e;
  if (!prefix && k->bytes[1] == 'O')
    return k->n == 3;
  return k->n == 1 + utf8_length(k->bytes[1]);
}

enum kam_key_state kam_line_key_add(struct kam_line_key *k, unsigned char c)
{
  if (c == ESC && k->n) /* what came before is no key */
    k->n = 0;
  if (k->n && k->bytes[0] >= 0x80 && (c & 0xc0) != 0x80) /* nor a character */
    k->n = 0;
  if (k->n == KAM_KEY_BYTES)
    k->n = 0;
  if (k->n == 0 && c >= 0x80 && c < 0xc0)
    return KAM_KEY_NONE;
  k->at = 0;
  k->bytes[k->n++] = c;
  return is_whole(k) ? KAM_KEY_WHOLE : KAM_KEY_PART;
}

/* The first character of n bytes, and how many it takes. */
static wchar_t character(const unsigned char *s, size_t n, size_t *len)
{
  static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  static const wchar_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t i;
  wchar_t c;
  *len = utf8_length(*s);
  if (*len > n || (*len == 1 && *s >= 0x80)) {
    *len = 1;
    return NO_CHARACTER;
  }
  c = (wchar_t)(*s & first_bits[*len]);
  for (i = 1; i < *len; i++) {
    if ((s[i] & 0xc0) != 0x80) {
      *len = i;
      return NO_CHARACTER;
    }
    c = (wchar_t)(c << 6 | (s[i] & 0x3f));
  }
  if (*s >= 0xf8 || c < least[*len] || c > 0x10ffff ||
      (c >= 0xd800 && c <= 0xdfff))
    return NO_CHARACTER;
  return c;
}

wchar_t kam_line_key_next(struct kam_line_key *k)
{
  size_t len;
  wchar_t c;
  if (k->at == k->n)
    return BEL;
  c = character(k->bytes + k->at, k->n - k->at, &len);
  k->at += len;
  return c;
}
