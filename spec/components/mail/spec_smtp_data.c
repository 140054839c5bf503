/* spec_smtp_data: each sequence of seven bytes over CR, LF, dot, NUL and x, at
 * the beginning of a mail, of a line, in a line and behind a dot, is read as a
 * reference reads it, in one piece, in single bytes and cut at each place; and
 * what is written is read back the same.
 *
 *     spec_smtp_data
 *
 * The reference looks at all of the wire at once. */
#include "components/mail/smtp_data.h"
#include "spec/core/check.h"

enum { SEVEN = 7, SEQUENCES = 78125 /* 5^7 */, ROOM = 64 };

struct text {
  char s[ROOM];
  size_t n;
};

struct result {
  enum kam_smtp_read how;
  struct text mail;
  size_t used;
};

static void add(struct text *t, const char *s, size_t n)
{
  check(t->n + n <= ROOM);
  memcpy(t->s + t->n, s, n);
  t->n += n;
}

static void puts_to(struct text *t, const char *s)
{
  add(t, s, strlen(s));
}

/* --- the reference --- */

static bool has(const struct text *t, size_t at, const char *s)
{
  size_t n = strlen(s);
  return at + n <= t->n && memcmp(t->s + at, s, n) == 0;
}

/* Is at the beginning of a line, as the wire has them? */
static bool begins(const struct text *t, size_t at)
{
  return at == 0 || (at >= 2 && has(t, at - 2, "\r\n"));
}

static bool is_part_of_end(const struct text *t, size_t at)
{
  return (t->s[at] == '\r' && has(t, at, "\r\n")) ||
         (t->s[at] == '\n' && at > 0 && has(t, at - 1, "\r\n"));
}

/* What is wrong with the byte at the place, or KAM_SMTP_MORE. */
static enum kam_smtp_read judge(const struct text *t, size_t at, bool repairs)
{
  if (at > 0 && t->s[at - 1] == '\r' && t->s[at] != '\n' && !repairs)
    return KAM_SMTP_BARE_CR;
  if (t->s[at] == '\0')
    return KAM_SMTP_NUL;
  if (t->s[at] == '\n' && !is_part_of_end(t, at) && !repairs)
    return KAM_SMTP_BARE_LF;
  return KAM_SMTP_MORE;
}

static struct result refer(const struct text *t, bool repairs, size_t max)
{
  struct result r = {.how = KAM_SMTP_MORE};
  size_t line = 0;
  for (r.used = 0; r.used < t->n; r.used++) {
    size_t at = r.used;
    char c = t->s[at];
    if (begins(t, at) && has(t, at, ".\r\n")) {
      r.how = KAM_SMTP_END;
      r.used += 3;
      return r;
    }
    r.how = judge(t, at, repairs);
    if (r.how)
      return r;
    if (begins(t, at) && c == '.') {
      line = 0;
    } else if (is_part_of_end(t, at)) {
      if (c == '\n')
        puts_to(&r.mail, "\r\n");
      line = 0;
    } else if (c == '\r' || c == '\n') {
      if (at + 1 < t->n || repairs) /* else nobody knows yet that it is bare */
        puts_to(&r.mail, "\r\n");
      line = 0;
    } else {
      if (max && line == max) {
        r.how = KAM_SMTP_LONG;
        return r;
      }
      add(&r.mail, &c, 1);
      line++;
    }
  }
  return r;
}

/* --- what is tried --- */

static void read_part(struct kam_smtp_reader *reader, struct result *r,
                      const char *s, size_t len)
{
  const char *piece;
  size_t used, n, at = 0;
  if (r->how != KAM_SMTP_MORE)
    return;
  do {
    r->how = kam_smtp_read(reader, s + at, len - at, &used, &piece, &n);
    at += used;
    if (r->how == KAM_SMTP_PIECE)
      add(&r->mail, piece, n);
    check(at <= len && (r->how != KAM_SMTP_MORE || at == len));
  } while (r->how == KAM_SMTP_PIECE);
  r->used += at;
}

