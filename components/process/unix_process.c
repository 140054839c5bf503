/* UnixProcess: another program, between an inbox and an outbox.
 *
 * It has ended when the program has, and both its outputs are read to the end.
 * A program that is to end gets SIGTERM, and SIGKILL after the grace. */
#include "components/process/stdio.h"
#include "core/alarm.h"
#include "core/tape.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUT_ERROR = KAM_OUT_EXTRA, OUT_STATUS };

extern char **environ;

struct unix_process {
  struct kam_component comp; /* must be first */
  char **argv, **env;        /* options */
  char *cwd;
  bool shell;
  double grace;
  uv_process_t process;
  struct kam_stdio_writer in;
  struct kam_stdio_reader out, err;
  bool spawned; /* its handle is open */
  bool exited, stops, killed, told_status;
  int64_t exit;
  int signal;
};

/* --- starting --- */

static int cannot_start(struct unix_process *p, const char *why,
                        const char *mend)
{
  char text[1024];
  snprintf(text, sizeof text, "error[E0640]: cannot start %s: %s%s%s",
           p->argv[0], why, mend ? "\n  mend: " : "", mend ? mend : "");
  kam_component_fail(&p->comp, text);
  return KAM_EIO;
}

/* One text with blanks is a command line, which only a shell can cut. */
static int refuse_line(struct unix_process *p)
{
  char mend[512];
  size_t n = 0;
  const char *s;
  n += (size_t)snprintf(mend, sizeof mend, "kam.UnixProcess { \"");
  for (s = p->argv[0]; *s && n < sizeof mend - 80; s++) {
    if (*s != ' ')
      mend[n++] = *s;
    else if (s[1] != ' ' && s[1])
      n += (size_t)snprintf(mend + n, sizeof mend - n, "\", \"");
  }
  snprintf(mend + n, sizeof mend - n,
           "\" }, or shell = true if a shell is to read it");
  return cannot_start(p, "it is one text with blanks, and no such program",
                      mend);
}

static bool is_line(const char *s)
{
  return strchr(s, ' ') && access(s, X_OK) != 0;
}

static void on_exit(uv_process_t *process, int64_t status, int signal);

/* What is to be given to the shell or to the program itself; n words follow
 * the command. */
static char **arguments(struct unix_process *p, char **room)
{
  static char sh[] = "/bin/sh", c[] = "-c";
  size_t i;
  if (!p->shell)
    return p->argv;
  room[0] = sh;
  room[1] = c;
  for (i = 0; p->argv[i]; i++)
    room[i + 2] = p->argv[i];
  room[i + 2] = NULL;
  return room;
}

static size_t count(char **list)
{
  size_t n = 0;
  while (list && list[n])
    n++;
  return n;
}

/* Is the variable of entry set again in the option env? */
static bool is_set_again(const struct unix_process *p, const char *entry)
{
  size_t n = strcspn(entry, "="), i;
  for (i = 0; p->env[i]; i++)
    if (strncmp(p->env[i], entry, n + 1) == 0)
      return true;
  return false;
}

/* Our environment with what the option changes; room is large enough. */
static char **environment(struct unix_process *p, char **room)
{
  size_t n = 0, i;
  if (!p->env)
    return NULL;
  for (i = 0; environ && environ[i]; i++)
    if (!is_set_again(p, environ[i]))
      room[n++] = environ[i];
  for (i = 0; p->env[i]; i++)
    room[n++] = p->env[i];
  room[n] = NULL;
  return room;
}

static bool is_linked(const struct unix_process *p, unsigned out)
{
  const struct kam_outbox *o = &p->comp.party.out[out];
  return o->sink || o->port.to;
}

static int spawn(struct unix_process *p, char **args, char **env)
{
  uv_stdio_container_t stdio[3] = {
      {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
       .data.stream = (uv_stream_t *)&p->in.pipe},
      {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
       .data.stream = (uv_stream_t *)&p->out.pipe},
      {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO}};
  uv_process_options_t options = {.exit_cb = on_exit,
                                  .file = args[0],
                                  .args = args,
                                  .env = env,
                                  .cwd = *p->cwd ? p->cwd : NULL,
                                  .stdio_count = 3,
                                  .stdio = stdio};
  if (p->shell) /* in a group of its own: all of it gets our signals */
    options.flags = UV_PROCESS_DETACHED;
  if (p->err.open) {
    stdio[2].flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
    stdio[2].data.stream = (uv_stream_t *)&p->err.pipe;
  }
  p->process.data = p;
  p->spawned = true;
  kam_component_hold(&p->comp);
  return uv_spawn(kam_uv(&p->comp), &p->process, &options);
}

