/* HTTPFile: one file below a folder, as the response to a request (RFC 9110).
 *
 * The file that is found must lie below the root also behind symbolic links. A
 * large one is not read here: its parts are sent on as such, once the kernel
 * has them in memory. What the kernel has at hand is found and read at once;
 * what may have to wait for a disk, by a worker. */
#define _GNU_SOURCE /* preadv2, O_PATH */
#include "components/http/encode.h"
#include "core/bytes.h"
#include "core/extent.h"
#include "core/feed.h"
#include "core/tape.h"
#include "core/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
  SMALL = 64 << 10,  /* bytes of a file that is read here */
  PART = 1 << 20,    /* that are sent on at once */
  WINDOW = 256 << 10 /* in which one byte is looked at */
};

enum phase { FINDS, SENDS_HEAD, SENDS, ENDS, OVER };

struct http_file {
  struct kam_component comp; /* must be first */
  char *root, *path, *index; /* options */
  char *match, *since, *range;
  char *accepts;
  bool head, gzip;
  bool is_gzip; /* what was found is the compressed one */
  struct kam_job job;
  char found[PATH_MAX];
  int fd, status;
  struct stat st;
  int64_t from, left;         /* of what is sent */
  struct kam_bytes *block;    /* what was read of a small one */
  size_t filled;              /* bytes in it */
  struct kam_open_file *file; /* a large one */
  size_t ready;               /* bytes of it that are in memory */
  struct kam_tape tape;
  uint8_t phase;
  bool failed;
};

static struct http_file *of(struct kam_job *job)
{
  return (struct http_file *)job->component;
}

/* --- on the worker --- */

static bool is_below(const char *path, const char *root)
{
  size_t n = strlen(root);
  return strncmp(path, root, n) == 0 &&
         (path[n] == '/' || path[n] == '\0' || strcmp(root, "/") == 0);
}

/* The real path of the root and what follows it, if it stays below. */
static int resolve(const char *root, const char *path, const char *index,
                   char *found)
{
  char whole[PATH_MAX], real[PATH_MAX];
  int n = snprintf(whole, sizeof whole, "%s/%s%s", root, path, index);
  if (n < 0 || (size_t)n >= sizeof whole || !realpath(root, real))
    return 404;
  if (!realpath(whole, found))
    return errno == EACCES ? 403 : 404;
  return is_below(found, real) ? 0 : 404;
}

static bool is_folder(const struct http_file *f)
{
  size_t n = strlen(f->path);
  return n == 0 || f->path[n - 1] == '/';
}

static int status_of(struct http_file *f)
{
  if (fstat(f->fd, &f->st))
    return 404;
  if (S_ISDIR(f->st.st_mode))
    return is_folder(f) ? 404 : 301;
  return S_ISREG(f->st.st_mode) ? 200 : 404;
}

