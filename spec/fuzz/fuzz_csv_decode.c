/* fuzz_csv_decode: what CSVDecode reads, CSVEncode writes so that it is read as
 * the same; no cut matters, and who ends early has got the beginning. */
#include "spec/fuzz/harness.h"

enum { HEADER = 8, ERRORS = 16, SMALL = 32, LINES = 64, SEMICOLON = 128 };

static void there_and_back(const struct input *in, const struct outcome *rows)
{
  const char *delimiter = in->choice & SEMICOLON ? ";" : ",";
  const char *eol = in->choice & LINES ? "\r\n" : "\n";
  const struct part parts[] = {
      {"CSVEncode",
       {OPTION_TEXT("delimiter", delimiter), OPTION_TEXT("eol", eol)}},
      {"CSVDecode",
       {OPTION_TEXT("delimiter", delimiter),
        OPTION_FLAG("header", (in->choice & HEADER) != 0)}},
      {0}};
  struct way way = {.messages = &rows->messages};
  struct outcome back = play(parts, way);
  must(same_messages(rows, &back), "rows come back", rows, &back);
  outcome_fini(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  const int64_t small = in.choice & SMALL;
  const struct part parts[] = {
      {"CSVDecode",
       {OPTION_TEXT("delimiter", in.choice & SEMICOLON ? ";" : ","),
        OPTION_FLAG("header", (in.choice & HEADER) != 0),
        OPTION_INT("limit", small ? 12 : 1 << 20),
        OPTION_INT("fields", small ? 4 : 4096)}},
      {0}};
  struct way whole = way_whole(&in), cut = way_cut(&in);
  struct outcome rows, other;
  whole.errors = cut.errors = in.choice & ERRORS;
  rows = play(parts, whole);
  other = play(parts, cut);
  must(same_messages(&rows, &other), "any cut gives the same", &rows, &other);
  must(same_failure(&rows, &other), "any cut fails alike", &rows, &other);
  outcome_fini(&other);
  cut.take = 1 + in.choice % 8;
  other = play(parts, cut);
  must(begins_messages(&other, &rows), "who ends early has the beginning",
       &other, &rows);
  outcome_fini(&other);
  there_and_back(&in, &rows);
  outcome_fini(&rows);
  return 0;
}
