/* fuzz_chunker: no byte is added or lost, and all chunks but the last are of
 * one size. */
#include "spec/fuzz/harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  size_t each = in.choice & 128 ? 1 + (in.choice & 127) * 64u : in.choice + 1;
  const struct part parts[] = {{"Chunker", {OPTION_INT("size", (int64_t)each)}},
                               {0}};
  struct outcome plain = play_stream(parts, &in, ALIKE);
  struct outcome cut = play(parts, way_cut(&in));
  must(is_bytes(&plain, in.bytes, in.len), "all bytes come", &plain, NULL);
  must(same_messages(&plain, &cut), "the same chunks", &plain, &cut);
  must(cut.count == (in.len + each - 1) / each, "as many as there must be",
       &cut, NULL);
  outcome_fini(&plain);
  outcome_fini(&cut);
  return 0;
}
