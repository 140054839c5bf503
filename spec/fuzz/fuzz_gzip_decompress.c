/* fuzz_gzip_decompress: files that are none, damaged ones, bombs. */
#include "spec/fuzz/harness.h"

enum { LIMIT = 16, RATIO = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  const struct part parts[] = {
      {"GzipDecompress",
       {OPTION_INT("limit", in.choice & LIMIT   ? 100
                            : in.choice & RATIO ? 2 << 20
                                                : 1 << 18),
        OPTION_INT("ratio", in.choice & RATIO ? 20 : 0)}},
      {0}};
  struct outcome o =
      play_stream(parts, &in, in.choice & RATIO ? HARMLESS : ALIKE);
  outcome_fini(&o);
  return 0;
}
