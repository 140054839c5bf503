/* fuzz_compress: what was compressed comes back, at any level and in any cut,
 * also the compressed file in pieces. */
#include "spec/fuzz/harness.h"

enum { ZSTD = 128 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  const char *const pair[] = {"GzipCompress", "GzipDecompress", "ZstdCompress",
                              "ZstdDecompress"};
  const char *const *names = in.choice & ZSTD ? pair + 2 : pair;
  const struct part parts[] = {
      {names[0], {OPTION_INT("level", 1 + in.choice % 9)}},
      {"Chunker", {OPTION_INT("size", 1 + in.choice % 128)}},
      {names[1], {OPTION_INT("limit", (int64_t)in.len + 1)}},
      {0}};
  struct outcome o = play_stream(parts, &in, ALIKE);
  must(is_bytes(&o, in.bytes, in.len), "there and back is the same", &o, NULL);
  outcome_fini(&o);
  return 0;
}
