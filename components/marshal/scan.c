/* scan: the sizes of values, by their first byte (the specification of
 * MessagePack, "Formats"). */
#include "components/marshal/scan.h"

#include <stdint.h>

struct head {
  size_t own;     /* bytes of the head, and of what has a fixed length */
  uint64_t bytes; /* that follow */
  uint64_t items; /* that follow */
  const char *bad;
};

static uint64_t number(const unsigned char *s, size_t n)
{
  uint64_t value = 0;
  while (n-- > 0)
    value = value << 8 | *s++;
  return value;
}

/* A head with a length of so many bytes. */
static struct head with_length(const unsigned char *s, size_t n, size_t size,
                               unsigned items)
{
  struct head h = {.own = 1 + size};
  uint64_t length = n < h.own ? 0 : number(s + 1, size);
  if (items)
    h.items = items * length;
  else
    h.bytes = length;
  return h;
}

/* Those of 0xc0 to 0xdf. */
static struct head read_other(const unsigned char *s, size_t n)
{
  static const unsigned char fixed[] = {5, 9, 2, 3, 5, 9, 2, 3, 5, 9};
  unsigned char ch = s[0];
  if (ch == 0xc0 || ch == 0xc2 || ch == 0xc3)
    return (struct head){.own = 1};
  if (ch >= 0xc4 && ch <= 0xc6)
    return with_length(s, n, (size_t)1 << (ch - 0xc4), 0);
  if (ch >= 0xca && ch <= 0xd3)
    return (struct head){.own = fixed[ch - 0xca]};
  if (ch >= 0xd9 && ch <= 0xdb)
    return with_length(s, n, (size_t)1 << (ch - 0xd9), 0);
  if (ch >= 0xdc && ch <= 0xdd)
    return with_length(s, n, (size_t)2 << (ch - 0xdc), 1);
  if (ch >= 0xde)
    return with_length(s, n, (size_t)2 << (ch - 0xde), 2);
  return (struct head){.own = 1,
                       .bad = ch == 0xc1 ? "a byte that MessagePack never uses"
                                         : "an extension type"};
}

static struct head read_head(const unsigned char *s, size_t n)
{
  unsigned char ch = s[0];
  struct head h = {.own = 1};
  if (ch >= 0x80 && ch <= 0x8f)
    h.items = 2 * (uint64_t)(ch & 0x0f);
  else if (ch >= 0x90 && ch <= 0x9f)
    h.items = ch & 0x0f;
  else if (ch >= 0xa0 && ch <= 0xbf)
    h.bytes = ch & 0x1f;
  else if (ch >= 0xc0 && ch <= 0xdf)
    h = read_other(s, n);
  return h; /* else a small integer */
}

static int is_container(unsigned char ch)
{
  return (ch >= 0x80 && ch <= 0x9f) || (ch >= 0xdc && ch <= 0xdf);
}

const char *marshal_scan(const unsigned char *bytes, size_t n)
{
  uint64_t left[MARSHAL_DEPTH + 1] = {1}; /* values, at each depth */
  unsigned depth = 0;
  size_t at = 0;
  for (;;) {
    struct head h;
    while (left[depth] == 0)
      if (depth-- == 0)
        return at == n ? NULL : "other bytes behind the value";
    left[depth]--;
    if (at == n)
      return "a value that ends too early";
    h = read_head(bytes + at, n - at);
    if (h.bad)
      return h.bad;
    if (is_container(bytes[at]) && depth == MARSHAL_DEPTH)
      return "more than 32 lists and tables in one another";
    if (h.own > n - at || h.bytes > n - at - h.own || h.items > n - at - h.own)
      return "a value that ends too early";
    at += h.own + (size_t)h.bytes;
    if (h.items > 0)
      left[++depth] = h.items;
  }
}
