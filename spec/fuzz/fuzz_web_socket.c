/* fuzz_web_socket: what a WebSocket answers does not depend on how the bytes
 * are cut. */
#include "spec/fuzz/harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  const struct part parts[] = {
      {"WebSocketCodec",
       {OPTION_INT("message", 1000), OPTION_INT("fragments", 16)}},
      {0}};
  struct outcome o = play_stream(parts, &in, ALIKE);
  outcome_fini(&o);
  return 0;
}
