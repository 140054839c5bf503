/* values: bytes of libFuzzer's as values with structure, on a tape. */
#ifndef SPEC_FUZZ_VALUES_H
#define SPEC_FUZZ_VALUES_H

#include "spec/fuzz/harness.h"

enum values_flags {
  VALUES_FLAT = 1, /* no lists and tables in one another */
  VALUES_KEYS = 2  /* numbers as keys too */
};

/* Writes as many values as the bytes of in hold; no table has a key twice, and
 * no key has a zero byte. */
void values_of(const struct input *in, unsigned flags, struct kam_tape *t);

#endif
