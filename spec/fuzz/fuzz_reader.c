/* fuzz_reader: FileReader and ConsoleReader cut what they read into the lines
 * that are in it, of a file as of a pipe that gives it in pieces. */
#define _GNU_SOURCE /* memfd_create */
#include "spec/fuzz/harness.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CRLF = 1, SMALL = 2, CONSOLE = 4, LONG = 8, CHUNKS = 16, PART = 32 };
enum { INPUT = 0, FILE_FD = 900, BLOCK = 70000, MOST = 600 };

/* What is to be read; and the end of the pipe that it goes to. */
struct outside {
  unsigned char *bytes;
  size_t len, at, piece;
  const struct input *in;
  int fd; /* -1: closed */
};

/* The bytes, again and again until they fill more than a block. */
static struct outside outside_of(const struct input *in)
{
  size_t n = in->len && in->choice & LONG ? BLOCK / in->len + 1 : 1, i;
  struct outside o = {.in = in, .fd = -1};
  if (n > MOST)
    n = MOST;
  o.bytes = malloc(n * in->len + 1);
  if (!o.bytes)
    abort();
  for (i = 0; i < n && in->len; i++, o.len += in->len)
    memcpy(o.bytes + o.len, in->bytes, in->len);
  return o;
}

/* Writes the next piece, as far as the pipe takes it; behind the last, closes.
 */
static bool write_piece(void *ctx)
{
  struct outside *o = ctx;
  size_t left = o->len - o->at;
  size_t n = piece_len(o->in->cuts, o->in->n_cuts, o->piece++, left);
  ssize_t written;
  if (o->fd < 0)
    return false;
  if (left == 0) {
    close(o->fd);
    o->fd = -1;
    return true;
  }
  written = write(o->fd, o->bytes + o->at, n);
  if (written > 0)
    o->at += (size_t)written;
  return written >= 0;
}

static bool nothing(void *ctx)
{
  (void)ctx;
  return false;
}

static void move_fd(int fd, int to)
{
  if (fd < 0 || dup2(fd, to) < 0)
    abort();
  if (fd != to) /* the input was closed, and a file came in its place */
    close(fd);
}

static struct outcome read_file(const struct part *parts, struct outside *o,
                                int to)
{
  struct way way = {.act = nothing};
  struct outcome result;
  int fd = memfd_create("fuzz", 0);
  if (fd < 0 || write(fd, o->bytes, o->len) != (ssize_t)o->len)
    abort();
  lseek(fd, 0, SEEK_SET);
  move_fd(fd, to);
  result = play(parts, way);
  close(to);
  return result;
}

static struct outcome read_pipe(const struct part *parts, struct outside *o,
                                int to, uint64_t take)
{
  struct way way = {.act = write_piece, .ctx = o, .room = 2, .take = take};
  struct outcome result;
  int ends[2];
  if (pipe(ends))
    abort();
  move_fd(ends[0], to);
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  signal(SIGPIPE, SIG_IGN); /* the reader may end early */
  o->fd = ends[1];
  o->at = o->piece = 0;
  result = play(parts, way);
  if (o->fd >= 0)
    close(o->fd);
  close(to);
  return result;
}

/* The lines of the bytes, as far as they are not too long. */
static void lines_of(const struct outside *o, bool crlf, size_t limit,
                     struct outcome *out)
{
  const unsigned char *s = o->bytes, *end = o->bytes + o->len, *to;
  size_t n;
  while (s < end) {
    to = memchr(s, '\n', (size_t)(end - s));
    n = (size_t)((to ? to : end) - s);
    if (crlf && to && n && s[n - 1] == '\r')
      n--;
    if (n > limit) {
      strcpy(out->failure, "a line is too long");
      return;
    }
    kam_tape_bytes(&out->messages, s, n);
    s = to ? to + 1 : end;
  }
}

/* Lines, of a file and of a pipe. */
static void check_lines(const struct part *parts, struct outside *o, int fd,
                        bool crlf, size_t limit)
{
  struct outcome want = {0}, file, whole, early;
  lines_of(o, crlf, limit, &want);
  file = read_file(parts, o, fd);
  whole = read_pipe(parts, o, fd, 0);
  early = read_pipe(parts, o, fd, 1 + o->in->choice % 5);
  must(same_messages(&want, &file), "a file's lines", &want, &file);
  must(same_messages(&want, &whole), "a pipe's lines", &want, &whole);
  must(same_failure(&file, &whole), "both fail alike", &file, &whole);
  must(!*want.failure == !*file.failure, "a line is too long", &want, &file);
  must(begins_messages(&early, &want), "the beginning", &early, &want);
  outcome_fini(&want);
  outcome_fini(&file);
  outcome_fini(&whole);
  outcome_fini(&early);
}

/* Part of a file, from a byte on, or from so many before its end. */
static void check_part(struct outside *o, const char *path)
{
  int64_t n = (int64_t)o->len, from = o->in->choice & 64 ? -3 : 5, bytes = 4;
  int64_t start = from < 0 ? (n > 3 ? n - 3 : 0) : n > 5 ? 5 : n;
  int64_t len = n - start < bytes ? n - start : bytes;
  const struct part parts[] = {
      {"FileReader",
       {OPTION_TEXT("path", path), OPTION_INT("from", from),
        OPTION_INT("bytes", bytes), OPTION_INT("chunk", 3)}},
      {0}};
  struct outcome part = read_file(parts, o, FILE_FD);
  must(is_bytes(&part, o->bytes + start, (size_t)len), "a part of a file",
       &part, NULL);
  outcome_fini(&part);
}

static void check_chunks(struct outside *o, const char *path)
{
  int64_t chunk = o->in->choice & LONG ? 1000 : 7;
  const struct part parts[] = {
      {"FileReader", {OPTION_TEXT("path", path), OPTION_INT("chunk", chunk)}},
      {0}};
  struct outcome file = read_file(parts, o, FILE_FD);
  struct outcome pipe = read_pipe(parts, o, FILE_FD, 0);
  must(is_bytes(&file, o->bytes, o->len), "all of a file", &file, NULL);
  must(is_bytes(&pipe, o->bytes, o->len), "all of a pipe", &pipe, NULL);
  outcome_fini(&file);
  outcome_fini(&pipe);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char path[] = "/proc/self/fd/900";
  struct input in = input_of(data, size);
  struct outside o = outside_of(&in);
  bool console = in.choice & CONSOLE, crlf = in.choice & CRLF && !console;
  size_t limit = in.choice & SMALL ? 9 : 1 << 20;
  const struct part file[] = {
      {"FileReader",
       {OPTION_TEXT("path", path), OPTION_FLAG("lines", true),
        OPTION_FLAG("crlf", crlf), OPTION_INT("limit", (int64_t)limit)}},
      {0}};
  const struct part input[] = {
      {"ConsoleReader", {OPTION_INT("limit", (int64_t)limit)}}, {0}};
  if (in.choice & PART)
    check_part(&o, path);
  else if (in.choice & CHUNKS)
    check_chunks(&o, path);
  else
    check_lines(console ? input : file, &o, console ? INPUT : FILE_FD, crlf,
                limit);
  free(o.bytes);
  return 0;
}