static int find_named(struct http_file *f, const char *end)
{
  char behind[PATH_MAX];
  int status;
  snprintf(behind, sizeof behind, "%s%s", is_folder(f) ? f->index : "", end);
  status = resolve(f->root, f->path, behind, f->found);
  if (status)
    return status;
  f->fd = open(f->found, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (f->fd < 0)
    return errno == EACCES ? 403 : 404;
  return status_of(f);
}

/* The compressed file beside it, if there is one that the client takes. */
static bool find_gzip(struct http_file *f)
{
  if (!f->gzip ||
      kam_http_accepts(f->accepts, strlen(f->accepts)) != KAM_HTTP_GZIP)
    return false;
  f->is_gzip = find_named(f, ".gz") == 200;
  if (f->is_gzip)
    return true;
  if (f->fd >= 0)
    close(f->fd);
  f->fd = -1;
  return false;
}

static int find(struct http_file *f)
{
  return find_gzip(f) ? 200 : find_named(f, "");
}

/* Reads what there is at once if quick, else all: an error of the system, 0, or
 * a file that has become shorter. */
static ssize_t read_at(int fd, void *into, size_t size, int64_t at, bool quick)
{
  struct iovec v = {.iov_base = into, .iov_len = size};
  return preadv2(fd, &v, 1, at, quick ? RWF_NOWAIT : 0);
}

/* False: only quick reads were asked for, and this is none. */
static bool read_small(struct http_file *f, bool quick)
{
  size_t room = (size_t)f->left;
  ssize_t n = 1;
  while (f->filled < room && n > 0) {
    n = read_at(f->fd, f->block->data + f->filled, room - f->filled,
                f->from + (int64_t)f->filled, quick);
    f->filled += n > 0 ? (size_t)n : 0;
  }
  if (f->filled < room && quick)
    return false;
  f->failed = f->filled < room; /* it has become shorter */
  f->from += (int64_t)f->filled;
  f->left -= (int64_t)f->filled;
  return true;
}

/* Waits until the next part is in the kernel's memory; quick: only looks. */
static bool make_ready(struct http_file *f, bool quick)
{
  int fd = f->file ? f->file->fd : f->fd;
  int64_t size = f->left < PART ? f->left : PART, at;
  bool ok = true;
  char byte;
  if (!quick)
    posix_fadvise(fd, f->from, size, POSIX_FADV_WILLNEED);
  for (at = 0; at < size && ok; at += WINDOW)
    ok = read_at(fd, &byte, 1, f->from + at, quick) == 1;
  ok = ok && read_at(fd, &byte, 1, f->from + size - 1, quick) == 1;
  f->ready = (size_t)size;
  f->failed = !ok && !quick;
  return ok || !quick;
}

static bool get_ready(struct http_file *f, bool quick)
{
  if (f->head)
    return true;
  return f->file || f->left > SMALL ? make_ready(f, quick)
                                    : read_small(f, quick);
}

static void text_of(const struct http_file *f, char *etag, char *date,
                    size_t size)
{
  struct tm tm;
  gmtime_r(&f->st.st_mtime, &tm);
  strftime(date, size, "%a, %d %b %Y %H:%M:%S GMT", &tm);
  snprintf(etag, size, "\"%llx-%llx\"", (unsigned long long)f->st.st_mtime,
           (unsigned long long)f->st.st_size);
}

static bool is_unchanged(const struct http_file *f)
{
  char etag[64], date[64];
  text_of(f, etag, date, sizeof etag);
  if (*f->match)
    return strcmp(f->match, "*") == 0 || strstr(f->match, etag);
  return *f->since && strcmp(f->since, date) == 0;
}

/* One range, "bytes=A-B", "bytes=A-" or "bytes=-N"; others are ignored. */
static int choose_range(struct http_file *f)
{
  int64_t size = f->st.st_size, a, b;
  const char *s = f->range;
  char *end;
  f->from = 0;
  f->left = size;
  if (strncasecmp(s, "bytes=", 6) != 0 || strchr(s, ','))
    return 200;
  s += 6;
  errno = 0;
  if (*s == '-') {
    b = strtoll(s + 1, &end, 10);
    if (end == s + 1 || *end || b < 0 || errno)
      return 200;
    a = b < size ? size - b : 0;
    b = size - 1;
  } else {
    a = strtoll(s, &end, 10);
    if (end == s || *end != '-' || a < 0 || errno)
      return 200;
    s = end + 1;
    b = *s ? strtoll(s, &end, 10) : size - 1;
    if (*s && (*end || b < a || errno))
      return 200;
  }
  b = b < size ? b : size - 1;
  if (a > b)
    return 416;
  f->from = a;
  f->left = b - a + 1;
  return 206;
}

/* What is to be sent of the file that was found. */
static void choose(struct http_file *f)
{
  if (f->status == 200)
    f->status = is_unchanged(f) ? 304 : choose_range(f);
  if (f->status != 200 && f->status != 206)
    f->left = 0;
}

static void work(struct kam_job *job)
{
  struct http_file *f = of(job);
  if (f->phase == FINDS) {
    f->status = find(f);
    choose(f);
  }
  get_ready(f, false);
}

static void done(struct kam_job *job)
{
  struct http_file *f = of(job);
  if (f->phase == FINDS)
    f->phase = SENDS_HEAD;
}

/* --- on the loop --- */

static const char *type_of(const char *path)
{
  static const char *const types[][2] = {
      {"html", "text/html; charset=utf-8"},
      {"htm", "text/html; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"mjs", "text/javascript; charset=utf-8"},
      {"json", "application/json"},
      {"txt", "text/plain; charset=utf-8"},
      {"md", "text/plain; charset=utf-8"},
      {"lua", "text/plain; charset=utf-8"},
      {"csv", "text/csv; charset=utf-8"},
      {"xml", "application/xml"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},
      {"gif", "image/gif"},
      {"webp", "image/webp"},
      {"ico", "image/x-icon"},
      {"pdf", "application/pdf"},
      {"wasm", "application/wasm"},
      {"woff2", "font/woff2"},
      {"mp3", "audio/mpeg"},
      {"ogg", "audio/ogg"},
      {"mp4", "video/mp4"},
      {"webm", "video/webm"}};
  const char *dot = strrchr(path, '.');
  size_t i;
  for (i = 0; dot && i < sizeof types / sizeof *types; i++)
    if (strcasecmp(dot + 1, types[i][0]) == 0)
      return types[i][1];
  return "application/octet-stream";
}

static void put(struct kam_tape *t, const char *name, const char *value)
{
  kam_tape_text(t, name);
  kam_tape_text(t, value);
}

static void put_headers(struct http_file *f)
{
  struct kam_tape *t = &f->tape;
  char etag[64], date[64], range[80];
  text_of(f, etag, date, sizeof etag);
  kam_tape_text(t, "headers");
  kam_tape_table(t);
  if (f->status == 301) {
    snprintf(f->found, sizeof f->found, "%s/",
             strrchr(f->path, '/') ? strrchr(f->path, '/') + 1 : f->path);
    put(t, "Location", f->found);
  }
  if (f->status == 206)
    snprintf(range, sizeof range, "bytes %lld-%lld/%lld",
             (long long)f->from - (long long)f->filled,
             (long long)f->from + (long long)f->left - 1,
             (long long)f->st.st_size);
  if (f->status == 416)
    snprintf(range, sizeof range, "bytes */%lld", (long long)f->st.st_size);
  if (f->status == 206 || f->status == 416)
    put(t, "Content-Range", range);
  if (f->status == 200 || f->status == 206 || f->status == 304) {
    put(t, "ETag", etag);
    put(t, "Last-Modified", date);
    put(t, "Accept-Ranges", "bytes");
  }
  if (f->gzip)
    put(t, "Vary", "Accept-Encoding");
  if (f->is_gzip)
    put(t, "Content-Encoding", "gzip");
  if (f->status == 200 || f->status == 206) {
    if (f->is_gzip)
      f->found[strlen(f->found) - 3] = '\0';
    put(t, "Content-Type", type_of(f->found));
    kam_tape_text(t, "Content-Length");
    kam_tape_int(t, f->left + (int64_t)f->filled);
  }
  kam_tape_end(t);
}

static int send_head(struct http_file *f)
{
  struct kam_tape *t = &f->tape;
  bool whole = f->status == 200 || f->status == 206;
  struct kam_msg m;
  int err;
  kam_tape_clear(t);
  kam_tape_table(t);
  kam_tape_text(t, "status");
  kam_tape_int(t, f->status);
  put_headers(f);
  kam_tape_text(t, "more");
  kam_tape_bool(t, whole);
  kam_tape_end(t);
  f->phase = !whole ? OVER : f->head ? ENDS : SENDS;
  err = kam_tape_msg(&f->comp.party.world->host, kam_mem_of(&f->comp), t, &m);
  return err ? err : kam_send(&f->comp, KAM_OUTBOX, m);
}

static int send_end(struct http_file *f)
{
  struct kam_msg m;
  int err;
  f->phase = OVER;
  kam_tape_clear(&f->tape);
  kam_tape_table(&f->tape);
  kam_tape_end(&f->tape);
  err = kam_tape_msg(&f->comp.party.world->host, kam_mem_of(&f->comp), &f->tape,
                     &m);
  return err ? err : kam_send(&f->comp, KAM_OUTBOX, m);
}

static int open_cached(int at, const char *path, uint64_t flags,
                       uint64_t resolve)
{
  struct open_how how = {.flags = flags | O_CLOEXEC,
                         .resolve = resolve | RESOLVE_CACHED};
  return (int)syscall(SYS_openat2, at, path, &how, sizeof how);
}

/* Finds the file, and its first part, if that needs no disk. */
static bool find_at_once(struct http_file *f)
{
  const char *path = f->path + strspn(f->path, "/");
  int n = snprintf(f->found, sizeof f->found, "%s%s", path,
                   is_folder(f) ? f->index : "");
  int root;
  if (f->gzip || n < 0 || (size_t)n >= sizeof f->found)
    return false;
  root = open_cached(AT_FDCWD, f->root, O_PATH | O_DIRECTORY, 0);
  if (root < 0)
    return false;
  f->fd = open_cached(root, f->found, O_RDONLY | O_NONBLOCK, RESOLVE_BENEATH);
  close(root);
  if (f->fd < 0)
    return false;
  f->status = status_of(f);
  choose(f);
  if (get_ready(f, true))
    return true;
  close(f->fd);
  f->fd = -1;
  f->filled = f->ready = 0;
  return false;
}

static int find_it(struct http_file *f)
{
  f->block = kam_bytes_new(kam_mem_of(&f->comp), SMALL);
  if (!f->block)
    return KAM_ENOMEM;
  if (!find_at_once(f))
    return kam_job_start(&f->comp, &f->job);
  f->phase = SENDS_HEAD;
  return 0;
}

static int send_small(struct http_file *f)
{
  struct kam_bytes *b = f->block;
  f->block = NULL;
  f->phase = ENDS;
  b->len = f->filled;
  if (b->len)
    return kam_send(&f->comp, KAM_OUTBOX, kam_msg_bytes(b));
  kam_bytes_unref(b);
  return 0;
}

/* Sends the part that is in memory, and has the next one made ready. */
static int send_part(struct http_file *f)
{
  struct kam_msg m;
  int r;
  if (!f->file) {
    f->file = kam_open_file_new(kam_mem_of(&f->comp), f->fd);
    f->fd = f->file ? -1 : f->fd;
  }
  if (!f->file || kam_extent_msg(f->file, f->from, f->ready, &m))
    return KAM_ENOMEM;
  f->from += (int64_t)f->ready;
  f->left -= (int64_t)f->ready;
  if (f->left == 0)
    f->phase = ENDS;
  r = kam_send(&f->comp, KAM_OUTBOX, m);
  if (r < 0 || f->left == 0 || make_ready(f, true))
    return r;
  return kam_job_start(&f->comp, &f->job) < 0 ? KAM_EIO : r;
}

static int send_some(struct http_file *f)
{
  if (f->failed)
    return kam_failf(&f->comp, "%s has become shorter while it was sent",
                     f->found);
  return f->ready ? send_part(f) : send_small(f);
}

static int http_file_step(struct kam_component *c)
{
  struct http_file *f = (struct http_file *)c;
  int r = 0;
  if (f->job.busy)
    return c->party.told == KAM_SHUTDOWN ? KAM_DONE : KAM_BLOCKED;
  if (c->party.told == KAM_SHUTDOWN)
    return KAM_DONE;
  switch ((enum phase)f->phase) {
  case FINDS:
    r = find_it(f);
    break;
  case SENDS_HEAD:
    r = send_head(f);
    break;
  case SENDS:
    r = send_some(f);
    break;
  case ENDS:
    r = send_end(f);
    break;
  case OVER:
    return KAM_DONE;
  }
  if (r < 0)
    return r;
  return r == KAM_WAIT || f->job.busy ? KAM_BLOCKED : KAM_AGAIN;
}

static int http_file_open(struct kam_component *c)
{
  struct http_file *f = (struct http_file *)c;
  f->fd = -1;
  f->job.work = work;
  f->job.done = done;
  kam_tape_init(&f->tape);
  return 0;
}

static void http_file_close(struct kam_component *c)
{
  struct http_file *f = (struct http_file *)c;
  if (f->fd >= 0)
    close(f->fd);
  if (f->file)
    kam_open_file_unref(f->file);
  if (f->block)
    kam_bytes_unref(f->block);
  kam_tape_fini(&f->tape);
}

static const struct kam_box_spec inboxes[] = {{.name = "inbox", .absent = true},
                                              {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "the response: its head, its body, and {}"}, {0}};

static const struct kam_option_spec options[] = {
    {.name = "root",
     .doc = "the folder",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct http_file, root),
     .required = true},
    {.name = "path",
     .doc = "the file below it; one that ends with / is a folder",
     .type = KAM_OPTION_STRING,
     .offset = offsetof(struct http_file, path),
     .required = true},
    KAM_TEXT(struct http_file, index, "index.html",
             "the file that stands for a folder"),
    KAM_FLAG(struct http_file, head, false, "only the head is wanted"),
    KAM_FLAG(struct http_file, gzip, false,
             "a file with .gz behind its name is sent in its place to a client "
             "that takes it"),
    KAM_TEXT(struct http_file, accepts, "",
             "Accept-Encoding: how the client takes it"),
    KAM_TEXT(struct http_file, match, "",
             "If-None-Match: the ETags that the client has"),
    KAM_TEXT(struct http_file, since, "",
             "If-Modified-Since: the date of what the client has"),
    KAM_TEXT(struct http_file, range, "", "Range: the part that is wanted"),
    {0}};

KAM_COMPONENT(http_file) = {
    .name = "HTTPFile",
    .family = "http",
    .summary = "Sends a file below a folder as the response to a request.",
    .doc = "Its type is told by the end of its name. With its ETag, the client "
           "may ask whether it has changed (status 304), and for a part of it "
           "(206). What is not there, is no file, or lies outside of the "
           "folder, also behind a symbolic link, is status 404; what may not "
           "be read, 403; a folder without a / behind it is status 301 to the "
           "one with it.",
    .ends = "When the response is sent, or when told.",
    .example = "kam.Pipeline { kam.OneShot \"hello\", "
               "kam.FileWriter \"a.txt\" }:run()\n"
               "kam.Pipeline { kam.HTTPFile { \".\", \"a.txt\" }, "
               "kam.each(function(m)\n"
               "  if type(m) ~= \"table\" then print(m) elseif m.status then "
               "print(m.status) end\n"
               "end) }:run()\n"
               "--> 200\n"
               "--> hello\n",
    .first = "root path",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct http_file),
    .open = http_file_open,
    .step = http_file_step,
    .close = http_file_close,
};
