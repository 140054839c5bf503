/* FileWriter: what comes, into a file.
 *
 * Small messages are copied into one buffer, large ones are written from where
 * they are, and parts of files are copied by the kernel. While a worker writes
 * one batch, the next one is gathered. */
#include "components/file/target.h"
#include "components/file/trouble.h"
#include "core/alarm.h"
#include "core/extent.h"
#include "core/worker.h"

#include <errno.h>
#include <string.h>

enum {
  BATCH = 64,
  COPY = 131072,  /* bytes of small messages in a batch */
  SMALL = 8192,   /* bytes of a message that is copied */
  MUCH = 1 << 20, /* bytes in a batch */
  PARTS = 128     /* of a batch: large messages, and what is between them */
};

#define LINGER_NS 2000000u /* that a few bytes wait for others */

struct gathered {
  unsigned char *copy; /* COPY bytes, or NULL */
  size_t copied, bytes;
  struct kam_msg held[PARTS]; /* large ones */
  struct iovec parts[PARTS];
  int n_held, n_parts;
  struct kam_msg extent; /* behind them a part of another file, or nothing */
};

struct file_writer {
  struct kam_component comp; /* must be first */
  struct kam_job job;
  char *path, *mode;               /* options */
  bool lines, atomic, sync, mkdir; /* options */
  struct kam_target target;        /* the worker's while job.busy */
  struct gathered batches[2];
  struct gathered *fill, *out; /* out: the worker's while job.busy */
  bool last;                   /* after this batch comes nothing */
  bool abandons;
  bool finished;
  int err; /* errno of the worker */
};

static struct file_writer *of_job(struct kam_job *job)
{
  return (struct file_writer *)job->component;
}

/* --- on the worker --- */

static int write_out(struct file_writer *w)
{
  int err = 0;
  if (w->target.fd < 0)
    err = kam_target_open(&w->target);
  if (!err)
    err = kam_target_write(&w->target, w->out->parts, w->out->n_parts);
  if (!err && w->out->extent.tag != KAM_NOTHING) {
    const struct kam_extent *e = kam_msg_get_extent(w->out->extent);
    err = kam_target_copy(&w->target, e->file->fd, (off_t)e->from, e->len);
  }
  if (!err && w->last)
    err = kam_target_finish(&w->target);
  return err;
}

static void work(struct kam_job *job)
{
  struct file_writer *w = of_job(job);
  w->err = w->abandons ? 0 : write_out(w);
  if (w->err || w->abandons)
    kam_target_abandon(&w->target);
}

/* --- on the loop --- */

static void empty(struct file_writer *w, struct gathered *g)
{
  int i;
  for (i = 0; i < g->n_held; i++)
    kam_msg_drop(&w->comp.party.world->host, g->held[i]);
  kam_msg_drop(&w->comp.party.world->host, g->extent);
  g->extent = (struct kam_msg){0};
  g->n_held = g->n_parts = 0;
  g->copied = g->bytes = 0;
}

static void give_back(struct file_writer *w)
{
  int i;
  for (i = 0; i < 2; i++) {
    empty(w, &w->batches[i]);
    kam_mem_free(kam_mem_of(&w->comp), w->batches[i].copy, COPY);
    w->batches[i].copy = NULL;
  }
}

static void done(struct kam_job *job)
{
  struct file_writer *w = of_job(job);
  empty(w, w->out);
  w->finished = w->last || w->abandons;
  if (w->comp.state != KAM_ENDED)
    return;
  kam_target_abandon(&w->target);
  give_back(w);
}

