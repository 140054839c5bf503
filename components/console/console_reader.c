/* ConsoleReader: the standard input, line by line.
 *
 * Terminals, pipes and sockets are read when they have something; what cannot
 * be polled, such as a file, is read by a worker. Nothing is read while the
 * receiver has no room. */
#include "core/loop.h"
#include "core/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 64, CHUNK = 65536, INPUT = 0 };

struct console_reader {
  struct kam_component comp; /* must be first */
  int64_t limit;             /* option */
  char *prompt;              /* option */
  uv_poll_t poll;
  struct kam_job job;
  unsigned char *data; /* CHUNK bytes read ahead, or NULL */
  size_t from, to;     /* what of them is not yet split */
  unsigned char *line; /* the start of a line */
  size_t len, size;
  ssize_t got; /* by the last read: bytes, 0 at the end, or -errno */
  bool polls, reads, ended, started;
};

static ssize_t read_some(struct console_reader *r)
{
  ssize_t n;
  do
    n = read(INPUT, r->data, CHUNK);
  while (n < 0 && errno == EINTR);
  return n < 0 ? -errno : n;
}

static void came(struct console_reader *r)
{
  r->reads = false;
  r->from = 0;
  r->to = r->got > 0 ? (size_t)r->got : 0;
  r->ended = r->got <= 0 && r->got != -EAGAIN;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
  struct console_reader *r = poll->data;
  (void)status;
  (void)events;
  uv_poll_stop(poll);
  r->got = read_some(r);
  came(r);
  kam_party_wake(&r->comp.party);
  kam_component_unhold(&r->comp);
}

static void work(struct kam_job *job)
{
  struct console_reader *r = (struct console_reader *)job->component;
  r->got = read_some(r);
}

static void free_data(struct console_reader *r)
{
  kam_mem_free(kam_mem_of(&r->comp), r->data, CHUNK);
  r->data = NULL;
}

static void done(struct kam_job *job)
{
  struct console_reader *r = (struct console_reader *)job->component;
  came(r);
  if (r->comp.state == KAM_ENDED)
    free_data(r);
}

static int console_reader_open(struct kam_component *c)
{
  struct console_reader *r = (struct console_reader *)c;
  int flags = fcntl(INPUT, F_GETFL);
  r->data = kam_mem_alloc(kam_mem_of(c), CHUNK);
  if (!r->data)
    return KAM_ENOMEM;
  r->polls = uv_poll_init(kam_uv(c), &r->poll, INPUT) == 0;
  fcntl(INPUT, F_SETFL, flags); /* the terminal is the shell's as well */
  r->poll.data = r;
  r->job.work = work;
  r->job.done = done;
  return 0;
}

static int start_reading(struct console_reader *r)
{
  r->reads = true;
  if (*r->prompt && !r->started && isatty(INPUT)) {
    fputs(r->prompt, stdout);
    fflush(stdout);
  }
  r->started = true;
  if (!r->polls)
    return kam_job_start(&r->comp, &r->job) ? KAM_EIO : KAM_BLOCKED;
  if (uv_poll_start(&r->poll, UV_READABLE, on_readable))
    return KAM_EIO;
  kam_component_hold(&r->comp);
  return KAM_BLOCKED;
}

static int too_long(struct console_reader *r)
{
  char text[128];
  snprintf(text, sizeof text,
           "a line of the standard input is longer than %lld bytes (its option "
           "limit)",
           (long long)r->limit);
  kam_component_fail(&r->comp, text);
  return KAM_EIO;
}

/* Adds n bytes to the line that has begun. */
static int keep(struct console_reader *r, const unsigned char *s, size_t n)
{
  size_t size = r->size ? r->size : 256;
  unsigned char *line;
  if (r->len + n > (size_t)r->limit)
    return too_long(r);
  while (size < r->len + n)
    size *= 2;
  if (size != r->size) {
    line = kam_mem_realloc(kam_mem_of(&r->comp), r->line, r->size, size);
    if (!line)
      return KAM_ENOMEM;
    r->line = line;
    r->size = size;
  }
  memcpy(r->line + r->len, s, n);
  r->len += n;
  return 0;
}

