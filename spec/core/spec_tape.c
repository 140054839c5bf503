/* spec_tape: what is written on a tape is read from it.
 *
 *     spec_tape [first seed [count]]
 *
 * Random values, lists and tables are written twice from the same numbers: onto
 * a tape, and then along it, as it is read. Limits and errors stand below. */
#include "core/bytes.h"
#include "core/err.h"
#include "core/tape.h"
#include "spec/core/check.h"

enum { COUNT = 3000, LONGEST = 300 };

struct walk {
  uint64_t rng;
  struct kam_tape *out;      /* it is written, or */
  const struct kam_tape *in; /* read from at on, and compared */
  size_t at;
  uint64_t values;
};

static struct kam_tape_item next(struct walk *w)
{
  struct kam_tape_item item;
  check(kam_tape_next(w->in, &w->at, &item));
  return item;
}

static void bytes(struct walk *w)
{
  unsigned char text[LONGEST];
  size_t n = check_random(&w->rng) % LONGEST, i;
  for (i = 0; i < n; i++)
    text[i] = (unsigned char)check_random(&w->rng);
  if (w->out) {
    kam_tape_bytes(w->out, text, n);
  } else {
    struct kam_tape_item item = next(w);
    check(item.type == KAM_TAPE_BYTES && item.len == n);
    check(memcmp(item.bytes, text, n) == 0);
  }
}

static void scalar(struct walk *w, uint64_t what)
{
  int64_t i = (int64_t)check_random(&w->rng);
  struct kam_tape_item item = {.type = KAM_TAPE_END};
  if (w->in)
    item = next(w);
  else if (what == KAM_TAPE_NULL)
    kam_tape_null(w->out);
  else if (what == KAM_TAPE_BOOL)
    kam_tape_bool(w->out, i & 1);
  else if (what == KAM_TAPE_INT)
    kam_tape_int(w->out, i);
  else
    kam_tape_number(w->out, (double)i / 3);
  if (w->out)
    return;
  check(item.type == what);
  check(what != KAM_TAPE_BOOL || item.b == (i & 1));
  check(what != KAM_TAPE_INT || item.i == i);
  check(what != KAM_TAPE_NUMBER || item.n == (double)i / 3);
}

static void value(struct walk *w, unsigned depth)
{
  uint64_t what = check_random(&w->rng) % KAM_TAPE_END, n;
  w->values++;
  if (what < KAM_TAPE_BYTES || (what > KAM_TAPE_BYTES && depth > 5)) {
    scalar(w, what < KAM_TAPE_BYTES ? what : KAM_TAPE_INT);
    return;
  }
  if (what == KAM_TAPE_BYTES) {
    bytes(w);
    return;
  }
  if (w->in)
    check(next(w).type == what);
  else if (what == KAM_TAPE_LIST)
    kam_tape_list(w->out);
  else
    kam_tape_table(w->out);
  for (n = check_random(&w->rng) % 5; n > 0; n--) {
    if (what == KAM_TAPE_TABLE)
      bytes(w);
    value(w, depth + 1);
  }
  if (w->in)
    check(next(w).type == KAM_TAPE_END);
  else
    kam_tape_end(w->out);
}

static uint64_t round_trip(struct kam_tape *t, uint64_t seed)
{
  struct walk out = {.rng = seed, .out = t}, in = {.rng = seed, .in = t};
  struct kam_tape_item item;
  size_t at = 0;
  kam_tape_clear(t);
  value(&out, 0);
  check(kam_tape_error(t) == 0);
  value(&in, 0);
  check(!kam_tape_next(t, &in.at, &item));
  kam_tape_skip(t, &at);
  check(at == in.at);
  return out.values;
}

static void limits(struct kam_tape *t)
{
  struct kam_mem mem;
  struct kam_host host = {0};
  struct kam_msg m;
  int i;
  snprintf(check_scene, sizeof check_scene, "spec_tape: limits");
  kam_tape_clear(t);
  for (i = 0; i < KAM_TAPE_DEPTH; i++)
    kam_tape_list(t);
  check(kam_tape_error(t) == 0);
  kam_tape_table(t);
  check(kam_tape_error(t) == KAM_ELIMIT);
  kam_mem_init(&mem);
  check(kam_tape_msg(&host, &mem, t, &m) == KAM_ELIMIT);
  kam_tape_clear(t);
  kam_tape_text(t, "one");
  check(kam_tape_msg(&host, &mem, t, &m) == 0 && m.len == 3);
  kam_tape_clear(t);
  check(kam_tape_of(&host, m, t) == 0);
  kam_msg_drop(&host, m);
  kam_tape_clear(t);
  kam_tape_list(t);
  kam_tape_end(t);
  check(kam_tape_msg(&host, &mem, t, &m) == KAM_EKIND);
  kam_mem_fini(&mem);
}

int main(int argc, char **argv)
{
  uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, seed;
  uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : COUNT;
  uint64_t values = 0;
  struct kam_tape t;
  check_begin();
  kam_tape_init(&t);
  for (seed = first; seed < first + count; seed++) {
    snprintf(check_scene, sizeof check_scene, "spec_tape: seed %llu fails",
             (unsigned long long)seed);
    values += round_trip(&t, seed);
  }
  limits(&t);
  kam_tape_fini(&t);
  printf("spec_tape: %llu values came back\n", (unsigned long long)values);
  return 0;
}
