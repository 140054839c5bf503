/* proxy_header: the header of the PROXY protocol, version 1 or 2. */
#include "components/mail/proxy_header.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { V1_LONGEST = 107, V2_HEAD = 16 };

static const char v2_mark[] = "\r\n\r\n\0\r\nQUIT\n";

/* --- version 1: a line --- */

/* The next word of a line, of at most 45 bytes; false: it is none. */
static bool word(const char **s, const char *end, char *to)
{
  size_t n = 0;
  while (*s + n < end && (*s)[n] != ' ')
    n++;
  if (n == 0 || n > 45)
    return false;
  memcpy(to, *s, n);
  to[n] = '\0';
  *s += n + (*s + n < end);
  return true;
}

static bool port(const char **s, const char *end, int *to)
{
  char text[46];
  size_t i;
  if (!word(s, end, text) || strlen(text) > 5 || (*text == '0' && text[1]))
    return false;
  for (i = 0; text[i]; i++)
    if (text[i] < '0' || text[i] > '9')
      return false;
  *to = atoi(text);
  return *to <= 65535;
}

static bool is_address(const char *text, int family)
{
  struct in6_addr room;
  return inet_pton(family, text, &room) == 1;
}

static bool read_line(const char *s, const char *end,
                      struct kam_proxy_header *h)
{
  char kind[46];
  int family;
  if (!word(&s, end, kind))
    return false;
  if (strcmp(kind, "UNKNOWN") == 0)
    return true;
  family = strcmp(kind, "TCP4") == 0 ? AF_INET : AF_INET6;
  return (family == AF_INET || strcmp(kind, "TCP6") == 0) &&
         word(&s, end, h->from) && word(&s, end, h->to) &&
         is_address(h->from, family) && is_address(h->to, family) &&
         port(&s, end, &h->from_port) && port(&s, end, &h->to_port) && s == end;
}

static int read_v1(const char *s, size_t len, struct kam_proxy_header *h)
{
  size_t most = len < V1_LONGEST ? len : V1_LONGEST;
  const char *cr = memchr(s, '\r', most);
  if (!cr)
    return len < V1_LONGEST ? 0 : -1;
  if (cr + 1 == s + len)
    return 0;
  if (cr[1] != '\n' || !read_line(s + 6, cr, h))
    return -1;
  return (int)(cr + 2 - s);
}

/* --- version 2: binary --- */

static bool read_addresses(const unsigned char *s, size_t len, int family,
                           struct kam_proxy_header *h)
{
  size_t one = family == AF_INET ? 4 : 16;
  if (len < 2 * one + 4)
    return false;
  inet_ntop(family, s, h->from, sizeof h->from);
  inet_ntop(family, s + one, h->to, sizeof h->to);
  s += 2 * one;
  h->from_port = s[0] << 8 | s[1];
  h->to_port = s[2] << 8 | s[3];
  return true;
}

static int read_v2(const char *bytes, size_t len, struct kam_proxy_header *h)
{
  const unsigned char *s = (const unsigned char *)bytes;
  size_t rest;
  bool ok = true;
  if (len < V2_HEAD)
    return 0;
  rest = (size_t)(s[14] << 8 | s[15]);
  if (s[12] >> 4 != 2 || (s[12] & 15) > 1 || V2_HEAD + rest > KAM_PROXY_LONGEST)
    return -1;
  if (len < V2_HEAD + rest)
    return 0;
  if ((s[12] & 15) == 1 && s[13] == 0x11) /* a proxied TCP over IPv4 */
    ok = read_addresses(s + V2_HEAD, rest, AF_INET, h);
  else if ((s[12] & 15) == 1 && s[13] == 0x21)
    ok = read_addresses(s + V2_HEAD, rest, AF_INET6, h);
  return ok ? (int)(V2_HEAD + rest) : -1;
}

int kam_proxy_header_read(const char *s, size_t len, struct kam_proxy_header *h)
{
  size_t n2 = len < 12 ? len : 12, n1 = len < 6 ? len : 6;
  *h = (struct kam_proxy_header){.from = ""};
  if (memcmp(s, v2_mark, n2) == 0)
    return len < 12 ? 0 : read_v2(s, len, h);
  if (memcmp(s, "PROXY ", n1) == 0)
    return len < 6 ? 0 : read_v1(s, len, h);
  return -1;
}