/* In pieces of n bytes behind a first one. */
static struct result read_cut(const struct text *t, bool repairs, size_t max,
                              size_t first, size_t n)
{
  struct kam_smtp_reader reader = {.repairs = repairs,
                                   .max_line = (uint32_t)max};
  struct result r = {.how = KAM_SMTP_MORE};
  size_t at = first, len;
  read_part(&reader, &r, t->s, first);
  for (; at < t->n; at += len) {
    len = t->n - at < n ? t->n - at : n;
    read_part(&reader, &r, t->s + at, len);
  }
  check(reader.size == r.mail.n);
  return r;
}

static bool same_text(const struct text *a, const struct text *b)
{
  return a->n == b->n && memcmp(a->s, b->s, a->n) == 0;
}

static void compare(const struct result *a, const struct result *b)
{
  check(a->how == b->how);
  if (a->how != KAM_SMTP_END && a->how != KAM_SMTP_MORE)
    return; /* how much came out of what is refused is nobody's business */
  check(a->used == b->used);
  check(same_text(&a->mail, &b->mail));
}

static void try_reading(const struct text *t, bool repairs, size_t max)
{
  struct result wanted = refer(t, repairs, max);
  struct result got = read_cut(t, repairs, max, 0, 1), other;
  size_t i;
  compare(&wanted, &got);
  for (i = 0; i <= t->n; i++) {
    other = read_cut(t, repairs, max, i, ROOM);
    compare(&wanted, &other);
    check(same_text(&got.mail, &other.mail)); /* but it is always the same */
  }
}

static struct text write_cut(const struct text *t, size_t first, size_t n)
{
  struct kam_smtp_writer w = {0};
  struct text out = {.n = 0};
  const char *piece;
  size_t used, len, at, end = first;
  for (at = 0; at < t->n || first; at += used) {
    if (at == end && at < t->n)
      end = t->n - at < n ? t->n : at + n;
    if (at == t->n)
      break;
    used = 0;
    if (kam_smtp_write(&w, t->s + at, end - at, &used, &piece, &len))
      add(&out, piece, len);
    check(at + used <= end);
  }
  puts_to(&out, kam_smtp_write_end(&w));
  return out;
}

/* The lines of t, with CRLF behind each. */
static struct text lines_of(const struct text *t)
{
  struct text out = {.n = 0};
  size_t i;
  for (i = 0; i < t->n; i++) {
    if (t->s[i] == '\r' || (t->s[i] == '\n' && !is_part_of_end(t, i)))
      puts_to(&out, "\r\n");
    else if (t->s[i] != '\n')
      add(&out, &t->s[i], 1);
  }
  if (out.n > 0 && !begins(&out, out.n))
    puts_to(&out, "\r\n");
  return out;
}

static void try_writing(const struct text *t)
{
  struct text wire = write_cut(t, 0, 1), other, wanted = lines_of(t);
  struct result back;
  size_t i;
  for (i = 0; i <= t->n; i++) {
    other = write_cut(t, i, ROOM);
    check(same_text(&wire, &other));
  }
  if (memchr(t->s, '\0', t->n)) /* which is passed on, and refused there */
    return;
  back = read_cut(&wire, false, 0, 0, ROOM);
  check(back.how == KAM_SMTP_END && back.used == wire.n);
  if (t->n > 0)
    check(same_text(&back.mail, &wanted));
}

/* --- */

static const char *const before[] = {"", "x", "x\r\n", "x\r\n."};

static void try_sequence(int number)
{
  struct text seven = {.n = 0};
  size_t i, max;
  int rest = number;
  for (i = 0; i < SEVEN; i++, rest /= 5)
    add(&seven, &"\r\n.\0x"[rest % 5], 1);
  snprintf(check_scene, sizeof check_scene, "sequence %d", number);
  for (i = 0; i < sizeof before / sizeof *before; i++) {
    struct text t = {.n = 0};
    puts_to(&t, before[i]);
    add(&t, seven.s, seven.n);
    try_writing(&t);
    puts_to(&t, "\r\n.\r\nQUIT\r\n");
    for (max = 0; max < 4; max += 3) {
      try_reading(&t, false, max);
      try_reading(&t, true, max);
    }
  }
}

int main(void)
{
  int i, step = CHECK_SLOW ? 7 : 1;
  check_begin();
  for (i = 0; i < SEQUENCES; i += step)
    try_sequence(i);
  printf("spec_smtp_data: %d sequences are read and written\n",
         (SEQUENCES + step - 1) / step);
  return 0;
}
