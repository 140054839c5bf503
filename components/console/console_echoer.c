/* ConsoleEchoer: writes what comes to the standard output.
 *
 * It goes through the same buffer as print, so that the order is right. A
 * terminal or pipe that takes nothing more makes it wait, and not the system:
 * it writes a page at a time, and only when there is room for one. */
#include "core/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BATCH = 64, PAGE = 4096, OUTPUT = 1 };

struct console_echoer {
  struct kam_component comp; /* must be first */
  char *eol;                 /* option */
  bool forward;              /* option */
  bool waits;                /* for room outside */
  bool may_block;            /* no plain file */
  bool polls;                /* poll is open */
  int fd;                    /* a copy of the output, to be polled; -1 */
  uv_poll_t poll;
  struct kam_msg msg; /* being written, or nothing */
  char *text;         /* of a message that is no string; size bytes */
  size_t size;
  size_t done; /* bytes of it written */
  size_t page; /* bytes written since there was room for a page */
};

static int console_echoer_open(struct kam_component *c)
{
  struct console_echoer *e = (struct console_echoer *)c;
  struct stat st;
  e->may_block = fstat(OUTPUT, &st) == 0 && !S_ISREG(st.st_mode);
  e->page = PAGE;
  e->fd = -1;
  return 0;
}

static bool has_room(struct console_echoer *e)
{
  struct pollfd p = {.fd = OUTPUT, .events = POLLOUT};
  if (!e->may_block || e->page < PAGE)
    return true;
  if (poll(&p, 1, 0) == 0)
    return false;
  e->page = 0;
  return true;
}

static void on_writable(uv_poll_t *poll, int status, int events)
{
  struct console_echoer *e = poll->data;
  (void)status;
  (void)events;
  uv_poll_stop(poll);
  e->waits = false;
  kam_party_wake(&e->comp.party);
  kam_component_unhold(&e->comp);
}

/* libuv makes what it polls non-blocking, also for print, and for who shares
 * the output with us: that is put right at once. */
static int open_poll(struct console_echoer *e)
{
  int flags = fcntl(OUTPUT, F_GETFL);
  e->fd = dup(OUTPUT);
  if (e->fd < 0 || uv_poll_init(kam_uv(&e->comp), &e->poll, e->fd))
    return KAM_EIO;
  fcntl(OUTPUT, F_SETFL, flags);
  e->poll.data = e;
  e->polls = true;
  return 0;
}

static int wait_for_room(struct console_echoer *e)
{
  if (!e->polls && open_poll(e))
    return KAM_EIO;
  if (uv_poll_start(&e->poll, UV_WRITABLE, on_writable))
    return KAM_EIO;
  e->waits = true;
  kam_component_hold(&e->comp);
  return KAM_BLOCKED;
}

/* The output takes no more. Nobody reads it: that is an end; else an error. */
static int failed(struct console_echoer *e)
{
  char text[128];
  if (errno == EPIPE)
    return KAM_DONE;
  snprintf(text, sizeof text, "cannot write to the standard output: %s",
           strerror(errno));
  clearerr(stdout);
  kam_component_fail(&e->comp, text);
  return KAM_EIO;
}

/* The text of a message that is no string, in e->text. */
static int make_text(struct console_echoer *e, size_t *len)
{
  const struct kam_host *host = &e->comp.party.world->host;
  size_t need = kam_msg_text(host, e->msg, true, e->text, e->size), size;
  char *text;
  if (need >= e->size) {
    size = need + 256;
    text = kam_mem_realloc(kam_mem_of(&e->comp), e->text, e->size, size);
    if (!text)
      return KAM_ENOMEM;
    e->text = text;
    e->size = size;
    need = kam_msg_text(host, e->msg, true, e->text, e->size);
  }
  *len = need;
  return 0;
}

static int write_bytes(struct console_echoer *e, const char *s, size_t n)
{
  while (n) {
    size_t part = n < PAGE ? n : PAGE;
    if (!has_room(e))
      return KAM_WAIT;
    if (fwrite(s, 1, part, stdout) != part)
      return KAM_EIO;
    e->page += part;
    e->done += part;
    s += part;
    n -= part;
  }
  return 0;
}