static int send_line(struct console_reader *r, const unsigned char *s, size_t n)
{
  struct kam_bytes *b = kam_bytes_copy(kam_mem_of(&r->comp), s, n);
  struct kam_msg m;
  if (!b)
    return KAM_ENOMEM;
  m = kam_msg_bytes(b);
  m.kind |= KAM_LINE;
  return kam_send(&r->comp, KAM_OUTBOX, m);
}

/* Sends the next line of what was read, or keeps its start. */
static int next_line(struct console_reader *r)
{
  unsigned char *s = r->data + r->from;
  size_t n = r->to - r->from;
  unsigned char *end = memchr(s, '\n', n);
  int err;
  if (!end) {
    r->from = r->to;
    return keep(r, s, n);
  }
  n = (size_t)(end - s);
  r->from += n + 1;
  r->started = false;
  if (r->len == 0)
    return n > (size_t)r->limit ? too_long(r) : send_line(r, s, n);
  err = keep(r, s, n);
  if (err)
    return err;
  n = r->len;
  r->len = 0;
  return send_line(r, r->line, n);
}

static int end_of_input(struct console_reader *r)
{
  size_t n = r->len;
  char text[128];
  r->len = 0;
  if (r->got < 0) {
    snprintf(text, sizeof text, "cannot read the standard input: %s",
             strerror((int)-r->got));
    kam_component_fail(&r->comp, text);
    return KAM_EIO;
  }
  if (n && send_line(r, r->line, n) == KAM_WAIT)
    return KAM_BLOCKED;
  return KAM_DONE;
}

static int console_reader_step(struct kam_component *c)
{
  struct console_reader *r = (struct console_reader *)c;
  int i, err;
  if (c->party.told)
    return KAM_DONE;
  if (r->reads)
    return KAM_BLOCKED;
  for (i = 0; i < BATCH; i++) {
    if (r->from == r->to)
      return r->ended ? end_of_input(r) : start_reading(r);
    err = next_line(r);
    if (err == KAM_WAIT)
      return KAM_BLOCKED;
    if (err < 0)
      return err;
  }
  return KAM_AGAIN;
}

static void on_closed(uv_handle_t *handle)
{
  struct console_reader *r = handle->data;
  kam_component_unhold(&r->comp);
}

static void console_reader_close(struct kam_component *c)
{
  struct console_reader *r = (struct console_reader *)c;
  kam_mem_free(kam_mem_of(c), r->line, r->size);
  if (r->polls) {
    kam_component_hold(c);
    uv_close((uv_handle_t *)&r->poll, on_closed);
    if (r->reads)
      kam_component_unhold(c);
  }
  if (!r->job.busy) /* else its worker still reads into it */
    free_data(r);
}

static const struct kam_box_spec inboxes[] = {{.name = "inbox", .absent = true},
                                              {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "lines, without their ends",
     .kinds = KAM_LINE | KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_TEXT(struct console_reader, prompt, "",
             "written before a line is read, if the input is a terminal"),
    KAM_INT(struct console_reader, limit, 1 << 20, 1, 1 << 30,
            "bytes in a line; a longer one is an error"),
    {0}};

KAM_COMPONENT(console_reader) = {
    .name = "ConsoleReader",
    .family = "console",
    .summary = "Sends what is typed, line by line.",
    .doc =
        "Reads the standard input, which may be a terminal, a pipe or a file. "
        "A last line without an end is a line too. It reads no faster than "
        "its receiver takes. An input that cannot be read, or a line longer "
        "than `limit`, is an error.",
    .ends = "At the end of the input, or when told.",
    .example =
        "kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }:run()\n"
        "--< hello\n"
        "--> hello\n",
    .first = "prompt",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct console_reader),
    .open = console_reader_open,
    .step = console_reader_step,
    .close = console_reader_close,
};
