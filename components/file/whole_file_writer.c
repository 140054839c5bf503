/* WholeFileWriter: files by name and content, each as a whole. */
#include "components/file/target.h"
#include "components/file/trouble.h"
#include "core/tape.h"
#include "core/worker.h"

#include <string.h>

struct whole_file_writer {
  struct kam_component comp; /* must be first */
  bool mkdir;                /* option */
  struct kam_job job;
  struct kam_tape tape;         /* the message */
  struct kam_target target;     /* the worker's while job.busy */
  char name[PATH_MAX];          /* the same */
  struct kam_tape_item content; /* borrowed from the tape */
  int err;                      /* errno of the worker */
  bool writes;
};

static struct whole_file_writer *of_job(struct kam_job *job)
{
  return (struct whole_file_writer *)job->component;
}

static void work(struct kam_job *job)
{
  struct whole_file_writer *w = of_job(job);
  struct iovec part = {.iov_base = (void *)(uintptr_t)w->content.bytes,
                       .iov_len = w->content.len};
  w->err = kam_target_open(&w->target);
  if (!w->err)
    w->err = kam_target_write(&w->target, &part, w->content.len > 0);
  if (!w->err)
    w->err = kam_target_finish(&w->target);
  if (w->err)
    kam_target_abandon(&w->target);
}

static void done(struct kam_job *job)
{
  struct whole_file_writer *w = of_job(job);
  if (w->comp.state == KAM_ENDED)
    kam_tape_fini(&w->tape);
}

static int whole_file_writer_open(struct kam_component *c)
{
  struct whole_file_writer *w = (struct whole_file_writer *)c;
  kam_tape_init(&w->tape);
  w->job.work = work;
  w->job.done = done;
  return 0;
}

static bool is_key(const struct kam_tape_item *key, const char *name,
                   int64_t place)
{
  if (key->type == KAM_TAPE_INT)
    return key->i == place;
  return key->type == KAM_TAPE_BYTES && key->len == strlen(name) &&
         memcmp(key->bytes, name, key->len) == 0;
}

/* Finds name and content in { name, content } or { name =, content = }. */
static bool find(struct whole_file_writer *w, struct kam_tape_item *name)
{
  struct kam_tape_item key, item;
  size_t at = 0;
  int64_t place = 0;
  bool list;
  *name = w->content = (struct kam_tape_item){.type = KAM_TAPE_NULL};
  if (!kam_tape_next(&w->tape, &at, &item))
    return false;
  list = item.type == KAM_TAPE_LIST;
  if (!list && item.type != KAM_TAPE_TABLE)
    return false;
  while (kam_tape_next(&w->tape, &at, &item) && item.type != KAM_TAPE_END) {
    key = list ? (struct kam_tape_item){.type = KAM_TAPE_INT, .i = ++place}
               : item;
    if (!list && !kam_tape_next(&w->tape, &at, &item))
      return false;
    if (item.type != KAM_TAPE_BYTES)
      return false;
    if (is_key(&key, "name", 1))
      *name = item;
    else if (is_key(&key, "content", 2))
      w->content = item;
  }
  return name->type == KAM_TAPE_BYTES && w->content.type == KAM_TAPE_BYTES &&
         name->len > 0 && name->len < sizeof w->name &&
         !memchr(name->bytes, 0, name->len);
}

/* Begins with the file of m: 0 or an error. */
static int begin(struct whole_file_writer *w, struct kam_msg m)
{
  const struct kam_host *host = &w->comp.party.world->host;
  struct kam_tape_item name;
  int err;
  kam_tape_clear(&w->tape);
  err = kam_tape_of(host, m, &w->tape);
  kam_msg_drop(host, m);
  if (err == KAM_ENOMEM)
    return err;
  if (err || !find(w, &name))
    return kam_file_fail(&w->comp, "E0633", "cannot write", "a message",
                         "it is to be { name, content }, both strings");
  memcpy(w->name, name.bytes, name.len);
  w->name[name.len] = 0;
  kam_target_init(&w->target, w->name);
  w->target.atomic = true;
  w->target.mkdir = w->mkdir;
  w->writes = true;
  return kam_job_start(&w->comp, &w->job);
}

/* The worker is done: its name goes on. A kam_step or an error. */
static int written(struct whole_file_writer *w)
{
  struct kam_bytes *b;
  int err;
  if (w->err)
    return kam_file_fail(&w->comp, "E0631", "cannot write", w->name,
                         strerror(w->err));
  w->writes = false;
  b = kam_bytes_copy(kam_mem_of(&w->comp), w->name, strlen(w->name));
  if (!b)
    return KAM_ENOMEM;
  err = kam_send(&w->comp, KAM_OUTBOX, kam_msg_bytes(b));
  return err == KAM_WAIT ? KAM_BLOCKED : err < 0 ? err : KAM_AGAIN;
}

static int whole_file_writer_step(struct kam_component *c)
{
  struct whole_file_writer *w = (struct whole_file_writer *)c;
  struct kam_msg m;
  int err;
  if (w->job.busy)
    return KAM_BLOCKED;
  if (w->writes)
    return written(w);
  if (!kam_take(c, KAM_INBOX, &m))
    return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
  err = begin(w, m);
  return err ? err : KAM_AGAIN;
}

static void whole_file_writer_close(struct kam_component *c)
{
  struct whole_file_writer *w = (struct whole_file_writer *)c;
  __atomic_store_n(&w->target.stop, true, __ATOMIC_RELAXED); /* read by stops */
  if (!w->job.busy)
    kam_tape_fini(&w->tape);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "{ name, content } or { name =, content = }",
     .kinds = KAM_TABLE},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "the name of each file, when it is on the disk",
     .kinds = KAM_BYTES,
     .optional = true},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_FLAG(struct whole_file_writer, mkdir, false,
             "makes the folders that a file is to lie in"),
    {0}};

KAM_COMPONENT(whole_file_writer) = {
    .name = "WholeFileWriter",
    .family = "file",
    .summary = "Writes whole files, by name and content.",
    .doc = "Each file is written beside the old one, which it replaces when it "
           "is on the disk as a whole; then its name is sent. A message of "
           "another shape, and a file that cannot be written, are errors; the "
           "old file is then untouched.",
    .ends = "When its inbox has ended, after the last file is written.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { { \"a.txt\", \"content\" } },\n"
               "  kam.WholeFileWriter(),\n"
               "  kam.TriggeredFileReader(),\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> content\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct whole_file_writer),
    .effects = true,
    .answers = true,
    .open = whole_file_writer_open,
    .step = whole_file_writer_step,
    .close = whole_file_writer_close,
};
