/* fuzz_sql: whatever message comes as parameters, SqliteQuery answers it, or
 * says what is wrong with it, and goes on. */
#include "spec/fuzz/values.h"

static const char *const statements[] = {
    "select ?1 as x",
    "select ? as a, ? as b, ? as c",
    "select :a as a, @b as b, $c as c",
    "select 1 as one, x'00ff' as blob, null as none",
    "select cast(? as blob) as x, typeof(?1) as type, length(?1) as n",
    "select value as i from json_each('[1,2,3,4,5]') where value > ?1",
    "select ?3 as x",
    "create table t as select ?1 as x"};

enum { STATEMENTS = sizeof statements / sizeof *statements, EACH = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  const struct part parts[] = {
      {"SqliteQuery",
       {OPTION_TEXT("database", ":memory:"),
        OPTION_TEXT("sql", statements[in.choice % STATEMENTS]),
        OPTION_TEXT("rows", in.choice & EACH ? "each" : "list"),
        OPTION_FLAG("transaction", (in.choice & 16) != 0)}},
      {0}};
  const struct part nothing[] = {{0}};
  struct kam_tape values = {0};
  struct way way = {.messages = &values};
  struct outcome plain, rows, other;
  values_of(&in, in.choice & 16 ? 0 : VALUES_FLAT | VALUES_KEYS, &values);
  plain = play(nothing, way);
  way.errors = true;
  rows = play(parts, way);
  must(!*rows.failure, "an error is told, and fails nothing", &rows, NULL);
  must(in.choice & EACH || rows.count + rows.wrong == plain.count,
       "each has one answer", &plain, &rows);
  way.room = 1;
  way.take = 1 + in.choice % 3;
  other = play(parts, way);
  must(begins_messages(&other, &rows), "who ends early has the beginning",
       &other, &rows);
  outcome_fini(&plain);
  outcome_fini(&rows);
  outcome_fini(&other);
  kam_tape_fini(&values);
  return 0;
}
