/* line_key: escape sequences (ECMA-48, 5.4), and UTF-8 (RFC 3629, 3). */
#include "components/console/line_key.h"

#include <stdbool.h>

enum { BEL = 7, QUOTE_Q = 17, QUOTE_V = 22, PREFIX_X = 24, ESC = 27 };

static size_t utf8_length(unsigned char c)
{
  return c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
}

static bool is_whole(const struct kam_line_key *k)
{
  unsigned char first = k->bytes[0], last = k->bytes[k->n - 1];
  if (first == QUOTE_Q || first == QUOTE_V || first == PREFIX_X)
    return k->n == 2;
  if (first != ESC)
    return k->n == utf8_length(first);
  if (k->n == 1)
    return false;
  if (k->bytes[1] == '[')
    return k->n > 2 && last >= 0x40 && last <= 0x7e;
  return k->n == (k->bytes[1] == 'O' ? 3 : 2);
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

wchar_t kam_line_key_next(struct kam_line_key *k)
{
  static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  size_t len, i;
  wchar_t c;
  if (k->at == k->n)
    return BEL;
  len = utf8_length(k->bytes[k->at]);
  if (k->at + len > k->n)
    len = 1;
  c = (wchar_t)(k->bytes[k->at] & first_bits[len]);
  for (i = 1; i < len; i++)
    c = (wchar_t)(c << 6 | (k->bytes[k->at + i] & 0x3f));
  k->at += len;
  return c;
}
