/* DirectoryWatch: what changes in a folder and below.
 *
 * The loop waits for the kernel's events; a worker takes them in, and writes
 * down what there is to tell when it has been gathered for a while. */
#include "components/file/trouble.h"
#include "components/file/watch.h"
#include "core/alarm.h"
#include "core/worker.h"

#include <stdio.h>
#include <string.h>

enum { OUT_ERROR = KAM_OUT_EXTRA, BATCH = 64 };

enum job { OPEN, READ, TELL };

struct directory_watch {
  struct kam_component comp;   /* must be first */
  char *path, *pattern, *only; /* options */
  int64_t depth;
  bool hidden;
  double settle;
  struct kam_job job;
  enum job what;
  struct kam_watch watch; /* the worker's while job.busy */
  int err;                /* errno of OPEN */
  uv_poll_t poll;
  bool has_poll, polls, readable;
  size_t at; /* what of its tape is sent */
  bool last; /* the end is told */
};

/* --- on the worker --- */

static void work(struct kam_job *job)
{
  struct directory_watch *d = (struct directory_watch *)job->component;
  if (d->what == OPEN)
    d->err = kam_watch_open(&d->watch);
  else if (d->what == READ)
    kam_watch_read(&d->watch);
  else
    kam_watch_tell(&d->watch);
}

/* --- on the loop --- */

static void on_readable(uv_poll_t *poll, int status, int events)
{
  struct directory_watch *d = poll->data;
  (void)status;
  (void)events;
  uv_poll_stop(poll);
  d->polls = false;
  d->readable = true;
  kam_party_wake(&d->comp.party);
  kam_component_unhold(&d->comp);
}

static void on_closed(uv_handle_t *handle)
{
  struct directory_watch *d = handle->data;
  kam_watch_fini(&d->watch);
  kam_component_unhold(&d->comp);
}

static void give_back(struct directory_watch *d)
{
  if (!d->has_poll) {
    kam_watch_fini(&d->watch);
    return;
  }
  if (!d->polls)
    kam_component_hold(&d->comp);
  uv_close((uv_handle_t *)&d->poll, on_closed);
}

static void done(struct kam_job *job)
{
  struct directory_watch *d = (struct directory_watch *)job->component;
  if (d->comp.state == KAM_ENDED)
    give_back(d);
}

static int start(struct directory_watch *d, enum job what)
{
  d->what = what;
  return kam_job_start(&d->comp, &d->job) ? KAM_EIO : KAM_AGAIN;
}

static int directory_watch_open(struct kam_component *c)
{
  struct directory_watch *d = (struct directory_watch *)c;
  d->job.work = work;
  d->job.done = done;
  kam_watch_init(&d->watch);
  d->watch.root = d->path;
  d->watch.pattern = d->pattern;
  d->watch.only = d->only;
  d->watch.depth = d->depth;
  d->watch.hidden = d->hidden;
  d->what = OPEN;
  return kam_job_start(c, &d->job);
}

static int fail(struct directory_watch *d, const char *path, const char *why)
{
  return kam_file_fail(&d->comp, "E0861", "cannot watch", path, why);
}

/* What a table { path =, error = } says, as the failure of d. */
static int fail_of(struct directory_watch *d, const struct kam_tape *table)
{
  struct kam_tape_item item;
  char texts[4][512];
  size_t at = 0, i = 0;
  while (kam_tape_next(table, &at, &item) && i < 4)
    if (item.type == KAM_TAPE_BYTES)
      snprintf(texts[i++], sizeof texts[0], "%.*s", (int)item.len, item.bytes);
  kam_assert(i == 4);
  return fail(d, texts[1], texts[3]);
}

static int send_next(struct directory_watch *d)
{
  struct kam_component *c = &d->comp;
  struct kam_tape *tape = &d->watch.tape, value;
  struct kam_tape_item what;
  struct kam_msg m;
  size_t from;
  int err;
  kam_tape_next(tape, &d->at, &what);
  from = d->at;
  kam_tape_skip(tape, &d->at);
  value = (struct kam_tape){.data = tape->data + from, .len = d->at - from};
  if (what.i != KAM_WATCH_CHANGE && !kam_outbox_heard(&c->party.out[OUT_ERROR]))
    return what.i == KAM_WATCH_NOTICE ? 0 : fail_of(d, &value);
  err = kam_tape_msg(&c->party.world->host, kam_mem_of(c), &value, &m);
  if (err)
    return err;
  return kam_send(c, what.i == KAM_WATCH_CHANGE ? KAM_OUTBOX : OUT_ERROR, m);
}

/* Sends what was written down: KAM_DONE when all of it is sent. */
static int send_all(struct directory_watch *d)
{
  int i, err;
  for (i = 0; i < BATCH && d->at < d->watch.tape.len; i++) {
    err = send_next(d);
    if (err == KAM_WAIT)
      return KAM_BLOCKED;
    if (err < 0)
      return err;
  }
  if (d->at < d->watch.tape.len)
    return KAM_AGAIN;
  d->at = 0;
  kam_tape_clear(&d->watch.tape);
  return KAM_DONE;
}

