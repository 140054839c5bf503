/* fuzz_base64: Base64Decode is strict: what it takes is what Base64Encode makes
 * of what it gives. */
#include "spec/fuzz/harness.h"

enum { ENCODE = 1, URL = 2, SPACES = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  bool url = in.choice & URL, spaces = in.choice & SPACES;
  struct part decode[] = {
      {"Base64Decode",
       {OPTION_FLAG("url", url), OPTION_FLAG("spaces", spaces)}},
      {0}};
  struct part encode[] = {{"Base64Encode", {OPTION_FLAG("url", url)}}, {0}};
  bool encodes = in.choice & ENCODE;
  struct outcome there = play_stream(encodes ? encode : decode, &in, ALIKE),
                 back;
  if (!*there.failure) {
    struct way way = {.bytes = there.bytes,
                      .len = there.len,
                      .cuts = in.cuts,
                      .n_cuts = in.n_cuts};
    back = play(encodes ? decode : encode, way);
    must(is_bytes(&back, in.bytes, in.len) || (spaces && !encodes),
         "there and back is the same", &there, &back);
    outcome_fini(&back);
  }
  outcome_fini(&there);
  return 0;
}
