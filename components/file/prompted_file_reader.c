/* PromptedFileReader: so much of a file as it is asked for. */
#include "components/file/source.h"
#include "components/file/trouble.h"

enum { BATCH = 64, MOST = 1 << 26 };

struct prompted_file_reader {
  struct kam_component comp; /* must be first */
  char *path;                /* option */
  bool lines;                /* option */
  int64_t limit;             /* option */
  struct kam_source source;
  int64_t wanted; /* messages that are still to be sent */
};

static int prompted_file_reader_open(struct kam_component *c)
{
  struct prompted_file_reader *r = (struct prompted_file_reader *)c;
  r->source.path = r->path;
  r->source.lines = r->lines;
  r->source.eager = r->lines;
  r->source.limit = (size_t)r->limit;
  r->source.left = INT64_MAX;
  kam_source_open(&r->source, c);
  return 0;
}

/* Notes what m asks for: 0, or an error. */
static int ask(struct prompted_file_reader *r, struct kam_msg m)
{
  if (m.tag != KAM_INT || m.u.i < 1 || m.u.i > MOST) {
    kam_msg_drop(&r->comp.party.world->host, m);
    return kam_file_fail(&r->comp, "E0633", "cannot read", r->path,
                         "it is asked for by a number from 1 to 67108864");
  }
  r->source.chunk = (size_t)m.u.i;
  r->wanted = r->lines ? m.u.i : 1;
  return 0;
}

static int give(struct prompted_file_reader *r)
{
  struct kam_msg m;
  int err = kam_source_take(&r->source, &m);
  if (err == KAM_SOURCE_OVER)
    return KAM_DONE;
  if (err == KAM_SOURCE_WAIT)
    return KAM_BLOCKED;
  if (err < 0)
    return err;
  r->wanted--;
  err = kam_source_send(&r->source, m);
  return err == KAM_WAIT ? KAM_BLOCKED : err < 0 ? err : KAM_AGAIN;
}

static int prompted_file_reader_step(struct kam_component *c)
{
  struct prompted_file_reader *r = (struct prompted_file_reader *)c;
  struct kam_msg m;
  int i, err = KAM_AGAIN;
  for (i = 0; i < BATCH && err == KAM_AGAIN; i++) {
    if (c->party.told == KAM_SHUTDOWN)
      return KAM_DONE;
    if (r->wanted == 0) {
      if (!kam_take(c, KAM_INBOX, &m))
        return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
      err = ask(r, m);
      if (err)
        return err;
    }
    err = give(r);
  }
  return err;
}

static void prompted_file_reader_close(struct kam_component *c)
{
  kam_source_close(&((struct prompted_file_reader *)c)->source);
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox",
     .doc = "how many bytes or lines to send now",
     .kinds = KAM_SCALAR},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "for each request, one string of so many bytes; with `lines`, so "
            "many lines",
     .kinds = KAM_LINE | KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    {.name = "path",
     .doc = "the file",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct prompted_file_reader, path),
     .required = true},
    KAM_FLAG(struct prompted_file_reader, lines, false,
             "counts in lines, which it sends without their ends"),
    KAM_INT(struct prompted_file_reader, limit, 1 << 20, 1, 1 << 30,
            "bytes in a line; a longer one is an error"),
    {0}};

KAM_COMPONENT(prompted_file_reader) = {
    .name = "PromptedFileReader",
    .family = "file",
    .summary = "Sends the next part of a file each time it is asked to.",
    .doc = "A number that comes is how many bytes, or lines, to send next. At "
           "the end of the file there may be fewer; the request after that "
           "ends it. Of a pipe it sends what has come, up to that many bytes. "
           "Anything but an integer from 1 on, and a file that cannot be "
           "read, are errors.",
    .ends = "When it is asked for more than there is, when its inbox has "
            "ended, or when told.",
    .example = "kam.Pipeline { kam.OneShot \"abcdefg\", "
               "kam.FileWriter \"a.txt\" }:run()\n"
               "kam.Pipeline {\n"
               "  kam.DataSource { 2, 1, 10 },\n"
               "  kam.PromptedFileReader \"a.txt\",\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> ab\n"
               "--> c\n"
               "--> defg\n",
    .first = "path",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct prompted_file_reader),
    .ends_early = true,
    .open = prompted_file_reader_open,
    .step = prompted_file_reader_step,
    .close = prompted_file_reader_close,
};