static int start(struct unix_process *p)
{
  size_t n_args = count(p->argv) + 3;
  size_t n_env = p->env ? count(environ) + count(p->env) + 1 : 0;
  size_t size = (n_args + n_env) * sizeof(char *);
  char **room = kam_mem_alloc(kam_mem_of(&p->comp), size);
  struct stat st;
  int err;
  if (!room)
    return KAM_ENOMEM;
  err = spawn(p, arguments(p, room), environment(p, room + n_args));
  kam_mem_free(kam_mem_of(&p->comp), room, size);
  if (err == 0)
    return 0;
  p->exited = true;
  if (err == UV_ENOENT && *p->cwd && stat(p->cwd, &st) != 0)
    return cannot_start(p, "its folder (option cwd) is not there", NULL);
  return cannot_start(p, uv_strerror(err), NULL);
}

static int unix_process_open(struct kam_component *c)
{
  struct unix_process *p = (struct unix_process *)c;
  size_t i;
  int err;
  if (!p->argv[0]) {
    kam_component_fail(c, "error[E0640]: cannot start a program without a "
                          "name\n  mend: kam.UnixProcess { \"sort\", \"-r\" }");
    return KAM_EIO;
  }
  for (i = 0; p->env && p->env[i]; i++)
    if (!strchr(p->env[i], '='))
      return cannot_start(
          p, "its option env has a text without =", "env = { \"NAME=value\" }");
  if (!p->shell && !p->argv[1] && is_line(p->argv[0]))
    return refuse_line(p);
  err = kam_stdio_writer_init(&p->in, c);
  err = err ? err : kam_stdio_reader_init(&p->out, c);
  if (!err && is_linked(p, OUT_ERROR))
    err = kam_stdio_reader_init(&p->err, c);
  else
    p->err.over = true;
  err = err ? err : start(p);
  if (!err && !(c->party.in[KAM_INBOX].port.flags & KAM_PORT_FED))
    kam_stdio_writer_close(&p->in); /* nobody will ever write to it */
  return err;
}

/* --- ending --- */

static void on_closed(uv_handle_t *handle)
{
  kam_component_unhold(&((struct unix_process *)handle->data)->comp);
}

static void on_exit(uv_process_t *process, int64_t status, int signal)
{
  struct unix_process *p = process->data;
  p->exit = status;
  p->signal = signal;
  p->exited = true;
  kam_stdio_writer_close(&p->in);
  if (p->comp.state != KAM_ENDED)
    kam_party_wake(&p->comp.party);
  else
    uv_close((uv_handle_t *)process, on_closed);
}

static void send_signal(struct unix_process *p, int signal)
{
  int pid = uv_process_get_pid(&p->process);
  if (!p->exited && pid > 0)
    kill(p->shell ? -pid : pid, signal);
}

/* Told to end now: what it still writes is wanted no longer. */
static int stop(struct unix_process *p)
{
  struct kam_component *c = &p->comp;
  if (!p->stops) {
    p->stops = p->out.discards = p->err.discards = true;
    kam_stdio_writer_close(&p->in);
    send_signal(p, SIGTERM);
    if (kam_alarm_after(c, (uint64_t)(p->grace * 1e9)))
      return KAM_ENOMEM;
  } else if (kam_alarm_rang(c) && !p->killed) {
    p->killed = true;
    send_signal(p, SIGKILL);
  }
  if (kam_stdio_read(&p->out) || kam_stdio_read(&p->err))
    return KAM_EIO;
  return p->exited ? KAM_DONE : KAM_BLOCKED;
}

static int send_status(struct unix_process *p)
{
  struct kam_tape t;
  struct kam_msg m;
  int err;
  p->told_status = true;
  kam_tape_init(&t);
  kam_tape_table(&t);
  kam_tape_text(&t, p->signal ? "signal" : "exit");
  kam_tape_int(&t, p->signal ? p->signal : p->exit);
  kam_tape_end(&t);
  err = kam_tape_msg(&p->comp.party.world->host, kam_mem_of(&p->comp), &t, &m);
  kam_tape_fini(&t);
  return err ? err : kam_send(&p->comp, OUT_STATUS, m);
}

static int failed(struct unix_process *p)
{
  char text[1024];
  size_t n = (size_t)snprintf(text, sizeof text, "error[E0641]:"), i;
  for (i = 0; p->argv[i] && n < 600; i++)
    n += (size_t)snprintf(text + n, sizeof text - n, " %.300s", p->argv[i]);
  if (p->signal)
    snprintf(text + n, sizeof text - n, ": it was ended by signal %d (%s)",
             p->signal, strsignal(p->signal));
  else
    snprintf(text + n, sizeof text - n, ": its exit status is %lld",
             (long long)p->exit);
  kam_component_fail(&p->comp, text);
  return KAM_EFAILED;
}

