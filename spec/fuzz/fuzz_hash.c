/* fuzz_hash: a digest is of the bytes, not of how they came, and each algorithm
 * gives as many as it should. */
#include "spec/fuzz/harness.h"

static const struct {
  const char *name;
  size_t bits;
} algorithms[] = {{"md5", 128},       {"sha1", 160},     {"sha224", 224},
                  {"sha256", 256},    {"sha384", 384},   {"sha512", 512},
                  {"sha3-256", 256},  {"sha3-512", 512}, {"blake2s256", 256},
                  {"blake2b512", 512}};

enum { ALGORITHMS = sizeof algorithms / sizeof *algorithms, KEY = 128 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  size_t i = in.choice % ALGORITHMS;
  const struct part parts[] = {
      {"Hash",
       {OPTION_TEXT("algorithm", algorithms[i].name),
        OPTION_TEXT("form", "bytes"),
        OPTION_TEXT("key", in.choice & KEY ? "secret" : NULL)}},
      {"HexEncode", {{0}}},
      {0}};
  struct outcome o = play_stream(parts, &in, ALIKE);
  must(o.len == algorithms[i].bits / 4 && !*o.failure, "all digits", &o, NULL);
  outcome_fini(&o);
  return 0;
}