static int file_writer_open(struct kam_component *c)
{
  struct file_writer *w = (struct file_writer *)c;
  w->job.work = work;
  w->job.done = done;
  w->fill = &w->batches[0];
  w->out = &w->batches[1];
  kam_target_init(&w->target, w->path);
  w->target.mode = *w->mode == 'a'   ? KAM_TARGET_APPEND
                   : *w->mode == 'n' ? KAM_TARGET_NEW
                                     : KAM_TARGET_WRITE;
  w->target.atomic = w->atomic;
  w->target.sync = w->sync;
  w->target.mkdir = w->mkdir;
  if (w->atomic && w->target.mode == KAM_TARGET_APPEND)
    return kam_file_fail(c, "E0634", "cannot append to", w->path,
                         "with atomic a file is written as a whole; leave "
                         "out one of the two");
  return kam_job_start(c, &w->job); /* a file that cannot be opened: at once */
}

/* Hands what was gathered to the worker. */
static int hand_over(struct file_writer *w)
{
  struct gathered *g = w->fill;
  w->fill = w->out;
  w->out = g;
  kam_alarm_clear(&w->comp);
  return kam_job_start(&w->comp, &w->job);
}

static bool is_full(const struct gathered *g)
{
  return g->bytes >= MUCH || g->extent.tag != KAM_NOTHING ||
         g->copied + SMALL + 1 > COPY || g->n_parts + 2 > PARTS;
}

/* Adds bytes behind what was copied last, or as a part of their own. */
static void add_part(struct gathered *g, const void *bytes, size_t len)
{
  struct iovec *last = g->n_parts ? &g->parts[g->n_parts - 1] : NULL;
  g->bytes += len;
  if (last && (const char *)last->iov_base + last->iov_len == bytes)
    last->iov_len += len;
  else /* writev takes what it does not change as if it might */
    g->parts[g->n_parts++] =
        (struct iovec){.iov_base = (void *)(uintptr_t)bytes, .iov_len = len};
}

static void add_copy(struct gathered *g, const void *bytes, size_t len)
{
  unsigned char *to = g->copy + g->copied;
  memcpy(to, bytes, len);
  g->copied += len;
  add_part(g, to, len);
}

/* Takes m into the batch, which is not full. */
static void gather(struct file_writer *w, struct kam_msg m)
{
  const struct kam_host *host = &w->comp.party.world->host;
  struct gathered *g = w->fill;
  size_t len;
  const void *bytes;
  if (!w->lines && kam_msg_get_extent(m)) {
    g->extent = m;
    g->bytes += m.len;
    return;
  }
  bytes = kam_msg_view(host, m, &len);
  if (len <= SMALL) {
    if (len)
      add_copy(g, bytes, len);
    kam_msg_drop(host, m);
  } else {
    add_part(g, bytes, len);
    g->held[g->n_held++] = m;
  }
  if (w->lines)
    add_copy(g, "\n", 1);
}

static int failed(struct file_writer *w)
{
  return kam_file_fail(&w->comp, "E0631", "cannot write", w->path,
                       strerror(w->err));
}

/* Is what came perhaps only a part? Who feeds it ended because the system was
 * asked to; how far that was with it, only that knows. */
static bool is_cut(const struct file_writer *w)
{
  return w->comp.party.told == KAM_SHUTDOWN ||
         kam_registry_of(&w->comp.party)->asked;
}

/* There is no more, or no more is wanted: the rest, and the end. */
static int finish(struct file_writer *w)
{
  if (w->finished)
    return KAM_DONE;
  if (w->job.busy)
    return KAM_BLOCKED;
  w->abandons = w->atomic && is_cut(w);
  w->last = true;
  if (hand_over(w))
    return KAM_EIO;
  return w->finished && !w->err ? KAM_DONE : KAM_AGAIN;
}

/* Nothing waits: what was gathered may wait a little for more. */
static int rest(struct file_writer *w)
{
  if (kam_over(&w->comp, KAM_INBOX))
    return finish(w);
  if (w->fill->bytes == 0 || w->job.busy)
    return KAM_PAUSE;
  if (kam_alarm_rang(&w->comp))
    return hand_over(w) ? KAM_EIO : KAM_PAUSE;
  if (!kam_alarm_armed(&w->comp) && kam_alarm_after(&w->comp, LINGER_NS))
    return KAM_ENOMEM;
  return KAM_PAUSE;
}

