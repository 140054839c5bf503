/* fuzz_hex: what HexDecode takes is, but for the case of its letters, what
 * HexEncode makes of what it gives. */
#include "spec/fuzz/harness.h"

#include <stdlib.h>

enum { ENCODE = 4, SPACES = 8 };

/* A copy with small letters, and without spaces. */
static unsigned char *plain(const struct input *in, size_t *len)
{
  unsigned char *copy = malloc(in->len + 1);
  size_t i;
  for (i = *len = 0; i < in->len && copy; i++) {
    unsigned char ch = in->bytes[i];
    if (ch > ' ')
      copy[(*len)++] = ch >= 'A' && ch <= 'F' ? (unsigned char)(ch | 32) : ch;
  }
  return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  const struct part decode[] = {
      {"HexDecode", {OPTION_FLAG("spaces", (in.choice & SPACES) != 0)}}, {0}};
  const struct part encode[] = {{"HexEncode", {{0}}}, {0}};
  bool encodes = in.choice & ENCODE;
  struct outcome there = play_stream(encodes ? encode : decode, &in, ALIKE),
                 back;
  struct way way = {.bytes = there.bytes, .len = there.len};
  size_t len;
  unsigned char *text = plain(&in, &len);
  if (!*there.failure && text) {
    way.cuts = in.cuts;
    way.n_cuts = in.n_cuts;
    back = play(encodes ? decode : encode, way);
    must(encodes ? is_bytes(&back, in.bytes, in.len)
                 : is_bytes(&back, text, len),
         "there and back is the same", &there, &back);
    outcome_fini(&back);
  }
  free(text);
  outcome_fini(&there);
  return 0;
}
