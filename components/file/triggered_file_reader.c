/* TriggeredFileReader: the whole content of each file that is named.
 *
 * A worker opens and reads; memory comes from the loop, which doubles it for a
 * file that turns out longer than it said. */
#include "components/file/trouble.h"
#include "core/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST = 4096 };

struct triggered_file_reader {
  struct kam_component comp; /* must be first */
  int64_t limit;             /* option */
  struct kam_job job;
  /* The worker's while job.busy. */
  char name[PATH_MAX];
  int fd; /* -1: not open */
  int err;
  size_t size, len;       /* what the file says, and what was read */
  struct kam_bytes *room; /* read into, or NULL */
  bool whole;
  /* The loop's. */
  bool reads;
};

static struct triggered_file_reader *of_job(struct kam_job *job)
{
  return (struct triggered_file_reader *)job->component;
}

static int open_file(struct triggered_file_reader *r)
{
  struct stat st;
  r->fd = open(r->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (r->fd < 0 || fstat(r->fd, &st) < 0)
    return errno;
  if (S_ISDIR(st.st_mode))
    return EISDIR;
  if (!S_ISREG(st.st_mode)) /* a pipe has no whole content */
    return EINVAL;
  r->size = (size_t)st.st_size;
  return 0;
}

static int read_on(struct triggered_file_reader *r)
{
  while (r->len < r->room->len) {
    ssize_t n = read(r->fd, r->room->data + r->len, r->room->len - r->len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return errno;
    r->whole = n == 0;
    if (n == 0)
      return 0;
    r->len += (size_t)n;
  }
  return 0;
}

static void work(struct kam_job *job)
{
  struct triggered_file_reader *r = of_job(job);
  r->err = r->fd < 0 ? open_file(r) : read_on(r);
}

static void give_back(struct triggered_file_reader *r)
{
  if (r->fd >= 0)
    close(r->fd);
  r->fd = -1;
  if (r->room)
    kam_bytes_unref(r->room);
  r->room = NULL;
}

static void done(struct kam_job *job)
{
  struct triggered_file_reader *r = of_job(job);
  if (r->comp.state == KAM_ENDED)
    give_back(r);
}

static int triggered_file_reader_open(struct kam_component *c)
{
  struct triggered_file_reader *r = (struct triggered_file_reader *)c;
  r->fd = -1;
  r->job.work = work;
  r->job.done = done;
  return 0;
}

static int fail(struct triggered_file_reader *r, const char *why)
{
  return kam_file_fail(&r->comp, "E0630", "cannot read", r->name, why);
}

/* More room than there was, one byte more than the file says: to see its end.
 */
static int make_room(struct triggered_file_reader *r)
{
  size_t size = r->room ? 2 * r->len : r->size + 1;
  struct kam_bytes *room;
  char text[96];
  if (size < FIRST)
    size = FIRST;
  if (r->len > (size_t)r->limit || r->size > (size_t)r->limit) {
    snprintf(text, sizeof text, "it is longer than %lld bytes (option limit)",
             (long long)r->limit);
    return fail(r, text);
  }
  room = kam_bytes_new(kam_mem_of(&r->comp), size);
  if (!room)
    return KAM_ENOMEM;
  if (r->room) {
    memcpy(room->data, r->room->data, r->len);
    kam_bytes_unref(r->room);
  }
  r->room = room;
  return 0;
}

/* The file is read: a kam_sent or an error. */
static int send_whole(struct triggered_file_reader *r)
{
  struct kam_bytes *b = r->room;
  r->room = NULL;
  r->reads = false;
  give_back(r);
  b->len = r->len;
  return kam_send(&r->comp, KAM_OUTBOX, kam_msg_bytes(b));
}

/* On with the file: a kam_step or an error. */
static int go_on(struct triggered_file_reader *r)
{
  int err;
  if (r->job.busy)
    return KAM_BLOCKED;
  if (r->err)
    return fail(r, r->err == EINVAL ? "it is no plain file" : strerror(r->err));
  if (r->whole && r->len <= (size_t)r->limit) {
    err = send_whole(r);
    return err == KAM_WAIT ? KAM_BLOCKED : err < 0 ? err : KAM_AGAIN;
  }
  if (r->fd >= 0) {
    err = make_room(r);
    if (err)
      return err;
  }
  return kam_job_start(&r->comp, &r->job) ? KAM_EIO : KAM_AGAIN;
}

/* Begins with the file that m names: 0 or an error. */
static int begin(struct triggered_file_reader *r, struct kam_msg m)
{
  const struct kam_host *host = &r->comp.party.world->host;
  size_t len;
  const char *name = kam_msg_view(host, m, &len);
  bool fits = len < sizeof r->name && !memchr(name, 0, len);
  snprintf(r->name, sizeof r->name, "%.*s", (int)(fits ? len : 40), name);
  kam_msg_drop(host, m);
  if (!fits)
    return fail(r, "its name is too long or has a zero byte in it");
  r->whole = false;
  r->len = r->size = 0;
  r->err = 0;
  r->reads = true;
  return 0;
}

static int triggered_file_reader_step(struct kam_component *c)
{
  struct triggered_file_reader *r = (struct triggered_file_reader *)c;
  struct kam_msg m;
  int err;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  if (!r->reads) {
    if (!kam_take(c, KAM_INBOX, &m))
      return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
    err = begin(r, m);
    if (err)
      return err;
  }
  return go_on(r);
}

static void triggered_file_reader_close(struct kam_component *c)
{
  struct triggered_file_reader *r = (struct triggered_file_reader *)c;
  if (!r->job.busy)
    give_back(r);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "names of files", .kinds = KAM_BYTES | KAM_LINE},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "the whole content of each, as one string",
     .kinds = KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_INT(struct triggered_file_reader, limit, 1 << 26, 1, 1u << 31,
            "bytes in a file; a longer one is an error"),
    {0}};

KAM_COMPONENT(triggered_file_reader) = {
    .name = "TriggeredFileReader",
    .family = "file",
    .summary = "Sends the whole content of each file that is named to it.",
    .doc = "One message for each name, in order; files are read one after the "
           "other, by a worker. A file that cannot be read, is no plain file, "
           "or is longer than `limit` is an error that names it.",
    .ends = "When its inbox has ended, after the last file is sent.",
    .example = "kam.Pipeline { kam.OneShot \"content\", "
               "kam.FileWriter \"a.txt\" }:run()\n"
               "kam.Pipeline { kam.OneShot \"a.txt\", "
               "kam.TriggeredFileReader(), kam.ConsoleEchoer() }:run()\n"
               "--> content\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct triggered_file_reader),
    .answers = true,
    .open = triggered_file_reader_open,
    .step = triggered_file_reader_step,
    .close = triggered_file_reader_close,
};
