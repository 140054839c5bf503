/* Progress: what has passed, on the terminal.
 *
 * The line is written over again, at most ten times a second and only when
 * something passes: it sets no alarm, which would hide that a system is
 * stalled.
 */
#include "core/alarm.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 64, ERRORS = 2, LINE = 160, WIDTH = 79 };

static const uint64_t EVERY = 100000000; /* nanoseconds */

struct progress {
  struct kam_component comp; /* must be first */
  char *label;               /* option */
  int64_t bytes;             /* option: how many there will be, or 0 */
  bool shows;                /* the standard error is a terminal */
  bool shown;
  int64_t messages, passed; /* passed: bytes */
  uint64_t start, next;     /* nanoseconds; start is 0 before the first */
};

static int progress_open(struct kam_component *c)
{
  struct progress *p = (struct progress *)c;
  p->shows = isatty(ERRORS) == 1;
  return 0;
}

/* 1536 as "1.5 KiB". */
static void put_size(char *to, size_t size, double n)
{
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  size_t i = 0;
  while (n >= 1024 && i < sizeof units / sizeof units[0] - 1) {
    n /= 1024;
    i++;
  }
  snprintf(to, size, i ? "%.1f %s" : "%.0f %s", n, units[i]);
}

static int put_bytes(const struct progress *p, double seconds, char *to,
                     size_t size)
{
  char done[32], rate[32];
  double n = (double)p->passed;
  int len;
  if (p->passed == 0)
    return 0;
  put_size(done, sizeof done, n);
  put_size(rate, sizeof rate, seconds > 0 ? n / seconds : 0);
  len = snprintf(to, size, "  %s  %s/s", done, rate);
  if (p->bytes > 0)
    len += snprintf(to + len, size - (size_t)len, "  %.0f%%",
                    100 * n / (double)p->bytes);
  return len;
}

/* Writes the line over the last one. */
static void draw(struct progress *p, uint64_t now)
{
  char line[LINE];
  double seconds = (double)(now - p->start) / 1e9;
  int len = snprintf(line, sizeof line, "%.60s%s%lld", p->label,
                     p->label[0] ? ": " : "", (long long)p->messages);
  if (seconds > 0)
    len += snprintf(line + len, sizeof line - (size_t)len, "  %.0f/s",
                    (double)p->messages / seconds);
  put_bytes(p, seconds, line + len, sizeof line - (size_t)len);
  fprintf(stderr, "\r%.*s\033[K", WIDTH, line);
  fflush(stderr);
  p->next = now + EVERY;
  p->shown = true;
}

static void count(struct progress *p, struct kam_msg m)
{
  size_t len = 0;
  if (kam_msg_view(&p->comp.party.world->host, m, &len))
    p->passed += (int64_t)len;
  p->messages++;
}

static int progress_step(struct kam_component *c)
{
  struct progress *p = (struct progress *)c;
  struct kam_msg m;
  int i, r;
  if (!p->start)
    p->start = p->next = kam_now(c) ? kam_now(c) : 1;
  for (i = 0; i < BATCH; i++) {
    if (!kam_take(c, KAM_INBOX, &m))
      return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
    count(p, m);
    if (p->shows && kam_now(c) >= p->next)
      draw(p, kam_now(c));
    r = kam_send(c, KAM_OUTBOX, m);
    if (r == KAM_WAIT)
      return KAM_BLOCKED;
    if (r < 0)
      return r;
  }
  return KAM_AGAIN;
}

/* The last state stays there. */
static void progress_close(struct kam_component *c)
{
  struct progress *p = (struct progress *)c;
  if (!p->shows || !p->messages)
    return;
  draw(p, kam_now(c));
  fputc('\n', stderr);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "anything"}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "the same"}, {0}};
static const struct kam_option_spec options[] = {
    KAM_TEXT(struct progress, label, "", "what the line begins with"),
    KAM_INT(struct progress, bytes, 0, 0, 9e15,
            "how many bytes there will be, for a percentage; 0: not known"),
    {0}};

KAM_COMPONENT(progress) = {
    .name = "Progress",
    .family = "console",
    .summary = "Shows on the terminal how much has passed, and how fast.",
    .doc =
        "Messages are sent on as they are. On the standard error, if that is a "
        "terminal, one line is kept up to date: messages and messages a "
        "second, and for strings and buffers bytes, bytes a second, and with "
        "`bytes` how much of the whole that is. If it is no terminal nothing "
        "is written.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { \"a\", \"b\" },\n"
               "  kam.Progress \"copied\",\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> a\n"
               "--> b\n",
    .first = "label",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct progress),
    .open = progress_open,
    .step = progress_step,
    .close = progress_close,
};