/* Writes e->msg and its end, from e->done on: 0, KAM_WAIT or an error. */
static int write_msg(struct console_echoer *e)
{
  const struct kam_host *host = &e->comp.party.world->host;
  size_t len = 0, end = strlen(e->eol);
  const char *s = kam_msg_view(host, e->msg, &len);
  int r = 0;
  if (!s) {
    r = make_text(e, &len);
    s = e->text;
  }
  if (!r && e->done < len)
    r = write_bytes(e, s + e->done, len - e->done);
  if (!r)
    r = write_bytes(e, e->eol + (e->done - len), len + end - e->done);
  return r;
}

/* The message is written: on with it, if it is to be forwarded. */
static int written(struct console_echoer *e)
{
  struct kam_msg m = e->msg;
  e->msg = (struct kam_msg){0};
  e->done = 0;
  if (e->forward)
    return kam_send(&e->comp, KAM_OUTBOX, m);
  kam_msg_drop(&e->comp.party.world->host, m);
  return 0;
}

static int flush(struct console_echoer *e, int then)
{
  if (!has_room(e))
    return wait_for_room(e);
  return fflush(stdout) ? failed(e) : then;
}

static int console_echoer_step(struct kam_component *c)
{
  struct console_echoer *e = (struct console_echoer *)c;
  int i, r;
  if (e->waits && c->party.told != KAM_SHUTDOWN)
    return KAM_BLOCKED;
  for (i = 0; i < BATCH; i++) {
    if (e->msg.tag == KAM_NOTHING && !kam_take(c, KAM_INBOX, &e->msg)) {
      if (c->party.told == KAM_SHUTDOWN)
        return KAM_DONE;
      return flush(e, kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE);
    }
    r = write_msg(e);
    if (r == KAM_WAIT)
      return c->party.told == KAM_SHUTDOWN ? KAM_DONE : wait_for_room(e);
    if (r == KAM_EIO)
      return failed(e);
    r = r ? r : written(e);
    if (r == KAM_WAIT)
      return KAM_BLOCKED;
    if (r < 0)
      return r;
  }
  return KAM_AGAIN;
}

static void on_closed(uv_handle_t *handle)
{
  struct console_echoer *e = handle->data;
  close(e->fd);
  kam_component_unhold(&e->comp);
}

static void console_echoer_close(struct kam_component *c)
{
  struct console_echoer *e = (struct console_echoer *)c;
  kam_msg_drop(&c->party.world->host, e->msg);
  kam_mem_free(kam_mem_of(c), e->text, e->size);
  if (!e->polls) {
    if (e->fd > 0)
      close(e->fd);
    return;
  }
  kam_component_hold(c);
  uv_close((uv_handle_t *)&e->poll, on_closed);
  if (e->waits)
    kam_component_unhold(c);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "anything; tables are written as in Lua"}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "with forward, what it has written",
     .optional = true},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_TEXT(struct console_echoer, eol, "\n", "written after each message"),
    KAM_FLAG(struct console_echoer, forward, false,
             "sends on to outbox what it has written"),
    {0}};

KAM_COMPONENT(console_echoer) = {
    .name = "ConsoleEchoer",
    .family = "console",
    .summary = "Writes what comes to the standard output, a line each.",
    .doc = "Strings are written as they are, tables as in Lua. It waits while "
           "the output takes nothing. If nobody reads the output any more it "
           "ends; a full disk is an error.",
    .ends = "When its inbox has ended, after all is written.",
    .example = "kam.Pipeline { kam.DataSource { \"hello\", { x = 1 } }, "
               "kam.ConsoleEchoer() }:run()\n"
               "--> hello\n"
               "--> { x = 1 }\n",
    .first = "eol",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct console_echoer),
    .effects = true,
    .open = console_echoer_open,
    .step = console_echoer_step,
    .close = console_echoer_close,
};
