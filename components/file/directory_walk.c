/* DirectoryWalk: what lies in a folder and below.
 *
 * A worker finds a piece; when all of it is sent, it finds the next one. */
#include "components/file/trouble.h"
#include "components/file/walk.h"
#include "core/worker.h"

#include <stdio.h>
#include <string.h>

enum { OUT_ERROR = KAM_OUT_EXTRA, BATCH = 64 };

struct directory_walk {
  struct kam_component comp;   /* must be first */
  char *path, *pattern, *only; /* options */
  int64_t depth;
  bool hidden, follow, details;
  struct kam_job job;
  struct kam_walk walk; /* the worker's while job.busy */
  size_t at;            /* what of its tape is sent */
};

static void work(struct kam_job *job)
{
  kam_walk_on(&((struct directory_walk *)job->component)->walk);
}

static void done(struct kam_job *job)
{
  struct directory_walk *d = (struct directory_walk *)job->component;
  if (d->comp.state == KAM_ENDED)
    kam_walk_fini(&d->walk);
}

static int directory_walk_open(struct kam_component *c)
{
  struct directory_walk *d = (struct directory_walk *)c;
  d->job.work = work;
  d->job.done = done;
  d->walk.root = d->path;
  d->walk.pattern = d->pattern;
  d->walk.only = *d->only == 'a'            ? KAM_WALK_ALL
                 : strcmp(d->only, "files") ? KAM_WALK_FOLDERS
                                            : KAM_WALK_FILES;
  d->walk.depth = d->depth;
  d->walk.hidden = d->hidden;
  d->walk.follow = d->follow;
  d->walk.details = d->details;
  kam_tape_init(&d->walk.tape);
  return kam_job_start(c, &d->job);
}

/* The next value of the tape as a tape of its own, borrowed. */
static struct kam_tape next_value(struct directory_walk *d)
{
  size_t from = d->at;
  kam_tape_skip(&d->walk.tape, &d->at);
  return (struct kam_tape){.data = d->walk.tape.data + from,
                           .len = d->at - from};
}

/* What a table { path =, error = } says, as the failure of d. */
static int fail(struct directory_walk *d, const struct kam_tape *table)
{
  struct kam_tape_item item;
  char texts[4][512];
  size_t at = 0, i = 0;
  while (kam_tape_next(table, &at, &item) && i < 4)
    if (item.type == KAM_TAPE_BYTES)
      snprintf(texts[i++], sizeof texts[0], "%.*s", (int)item.len, item.bytes);
  kam_assert(i == 4);
  return kam_file_fail(&d->comp, "E0860", "cannot read the folder", texts[1],
                       texts[3]);
}

static int send_next(struct directory_walk *d)
{
  struct kam_component *c = &d->comp;
  struct kam_tape_item found;
  struct kam_tape value;
  struct kam_msg m;
  int err;
  kam_tape_next(&d->walk.tape, &d->at, &found);
  value = next_value(d);
  if (!found.b && !kam_outbox_heard(&c->party.out[OUT_ERROR]))
    return fail(d, &value);
  err = kam_tape_msg(&c->party.world->host, kam_mem_of(c), &value, &m);
  return err ? err : kam_send(c, found.b ? KAM_OUTBOX : OUT_ERROR, m);
}

static int directory_walk_step(struct kam_component *c)
{
  struct directory_walk *d = (struct directory_walk *)c;
  int i, err;
  if (c->party.told)
    return KAM_DONE;
  if (d->job.busy)
    return KAM_BLOCKED;
  for (i = 0; i < BATCH && d->at < d->walk.tape.len; i++) {
    err = send_next(d);
    if (err == KAM_WAIT)
      return KAM_BLOCKED;
    if (err < 0)
      return err;
  }
  if (d->at < d->walk.tape.len)
    return KAM_AGAIN;
  if (d->walk.err || d->walk.over)
    return d->walk.err ? d->walk.err : KAM_DONE;
  d->at = 0;
  kam_tape_clear(&d->walk.tape);
  return kam_job_start(c, &d->job) ? KAM_EIO : KAM_AGAIN;
}

static void directory_walk_close(struct kam_component *c)
{
  struct directory_walk *d = (struct directory_walk *)c;
  if (!d->job.busy)
    kam_walk_fini(&d->walk);
}

static const char *const kinds[] = {"all", "files", "folders", NULL};

static const struct kam_box_spec inboxes[] = {{.name = "inbox", .absent = true},
                                              {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "paths, which begin with that of the folder; with `details`, "
            "{ path =, type =, size =, mtime = }"},
    {.name = "error",
     .doc = "{ path =, error = } of each folder that cannot be read",
     .optional = true},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_TEXT(struct directory_walk, path, ".", "the folder"),
    KAM_TEXT(struct directory_walk, pattern, "",
             "sends only names that it fits, as a shell's: \"*.lua\", "
             "\"[a-f]?\"; \"\": all"),
    {.name = "only",
     .doc = "all; files: plain ones; folders",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct directory_walk, only),
     .fallback = {.type = KAM_OPTION_STRING, .s = "all"},
     .one_of = kinds},
    KAM_INT(struct directory_walk, depth, 0, 0, INT32_MAX,
            "levels; 1: what lies in the folder itself; 0: all"),
    KAM_FLAG(struct directory_walk, hidden, true,
             "names that begin with a dot too"),
    KAM_FLAG(struct directory_walk, follow, false,
             "goes into folders that links lead to"),
    KAM_FLAG(struct directory_walk, details, false,
             "sends tables: type (file, folder, link, pipe, socket or device), "
             "size in bytes, mtime in seconds since 1970"),
    {0}};

KAM_COMPONENT(directory_walk) = {
    .name = "DirectoryWalk",
    .family = "file",
    .summary = "Sends the path of all that lies in a folder and below.",
    .doc =
        "A folder comes before what lies in it, and in each folder the order "
        "is that of the bytes of the names, so that two walks are the same. "
        "What is left out by `pattern` or `only` is gone into all the same; "
        "what `hidden` leaves out is not. With `follow`, a link that leads "
        "back "
        "to a folder in which it lies is not gone into, and links are told "
        "as what they lead to. A folder that cannot be read is told on "
        "`error`, "
        "and if that is not linked it is an error that names it; one that goes "
        "away meanwhile is not. While the receiver is slow, no more is "
        "read: in memory are the names of the folders that are open, one on "
        "each level.",
    .ends = "When all is sent.",
    .example = "kam.Pipeline { kam.OneShot \"x\", "
               "kam.FileWriter { \"src/lib/b.lua\", mkdir = true } }:run()\n"
               "kam.Pipeline { kam.OneShot \"x\", "
               "kam.FileWriter \"src/a.lua\" }:run()\n"
               "kam.Pipeline { kam.DirectoryWalk \"src\", "
               "kam.ConsoleEchoer() }:run()\n"
               "kam.Pipeline { kam.DirectoryWalk { \"src\", "
               "pattern = \"*.lua\" }, kam.Count(), kam.ConsoleEchoer() "
               "}:run()\n"
               "--> src/a.lua\n"
               "--> src/lib\n"
               "--> src/lib/b.lua\n"
               "--> 2\n",
    .first = "path",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct directory_walk),
    .open = directory_walk_open,
    .step = directory_walk_step,
    .close = directory_walk_close,
};
