/* fuzz_line_key: what a terminal sends is cut into keys that end, and each
 * character of them is one of Unicode's, or the one for what is none. */
#include "spec/fuzz/harness.h"

#include "components/console/line_key.h"

enum { BEL = 7, ESC = 27, QUOTE_Q = 17, QUOTE_V = 22, PREFIX_X = 24 };

static bool is_character(wchar_t c)
{
  return c >= 0 && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

/* Reads a whole key, as the editor does. */
static void read_key(struct kam_line_key *k)
{
  unsigned char first = k->bytes[0];
  size_t n = 0;
  while (k->at < k->n) {
    wchar_t c = kam_line_key_next(k);
    kam_assert(is_character(c) && k->at <= k->n && ++n <= KAM_KEY_BYTES);
    kam_assert(first < 0x80 || c >= 0x80); /* nothing is hidden in more bytes */
  }
  kam_assert(first < 0x80 || n == 1);
  kam_assert(kam_line_key_next(k) == BEL);
  k->n = k->at = 0;
}

/* A byte that alone is no start of more is a key by itself. */
static bool is_key(unsigned char c)
{
  return c < 0x80 && c != ESC && c != QUOTE_Q && c != QUOTE_V && c != PREFIX_X;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct kam_line_key key = {.n = 0};
  size_t i;
  for (i = 0; i < size; i++) {
    bool begins = key.n == 0;
    enum kam_key_state state = kam_line_key_add(&key, data[i]);
    kam_assert(key.n <= KAM_KEY_BYTES && (state == KAM_KEY_NONE || key.n > 0));
    kam_assert(!begins || !is_key(data[i]) || state == KAM_KEY_WHOLE);
    if (state == KAM_KEY_WHOLE)
      read_key(&key);
  }
  return 0;
}