static int make_copy(struct file_writer *w)
{
  if (!w->fill->copy)
    w->fill->copy = kam_mem_alloc(kam_mem_of(&w->comp), COPY);
  return w->fill->copy ? 0 : KAM_ENOMEM;
}

static int file_writer_step(struct kam_component *c)
{
  struct file_writer *w = (struct file_writer *)c;
  struct kam_msg m;
  int i;
  if (!w->job.busy && w->err)
    return failed(w);
  for (i = 0; i < BATCH; i++) {
    if (is_full(w->fill)) {
      if (w->job.busy)
        return KAM_BLOCKED;
      if (hand_over(w))
        return KAM_EIO;
      return KAM_AGAIN;
    }
    if (make_copy(w))
      return KAM_ENOMEM;
    if (!kam_take(c, KAM_INBOX, &m))
      return rest(w);
    gather(w, m);
  }
  return KAM_AGAIN;
}

/* With lines something follows each message, and so each has to be one. */
static bool file_writer_copies(const struct kam_component *c)
{
  return !((const struct file_writer *)c)->lines;
}

static void file_writer_close(struct kam_component *c)
{
  struct file_writer *w = (struct file_writer *)c;
  __atomic_store_n(&w->target.stop, true, __ATOMIC_RELAXED); /* read by stops */
  if (w->job.busy)
    return;
  kam_target_abandon(&w->target);
  give_back(w);
}

static const char *const modes[] = {"write", "append", "new", NULL};

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "strings or buffers; with `lines`, lines without their ends",
     .kinds = KAM_BYTES | KAM_LINE},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .absent = true}, {0}};
static const struct kam_option_spec options[] = {
    {.name = "path",
     .doc = "the file",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct file_writer, path),
     .required = true},
    {.name = "mode",
     .doc = "write: what was in the file goes; append: it is written behind "
            "that; new: there must be no such file",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct file_writer, mode),
     .fallback = {.type = KAM_OPTION_STRING, .s = "write"},
     .one_of = modes},
    KAM_FLAG(struct file_writer, lines, false,
             "writes an end of line after each message"),
    KAM_FLAG(struct file_writer, atomic, false,
             "the file changes as a whole when all has come, or not at all"),
    KAM_FLAG(struct file_writer, sync, false,
             "it ends only when all is on the disk; atomic implies it"),
    KAM_FLAG(struct file_writer, mkdir, false,
             "makes the folders that the file is to lie in"),
    {0}};

KAM_COMPONENT(file_writer) = {
    .name = "FileWriter",
    .family = "file",
    .summary = "Writes what comes into a file.",
    .doc =
        "Bytes are written as they are, in large pieces: a message is in the "
        "file 2 ms after it came, if the disk is that fast. "
        "While the disk is slower than the sender, the sender waits. With "
        "`atomic` it writes a new file beside the old one, which takes its "
        "name when all has come and is on the disk; if something fails "
        "before, or the system is asked to end (Ctrl-C, kam.stop()) or it is "
        "told to end now, the old one is untouched. A "
        "file that cannot be written, a full disk too, is an error that "
        "names the path and the reason; without `atomic`, what was written "
        "before stays. Told to end now, it writes what it has taken.",
    .ends = "When its inbox has ended, after all is written.",
    .example = "kam.Pipeline { kam.DataSource { \"one\", \"two\" }, "
               "kam.FileWriter { \"a.txt\", lines = true } }:run()\n"
               "kam.Pipeline { kam.FileReader \"a.txt\", "
               "kam.ConsoleEchoer { eol = \"\" } }:run()\n"
               "--> one\n"
               "--> two\n",
    .first = "path",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct file_writer),
    .effects = true,
    .copies = file_writer_copies,
    .open = file_writer_open,
    .step = file_writer_step,
    .close = file_writer_close,
};
