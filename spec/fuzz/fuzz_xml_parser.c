/* fuzz_xml_parser: no cut of a document matters, and its events are those of a
 * tree: what begins, ends. */
#include "spec/fuzz/harness.h"

#include <string.h>

enum { BLANKS = 8, ENTITIES = 16, SMALL = 32 };
enum { CODE = 23 }; /* bytes of "XMLParser: error[E0845]" */

/* Elements end as often as they begin, unless it failed. */
static void check_tree(const struct outcome *o)
{
  struct kam_tape_item item;
  size_t at = 0;
  int64_t open = 0;
  while (kam_tape_next(&o->messages, &at, &item)) {
    size_t inside = at;
    must(item.type == KAM_TAPE_LIST, "an event is a list", o, NULL);
    kam_tape_next(&o->messages, &inside, &item);
    open += item.len == 7 && item.bytes[0] == 'e';
    open -= item.len == 8 && item.bytes[1] == 'e';
    must(open >= 0, "an element ends after it has begun", o, NULL);
    at--;
    kam_tape_skip(&o->messages, &at);
  }
  must(open == 0 || *o->failure, "all elements end", o, NULL);
}

/* A tag that is too long may also be wrong, which only shows at its end; and
 * where several things are wrong, expat tells of one by what it has of them:
 * the code is the same, its words may be others. */
static void check_cut(const struct outcome *a, const struct outcome *b,
                      bool small)
{
  must(!*a->failure == !*b->failure, "any cut fails, or none", a, b);
  must(begins_messages(a, b) || begins_messages(b, a),
       "any cut begins with the same", a, b);
  if (small)
    return;
  must(same_messages(a, b), "any cut gives the same", a, b);
  must(strncmp(a->failure, b->failure, CODE) == 0, "any cut fails alike", a, b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct input in = input_of(data, size);
  const int64_t small = in.choice & SMALL;
  const struct part parts[] = {
      {"XMLParser",
       {OPTION_FLAG("blanks", !(in.choice & BLANKS)),
        OPTION_FLAG("entities", (in.choice & ENTITIES) != 0),
        OPTION_INT("limit", small ? 32 : 1 << 16),
        OPTION_INT("depth", small ? 4 : 64)}},
      {0}};
  struct way cut = way_cut(&in);
  struct outcome events = play(parts, way_whole(&in)), other = play(parts, cut);
  check_cut(&events, &other, small);
  outcome_fini(&other);
  cut.take = 1 + in.choice % 8;
  other = play(parts, cut);
  must(begins_messages(&other, &events), "who ends early has the beginning",
       &other, &events);
  outcome_fini(&other);
  check_tree(&events);
  outcome_fini(&events);
  return 0;
}
