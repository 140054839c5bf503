/* Signal: a signal of the system's, as a message. */
#include "core/loop.h"

#include <signal.h>
#include <string.h>

struct signal_source {
  struct kam_component comp; /* must be first */
  char *which;               /* option */
  uv_signal_t handle;
  bool opened, came;
};

static const struct {
  const char *name;
  int number;
} known[] = {{"SIGHUP", SIGHUP},   {"SIGUSR2", SIGUSR2}, {"SIGWINCH", SIGWINCH},
             {"SIGALRM", SIGALRM}, {"SIGCONT", SIGCONT}, {"SIGTSTP", SIGTSTP}};

static void on_signal(uv_signal_t *handle, int number)
{
  struct signal_source *s = handle->data;
  (void)number;
  s->came = true;
  kam_party_wake(&s->comp.party);
}

static void on_closed(uv_handle_t *handle)
{
  struct signal_source *s = handle->data;
  kam_component_unhold(&s->comp);
}

static int signal_open(struct kam_component *c)
{
  struct signal_source *s = (struct signal_source *)c;
  size_t i = 0;
  while (strcmp(known[i].name, s->which) != 0)
    i++;
  if (uv_signal_init(kam_uv(c), &s->handle))
    return KAM_EIO;
  s->handle.data = s;
  s->opened = true;
  kam_component_hold(c);
  return uv_signal_start(&s->handle, on_signal, known[i].number) ? KAM_EIO : 0;
}

static int signal_step(struct kam_component *c)
{
  struct signal_source *s = (struct signal_source *)c;
  struct kam_bytes *b;
  int r;
  if (c->party.told)
    return KAM_DONE;
  if (!s->came)
    return KAM_BLOCKED;
  s->came = false;
  b = kam_bytes_copy(kam_mem_of(c), s->which, strlen(s->which));
  if (!b)
    return KAM_ENOMEM;
  r = kam_send(c, KAM_OUTBOX, kam_msg_bytes(b));
  return r == KAM_WAIT ? KAM_BLOCKED : r < 0 ? r : KAM_AGAIN;
}

static void signal_close(struct kam_component *c)
{
  struct signal_source *s = (struct signal_source *)c;
  if (s->opened)
    uv_close((uv_handle_t *)&s->handle, on_closed);
}

static const char *const names[] = {"SIGHUP",  "SIGUSR2", "SIGWINCH", "SIGALRM",
                                    "SIGCONT", "SIGTSTP", NULL};

static const struct kam_box_spec inboxes[] = {{.name = "inbox", .absent = true},
                                              {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "the signal's name", .kinds = KAM_BYTES}, {0}};
static const struct kam_option_spec options[] = {
    {.name = "which",
     .doc = "SIGHUP, SIGUSR2, SIGWINCH, SIGALRM, SIGCONT or SIGTSTP",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct signal_source, which),
     .fallback = {.type = KAM_OPTION_STRING, .s = "SIGHUP"},
     .one_of = names},
    {0}};

KAM_COMPONENT(signal) = {
    .name = "Signal",
    .family = "process",
    .summary = "Sends a message for each signal of the system's.",
    .doc =
        "The signal then does nothing else to the process. Those that come "
        "while the receiver is busy are one message, as they are for the "
        "system. SIGINT and SIGTERM end a Kamaelua system, and SIGUSR1 shows "
        "what it does: these are not to be had.",
    .ends = "When told.",
    .example = "kam.Graphline {\n"
               "  HUP = kam.Signal \"SIGHUP\",\n"
               "  KILL = kam.UnixProcess { \"sh\", \"-c\", \"sleep 0.2; kill "
               "-HUP $PPID\" },\n"
               "  SHOW = kam.each(function(name) print(name) kam.stop() "
               "end),\n"
               "  linkages = { \"HUP -> SHOW\", \"KILL -> null\" },\n"
               "}:run()\n"
               "--> SIGHUP\n",
    .first = "which",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct signal_source),
    .open = signal_open,
    .step = signal_step,
    .close = signal_close,
};
