/* fuzz_json_decode: what JSONDecode reads, JSONEncode writes so that it is read
 * as the same; in a stream no cut matters, and alone each message is answered.
 */
#include "spec/fuzz/harness.h"

enum { STREAM = 8, ERRORS = 16, SMALL = 32, INDENT = 64 };

/* Values as texts, behind one another in a stream, and as values again. */
static void there_and_back(const struct input *in, const struct outcome *values)
{
  const int64_t indent = in->choice & INDENT ? 2 : 0;
  const struct part parts[] = {{"JSONEncode", {OPTION_INT("indent", indent)}},
                               {"JSONDecode", {OPTION_INT("limit", 1 << 30)}},
                               {0}};
  struct way way = {.messages = &values->messages};
  struct outcome back = play(parts, way);
  must(same_messages(values, &back), "values come back", values, &back);
  outcome_fini(&back);
}

static struct outcome read_stream(const struct part *parts,
                                  const struct input *in)
{
  struct way whole = way_whole(in), cut = way_cut(in);
  struct outcome plain, other;
  whole.errors = cut.errors = in->choice & ERRORS;
  plain = play(parts, whole);
  other = play(parts, cut);
  must(same_messages(&plain, &other), "any cut gives the same", &plain, &other);
  must(same_failure(&plain, &other), "any cut fails alike", &plain, &other);
  outcome_fini(&other);
  cut.take = 1 + in->choice % 8;
  other = play(parts, cut);
  must(begins_messages(&other, &plain), "who ends early has the beginning",
       &other, &plain);
  outcome_fini(&other);
  return plain;
}

static struct outcome read_one(const struct part *parts, const struct input *in)
{
  struct way way = way_whole(in);
  struct outcome o;
  way.errors = in->choice & ERRORS;
  o = play(parts, way);
  must(o.count + o.wrong + (*o.failure != 0) == 1, "one answer", &o, NULL);
  return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  bool stream = in.choice & STREAM;
  const int64_t limit = in.choice & SMALL ? 16 : 1 << 20;
  const struct part parts[] = {
      {"JSONDecode",
       {OPTION_FLAG("stream", stream), OPTION_INT("limit", limit)}},
      {0}};
  struct outcome values =
      stream ? read_stream(parts, &in) : read_one(parts, &in);
  there_and_back(&in, &values);
  outcome_fini(&values);
  return 0;
}
