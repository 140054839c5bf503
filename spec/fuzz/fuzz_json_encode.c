/* fuzz_json_encode: any value is written as a text that is read as the same, or
 * refused for one of the reasons that there are. */
#include "spec/fuzz/values.h"

#include <string.h>

enum { INDENT = 1, STREAM = 2 };

static bool is_reason(const char *failure)
{
  static const char *const reasons[] = {"not UTF-8", "infinite", "(nan)",
                                        "numbers, but not 1 to n"};
  size_t i;
  for (i = 0; i < sizeof reasons / sizeof *reasons; i++)
    if (strstr(failure, reasons[i]))
      return true;
  return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  const int64_t indent = in.choice & INDENT ? 3 : 0;
  const struct part nothing[] = {{0}};
  const struct part parts[] = {{"JSONEncode", {OPTION_INT("indent", indent)}},
                               {"JSONDecode", {OPTION_FLAG("stream", false)}},
                               {0}};
  struct kam_tape values = {0};
  struct way way = {.messages = &values};
  struct outcome plain, back;
  values_of(&in, VALUES_KEYS, &values);
  plain = play(nothing, way); /* as the host has them */
  way.room = 1;
  back = play(parts, way);
  must(begins_messages(&back, &plain), "what is read was written", &back,
       &plain);
  must(*back.failure ? is_reason(back.failure) : same_messages(&plain, &back),
       "all comes back", &plain, &back);
  outcome_fini(&plain);
  outcome_fini(&back);
  kam_tape_fini(&values);
  return 0;
}