/* The program has ended and all its output is sent. */
static int finish(struct unix_process *p)
{
  int r;
  if (is_linked(p, OUT_STATUS) && !p->told_status) {
    r = send_status(p);
    if (r == KAM_WAIT)
      return KAM_BLOCKED;
    return r < 0 ? r : KAM_DONE;
  }
  return p->told_status || (p->exit == 0 && p->signal == 0) ? KAM_DONE
                                                            : failed(p);
}

/* --- working --- */

/* Sends what a reader has: 0, a kam_step that has to wait, or an error. */
static int pass_on(struct unix_process *p, struct kam_stdio_reader *r,
                   unsigned out)
{
  struct kam_bytes *chunk;
  int err;
  while ((chunk = kam_stdio_take(r))) {
    err = kam_send(&p->comp, out, kam_msg_bytes(chunk));
    if (err == KAM_WAIT || err == KAM_TOLD_STOP)
      return KAM_BLOCKED;
    if (err < 0)
      return err;
  }
  if (r->failed || kam_stdio_read(r))
    return KAM_EIO;
  return 0;
}

static int unix_process_step(struct kam_component *c)
{
  struct unix_process *p = (struct unix_process *)c;
  bool more;
  int r;
  if (c->party.told == KAM_SHUTDOWN)
    return stop(p);
  r = pass_on(p, &p->out, KAM_OUTBOX);
  if (!r)
    r = pass_on(p, &p->err, OUT_ERROR);
  if (r)
    return r;
  more = kam_stdio_write(&p->in);
  if (!p->in.busy && kam_over(c, KAM_INBOX))
    kam_stdio_writer_close(&p->in);
  if (p->exited && p->out.over && p->err.over)
    return finish(p);
  if (more)
    return KAM_AGAIN;
  return p->in.open && !p->in.busy && !p->in.deaf ? KAM_PAUSE : KAM_BLOCKED;
}

/* A process that still runs is ended by force, and its handle closed when the
 * system has told of its end: there is no child left behind. */
static void unix_process_close(struct kam_component *c)
{
  struct unix_process *p = (struct unix_process *)c;
  kam_stdio_writer_close(&p->in);
  kam_stdio_reader_close(&p->out);
  kam_stdio_reader_close(&p->err);
  if (!p->spawned)
    return;
  if (p->exited)
    uv_close((uv_handle_t *)&p->process, on_closed);
  else
    send_signal(p, SIGKILL);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "bytes for its standard input",
     .kinds = KAM_BYTES | KAM_LINE},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "what it writes to its standard output, in any cut",
     .kinds = KAM_BYTES},
    {.name = "error",
     .doc = "the same of its standard error; if not linked, that is ours",
     .kinds = KAM_BYTES,
     .optional = true},
    {.name = "status",
     .doc = "at its end, { exit = N } or { signal = N }",
     .optional = true},
    {0}};
static const struct kam_option_spec options[] = {
    {.name = "argv",
     .doc = "the program and its arguments, a string each",
     .type = KAM_OPTION_LIST,
     .offset = offsetof(struct unix_process, argv),
     .required = true},
    KAM_FLAG(struct unix_process, shell, false,
             "the first argument is a command line for /bin/sh"),
    KAM_TEXT(struct unix_process, cwd, "", "the folder it runs in; \"\": ours"),
    KAM_LIST(struct unix_process, env,
             "variables of its environment, \"NAME=value\" each, besides ours"),
    {.name = "grace",
     .doc = "seconds from SIGTERM to SIGKILL when it is told to end now",
     .type = KAM_OPTION_NUMBER,
     .offset = offsetof(struct unix_process, grace),
     .fallback = {.type = KAM_OPTION_NUMBER, .n = 1.0},
     .min = 0,
     .max = 3600},
    {0}};

KAM_COMPONENT(unix_process) = {
    .name = "UnixProcess",
    .family = "process",
    .summary = "Runs another program, and sends what it writes.",
    .doc =
        "What comes to `inbox` goes to the program's standard input, which is "
        "closed when the inbox has ended; if nothing feeds the inbox it is "
        "empty from the start. Nothing is dropped: while the program takes no "
        "more, senders wait, and while receivers take no more, the program "
        "does. One that reads no more, as `head` does, is no failure. A "
        "program that cannot be started, ends with a status other than 0, or "
        "by a signal, fails the component, unless `status` is linked. Told to "
        "end now, it sends SIGTERM, and SIGKILL after the `grace`.",
    .ends = "When the program has ended and all that it wrote is sent.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { \"b\\n\", \"a\\n\" },\n"
               "  kam.UnixProcess { \"sort\" },\n"
               "  kam.ConsoleEchoer { eol = \"\" },\n"
               "}:run()\n"
               "--> a\n"
               "--> b\n",
    .first = "argv",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct unix_process),
    .ends_early = true,
    .open = unix_process_open,
    .step = unix_process_step,
    .close = unix_process_close,
};
