/* utf8: sequences are checked by their first two bytes. */
#include "core/utf8.h"

size_t kam_utf8_sequence(const unsigned char *s, size_t n)
{
  unsigned low = 0x80, high = 0xbf;
  size_t len = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4, i;
  if (len == 1)
    return 1;
  if (s[0] < 0xc2 || s[0] > 0xf4 || len > n)
    return 0;
  low = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : low;
  high = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : high;
  if (s[1] < low || s[1] > high)
    return 0;
  for (i = 2; i < len; i++)
    if (s[i] < 0x80 || s[i] > 0xbf)
      return 0;
  return len;
}

bool kam_utf8_valid(const void *s, size_t n)
{
  const unsigned char *bytes = s;
  size_t at = 0, len;
  while (at < n) {
    len = kam_utf8_sequence(bytes + at, n - at);
    if (len == 0)
      return false;
    at += len;
  }
  return true;
}