/* The folder itself has gone: what is pending, then that, then the end. */
static int finish(struct directory_watch *d)
{
  struct kam_tape *t = &d->watch.tape;
  if (d->watch.pending)
    return start(d, TELL);
  if (d->last)
    return KAM_DONE;
  d->last = true;
  kam_tape_int(t, KAM_WATCH_CHANGE);
  kam_tape_table(t);
  kam_tape_text(t, "path");
  kam_tape_text(t, d->path);
  kam_tape_text(t, "change");
  kam_tape_text(t, "removed");
  kam_tape_text(t, "type");
  kam_tape_text(t, "folder");
  kam_tape_end(t);
  return kam_tape_error(t) ? KAM_ENOMEM : KAM_AGAIN;
}

static int await(struct directory_watch *d)
{
  struct kam_component *c = &d->comp;
  if (!d->has_poll && uv_poll_init(kam_uv(c), &d->poll, d->watch.fd))
    return KAM_EIO;
  d->has_poll = true;
  d->poll.data = d;
  if (d->polls)
    return KAM_BLOCKED;
  if (uv_poll_start(&d->poll, UV_READABLE, on_readable))
    return KAM_EIO;
  d->polls = true;
  kam_component_hold(c);
  return KAM_BLOCKED;
}

static int directory_watch_step(struct kam_component *c)
{
  struct directory_watch *d = (struct directory_watch *)c;
  int err;
  if (c->party.told)
    return KAM_DONE;
  if (d->job.busy)
    return KAM_BLOCKED;
  if (d->err)
    return fail(d, d->path, kam_watch_why(d->err));
  err = send_all(d);
  if (err != KAM_DONE || d->watch.err)
    return d->watch.err ? d->watch.err : err;
  if (d->watch.over)
    return finish(d);
  if (d->readable) {
    d->readable = false;
    return start(d, READ);
  }
  if (d->watch.pending && kam_alarm_rang(c)) {
    kam_alarm_clear(c);
    return start(d, TELL);
  }
  if (d->watch.pending && !kam_alarm_armed(c) &&
      kam_alarm_after(c, (uint64_t)(d->settle * 1e9)))
    return KAM_ENOMEM;
  return await(d);
}

static void directory_watch_close(struct kam_component *c)
{
  struct directory_watch *d = (struct directory_watch *)c;
  if (!d->job.busy)
    give_back(d);
}

static const char *const kinds[] = {"all", "files", "folders", NULL};

static const struct kam_box_spec inboxes[] = {{.name = "inbox", .absent = true},
                                              {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "{ path =, change =, type = }: change is made, changed, removed or "
            "moved, with `from`; type is file, folder, link or other",
     .kinds = KAM_TABLE},
    {.name = "error",
     .doc = "{ path =, error = } of each folder that cannot be watched, and "
            "when the kernel dropped events",
     .kinds = KAM_TABLE,
     .optional = true},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_TEXT(struct directory_watch, path, ".", "the folder"),
    KAM_TEXT(struct directory_watch, pattern, "",
             "tells only of names that it fits, as a shell's: \"*.lua\"; "
             "\"\": all"),
    {.name = "only",
     .doc = "all; files: plain ones; folders",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct directory_watch, only),
     .fallback = {.type = KAM_OPTION_STRING, .s = "all"},
     .one_of = kinds},
    KAM_INT(struct directory_watch, depth, 0, 0, INT32_MAX,
            "levels; 1: what lies in the folder itself; 0: all"),
    KAM_FLAG(struct directory_watch, hidden, true,
             "names that begin with a dot too"),
    KAM_NUM(struct directory_watch, settle, 0.05, 0, 3600,
            "seconds for which changes are gathered, to be told once"),
    {0}};

KAM_COMPONENT(directory_watch) = {
    .name = "DirectoryWatch",
    .family = "file",
    .summary = "Tells what is made, changed, moved and removed in a folder.",
    .doc =
        "It tells of a path once for all that was done to it in `settle` "
        "seconds, and nothing of what came and went in them. A new folder "
        "below is watched too, and what was already made in it is told. When a "
        "folder is moved, what lies in it is not told one by one; to another "
        "level, or over something else, it is told as removed and made. Links "
        "are not followed. When more happens than the kernel keeps, it says so "
        "on `error`, looks at all again, and tells what it finds. A folder "
        "that cannot be watched is told on `error`, and if that is not linked "
        "it is an error that names it. What lies there when it begins is not "
        "told: that is DirectoryWalk's.",
    .ends = "When told, or when the folder itself has gone, which it tells.",
    .example =
        "kam.Pipeline { kam.OneShot \"x\", "
        "kam.FileWriter { \"src/a.lua\", mkdir = true } }:run()\n"
        "kam.Pipeline { kam.OneShot \"y\", kam.Delay(0.1), "
        "kam.FileWriter { \"src/a.lua\", mode = \"append\" } }:activate()\n"
        "kam.Pipeline { kam.DirectoryWatch { \"src\", settle = 0.2 }, "
        "kam.Take(1),\n"
        "  kam.map(function(found) return found.change .. \" \" .. "
        "found.path end), kam.ConsoleEchoer() }:run()\n"
        "--> changed src/a.lua\n",
    .first = "path",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct directory_watch),
    .open = directory_watch_open,
    .step = directory_watch_step,
    .close = directory_watch_close,
};
