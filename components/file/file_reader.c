/* FileReader: a file as chunks of bytes, or line by line. */
#include "components/file/source.h"

enum { BATCH = 64 };

struct file_reader {
  struct kam_component comp; /* must be first */
  char *path;                /* option */
  bool lines, crlf, follow;  /* options */
  int64_t chunk, limit, from, bytes;
  struct kam_source source;
};

static int file_reader_open(struct kam_component *c)
{
  struct file_reader *r = (struct file_reader *)c;
  r->source.path = r->path;
  r->source.lines = r->lines;
  r->source.crlf = r->crlf;
  r->source.follow = r->follow;
  r->source.eager = true;
  r->source.extents = !r->lines && !r->follow;
  r->source.chunk = (size_t)r->chunk;
  r->source.limit = (size_t)r->limit;
  r->source.from = r->from;
  r->source.left = r->bytes ? r->bytes : INT64_MAX;
  kam_source_open(&r->source, c);
  return 0;
}

static int file_reader_step(struct kam_component *c)
{
  struct file_reader *r = (struct file_reader *)c;
  struct kam_msg m;
  int i, err;
  if (c->party.told)
    return KAM_DONE;
  for (i = 0; i < BATCH; i++) {
    err = kam_source_take(&r->source, &m);
    if (err == KAM_SOURCE_OVER)
      return KAM_DONE;
    if (err == KAM_SOURCE_WAIT)
      return KAM_BLOCKED;
    if (err < 0)
      return err;
    err = kam_source_send(&r->source, m);
    if (err == KAM_WAIT)
      return KAM_BLOCKED;
    if (err < 0)
      return err;
  }
  return KAM_AGAIN;
}

static void file_reader_close(struct kam_component *c)
{
  kam_source_close(&((struct file_reader *)c)->source);
}

static const struct kam_box_spec inboxes[] = {{.name = "inbox", .absent = true},
                                              {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "bytes in chunks; with `lines`, lines without their ends",
     .kinds = KAM_LINE | KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    {.name = "path",
     .doc = "the file",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct file_reader, path),
     .required = true},
    KAM_FLAG(struct file_reader, lines, false, "sends lines, not chunks"),
    KAM_FLAG(struct file_reader, crlf, false,
             "with `lines`, takes \\r off as well where it stands before \\n"),
    KAM_FLAG(struct file_reader, follow, false,
             "waits at the end for what is added to the file"),
    KAM_INT(struct file_reader, chunk, 65536, 1, 1 << 26, "bytes in a chunk"),
    KAM_INT(struct file_reader, limit, 1 << 20, 1, 1 << 30,
            "bytes in a line; a longer one is an error"),
    KAM_INT(struct file_reader, from, 0, -1e15, 1e15,
            "bytes to skip; if negative, it begins so many before the end"),
    KAM_INT(struct file_reader, bytes, 0, 0, 1e15,
            "bytes to read at most; 0: all"),
    {0}};

KAM_COMPONENT(file_reader) = {
    .name = "FileReader",
    .family = "file",
    .summary = "Sends what is in a file, in chunks or line by line.",
    .doc =
        "Chunks are strings of `chunk` bytes; the last may be shorter, and of "
        "a "
        "pipe each is what has come. What goes straight to a FileWriter is "
        "copied by the kernel instead, in larger pieces. With `lines` the end "
        "of a line, \\n, is "
        "taken off, and a last line without an end is a line too. It reads "
        "ahead by one block while its receiver works, and no faster. With "
        "`follow` it goes on when the file grows, and begins anew when it was "
        "cut. Pipes, terminals and devices can be read as well as files. A "
        "file that cannot be read, a folder, and a line longer than `limit` "
        "are errors that name the path.",
    .ends = "At the end of the file, or when told.",
    .example = "kam.Pipeline { kam.DataSource { \"one\", \"two\" }, "
               "kam.FileWriter { \"a.txt\", lines = true } }:run()\n"
               "kam.Pipeline { kam.FileReader { \"a.txt\", lines = true }, "
               "kam.ConsoleEchoer() }:run()\n"
               "--> one\n"
               "--> two\n",
    .first = "path",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct file_reader),
    .open = file_reader_open,
    .step = file_reader_step,
    .close = file_reader_close,
};
