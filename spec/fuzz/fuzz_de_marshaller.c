/* fuzz_de_marshaller: what a DeMarshaller reads, a Marshaller writes so that it
 * is read as the same, whatever the bytes are and however they are cut. */
#include "spec/fuzz/harness.h"

enum { SMALL = 32 };

static void there_and_back(const struct outcome *values)
{
  const struct part parts[] = {
      {"Marshaller", {{0}}}, {"DeMarshaller", {{0}}}, {0}};
  struct way way = {.messages = &values->messages};
  struct outcome back = play(parts, way);
  must(same_messages(values, &back), "values come back", values, &back);
  outcome_fini(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  const struct part parts[] = {
      {"DeMarshaller", {OPTION_INT("limit", in.choice & SMALL ? 16 : 1 << 20)}},
      {0}};
  struct way cut = way_cut(&in);
  struct outcome values = play(parts, way_whole(&in)), other = play(parts, cut);
  must(same_messages(&values, &other), "any cut gives the same", &values,
       &other);
  must(same_failure(&values, &other), "any cut fails alike", &values, &other);
  outcome_fini(&other);
  cut.take = 1 + in.choice % 8;
  other = play(parts, cut);
  must(begins_messages(&other, &values), "who ends early has the beginning",
       &other, &values);
  outcome_fini(&other);
  there_and_back(&values);
  outcome_fini(&values);
  return 0;
}
