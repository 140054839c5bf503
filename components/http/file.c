/* file: a file below a folder, as the response to a request. */
#define _GNU_SOURCE /* preadv2, O_PATH */
#include "components/http/file.h"

#include "components/http/encode.h"
#include "core/extent.h"
#include "core/feed.h"
#include "core/text.h"
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

enum phase { FINDS, SENDS_HEAD, SENDS, ENDS };

/* Texts of the wish, each ended by a zero. */
enum said { PATH, MATCH, SINCE, RANGE, ACCEPTS, N_SAID };

struct kam_http_file {
  struct kam_job job; /* must be first */
  struct kam_component *comp;
  const char *root, *index;
  struct kam_text room;
  size_t said[N_SAID]; /* where they are in room */
  bool gzip, head;
  bool is_gzip; /* what was found is the compressed one */
  bool failed;
  bool left; /* nobody wants it any more */
  uint8_t phase;
  int fd, status;
  struct stat st;
  int64_t from, left_over;    /* of what is sent */
  struct kam_bytes *block;    /* what was read of a small one */
  size_t filled;              /* bytes in it */
  struct kam_open_file *file; /* a large one */
  size_t ready;               /* bytes of it that are in memory */
};

static const char *said(const struct kam_http_file *f, enum said which)
{
  return f->room.s + f->said[which];
}

static bool is_folder(const struct kam_http_file *f)
{
  const char *path = said(f, PATH);
  size_t n = strlen(path);
  return n == 0 || path[n - 1] == '/';
}

/* The file below the root; false: its name is too long for any. */
static bool name_file(const struct kam_http_file *f, const char *end,
                      char *name, size_t size)
{
  const char *path = said(f, PATH);
  int n = snprintf(name, size, "%s%s%s", path + strspn(path, "/"),
                   is_folder(f) ? f->index : "", end);
  return n >= 0 && (size_t)n < size;
}

/* --- on the worker --- */

static bool is_below(const char *path, const char *root)
{
  size_t n = strlen(root);
  return strncmp(path, root, n) == 0 &&
         (path[n] == '/' || path[n] == '\0' || strcmp(root, "/") == 0);
}

/* The real path of a file below the root, if it stays there. */
static int resolve(const char *root, const char *name, char *found)
{
  char whole[PATH_MAX], real[PATH_MAX];
  int n = snprintf(whole, sizeof whole, "%s/%s", root, name);
  if (n < 0 || (size_t)n >= sizeof whole || !realpath(root, real))
    return 404;
  if (!realpath(whole, found))
    return errno == EACCES ? 403 : 404;
  return is_below(found, real) ? 0 : 404;
}

static int status_of(struct kam_http_file *f)
{
  if (fstat(f->fd, &f->st))
    return 404;
  if (S_ISDIR(f->st.st_mode))
    return is_folder(f) ? 404 : 301;
  return S_ISREG(f->st.st_mode) ? 200 : 404;
}

static int find_named(struct kam_http_file *f, const char *end)
{
  char name[PATH_MAX], found[PATH_MAX];
  int status;
  if (!name_file(f, end, name, sizeof name))
    return 404;
  status = resolve(f->root, name, found);
  if (status)
    return status;
  f->fd = open(found, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (f->fd < 0)
    return errno == EACCES ? 403 : 404;
  return status_of(f);
}

/* The compressed file beside it, if there is one that the client takes. */
static bool find_gzip(struct kam_http_file *f)
{
  const char *accepts = said(f, ACCEPTS);
  if (!f->gzip || kam_http_accepts(accepts, strlen(accepts)) != KAM_HTTP_GZIP)
    return false;
  f->is_gzip = find_named(f, ".gz") == 200;
  if (f->is_gzip)
    return true;
  if (f->fd >= 0)
    close(f->fd);
  f->fd = -1;
  return false;
}

/* Reads what there is at once if quick, else all: an error of the system, 0, or
 * a file that has become shorter. */
static ssize_t read_at(int fd, void *into, size_t size, int64_t at, bool quick)
{
  struct iovec v = {.iov_base = into, .iov_len = size};
  return preadv2(fd, &v, 1, at, quick ? RWF_NOWAIT : 0);
}

/* False: only quick reads were asked for, and this is none. */
static bool read_small(struct kam_http_file *f, bool quick)
{
  size_t room = (size_t)f->left_over;
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
  f->left_over -= (int64_t)f->filled;
  return true;
}

/* Waits until the next part is in the kernel's memory; quick: only looks. */
static bool make_ready(struct kam_http_file *f, bool quick)
{
  int fd = f->file ? f->file->fd : f->fd;
  int64_t size = f->left_over < PART ? f->left_over : PART, at;
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

static bool is_small(const struct kam_http_file *f)
{
  return !f->file && f->left_over <= SMALL;
}

static bool get_ready(struct kam_http_file *f, bool quick)
{
  if (f->head || f->left_over == 0)
    return true;
  return is_small(f) ? read_small(f, quick) : make_ready(f, quick);
}

static void text_of(const struct kam_http_file *f, char *etag, char *date,
                    size_t size)
{
  struct tm tm;
  gmtime_r(&f->st.st_mtime, &tm);
  strftime(date, size, "%a, %d %b %Y %H:%M:%S GMT", &tm);
  snprintf(etag, size, "\"%llx-%llx\"", (unsigned long long)f->st.st_mtime,
           (unsigned long long)f->st.st_size);
}

static bool is_unchanged(const struct kam_http_file *f)
{
  const char *match = said(f, MATCH), *since = said(f, SINCE);
  char etag[64], date[64];
  if (!*match && !*since)
    return false;
  text_of(f, etag, date, sizeof etag);
  if (*match)
    return strcmp(match, "*") == 0 || strstr(match, etag);
  return strcmp(since, date) == 0;
}

/* One range, "bytes=A-B", "bytes=A-" or "bytes=-N"; others are ignored. */
static int choose_range(struct kam_http_file *f)
{
  int64_t size = f->st.st_size, a, b;
  const char *s = said(f, RANGE);
  char *end;
  f->from = 0;
  f->left_over = size;
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
  f->left_over = b - a + 1;
  return 206;
}

/* What is to be sent of the file that was found. */
static void choose(struct kam_http_file *f)
{
  if (f->status == 200)
    f->status = is_unchanged(f) ? 304 : choose_range(f);
  if (f->status != 200 && f->status != 206)
    f->left_over = 0;
}

static void work(struct kam_job *job)
{
  struct kam_http_file *f = (struct kam_http_file *)job;
  if (f->fd < 0 && !f->file) {
    f->status = find_gzip(f) ? 200 : find_named(f, "");
    choose(f);
  }
  get_ready(f, false);
}

static void discard(struct kam_http_file *f)
{
  if (f->fd >= 0)
    close(f->fd);
  if (f->file)
    kam_open_file_unref(f->file);
  if (f->block)
    kam_bytes_unref(f->block);
  kam_text_fini(&f->room);
  kam_mem_free(kam_mem_of(f->comp), f, sizeof *f);
}

static void done(struct kam_job *job)
{
  struct kam_http_file *f = (struct kam_http_file *)job;
  if (f->phase == FINDS)
    f->phase = SENDS_HEAD;
  if (f->left)
    discard(f);
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

/* Where the folder is: behind its own name, from the one above. */
static void put_location(const struct kam_http_file *f, struct kam_tape *t)
{
  const char *path = said(f, PATH), *slash = strrchr(path, '/');
  char name[NAME_MAX + 2];
  snprintf(name, sizeof name, "%s/", slash ? slash + 1 : path);
  put(t, "Location", name);
}

static void put_range(const struct kam_http_file *f, struct kam_tape *t)
{
  char range[80];
  long long end = (long long)(f->from + f->left_over);
  long long from = (long long)f->from - (long long)f->filled;
  if (f->status == 416)
    snprintf(range, sizeof range, "bytes */%lld", (long long)f->st.st_size);
  else
    snprintf(range, sizeof range, "bytes %lld-%lld/%lld", from, end - 1,
             (long long)f->st.st_size);
  put(t, "Content-Range", range);
}

static void put_type(const struct kam_http_file *f, struct kam_tape *t)
{
  char name[PATH_MAX];
  name_file(f, "", name, sizeof name);
  put(t, "Content-Type", type_of(name));
}

static bool has_body(const struct kam_http_file *f)
{
  return f->status == 200 || f->status == 206;
}

static void put_headers(const struct kam_http_file *f, struct kam_tape *t)
{
  char etag[64], date[64];
  kam_tape_text(t, "headers");
  kam_tape_table(t);
  if (f->status == 301)
    put_location(f, t);
  if (f->status == 405)
    put(t, "Allow", "GET, HEAD");
  if (f->status == 206 || f->status == 416)
    put_range(f, t);
  if (has_body(f) || f->status == 304) {
    text_of(f, etag, date, sizeof etag);
    put(t, "ETag", etag);
    put(t, "Last-Modified", date);
    put(t, "Accept-Ranges", "bytes");
  }
  if (f->gzip)
    put(t, "Vary", "Accept-Encoding");
  if (f->is_gzip)
    put(t, "Content-Encoding", "gzip");
  if (has_body(f)) {
    put_type(f, t);
    kam_tape_text(t, "Content-Length");
    kam_tape_int(t, f->left_over + (int64_t)f->filled);
  }
  kam_tape_end(t);
}

static int write_head(struct kam_http_file *f, struct kam_tape *t)
{
  kam_tape_clear(t);
  kam_tape_table(t);
  kam_tape_text(t, "status");
  kam_tape_int(t, f->status);
  put_headers(f, t);
  kam_tape_text(t, "more");
  kam_tape_bool(t, has_body(f));
  kam_tape_end(t);
  f->phase = f->head || (!f->filled && f->left_over == 0) ? ENDS : SENDS;
  return has_body(f) ? KAM_HTTP_FILE_HEAD : KAM_HTTP_FILE_ONLY;
}

static int open_cached(int at, const char *path, uint64_t flags,
                       uint64_t resolve)
{
  struct open_how how = {.flags = flags | O_CLOEXEC,
                         .resolve = resolve | RESOLVE_CACHED};
  return (int)syscall(SYS_openat2, at, path, &how, sizeof how);
}

/* Opens the file, if that needs no disk. */
static bool open_at_once(struct kam_http_file *f)
{
  char name[PATH_MAX];
  int root;
  if (f->gzip || !name_file(f, "", name, sizeof name))
    return false;
  root = open_cached(AT_FDCWD, f->root, O_PATH | O_DIRECTORY, 0);
  if (root < 0)
    return false;
  f->fd = open_cached(root, name, O_RDONLY | O_NONBLOCK, RESOLVE_BENEATH);
  close(root);
  return f->fd >= 0;
}

/* Finds it, and its first part, at once or by a worker. */
static int find_it(struct kam_http_file *f)
{
  if (open_at_once(f)) {
    f->status = status_of(f);
    choose(f);
  }
  if (f->fd < 0 || is_small(f)) {
    f->block = kam_bytes_new(kam_mem_of(f->comp),
                             f->fd < 0 ? SMALL : (size_t)f->left_over);
    if (!f->block)
      return KAM_ENOMEM;
  }
  if (f->fd < 0 || !get_ready(f, true))
    return kam_job_start(f->comp, &f->job);
  f->phase = SENDS_HEAD;
  return 0;
}

static struct kam_msg take_small(struct kam_http_file *f)
{
  struct kam_bytes *b = f->block;
  f->block = NULL;
  f->phase = ENDS;
  b->len = f->filled;
  return kam_msg_bytes(b);
}

/* The part that is in memory; the next one is made ready. */
static int take_part(struct kam_http_file *f, struct kam_msg *m)
{
  if (!f->file) {
    f->file = kam_open_file_new(kam_mem_of(f->comp), f->fd);
    f->fd = f->file ? -1 : f->fd;
  }
  if (!f->file || kam_extent_msg(f->file, f->from, f->ready, m))
    return KAM_ENOMEM;
  f->from += (int64_t)f->ready;
  f->left_over -= (int64_t)f->ready;
  if (f->left_over == 0)
    f->phase = ENDS;
  else if (!make_ready(f, true) && kam_job_start(f->comp, &f->job)) {
    kam_msg_drop(&f->comp->party.world->host, *m);
    return KAM_EIO;
  }
  return KAM_HTTP_FILE_PART;
}

static int send_some(struct kam_http_file *f, struct kam_msg *part)
{
  if (f->failed)
    return kam_failf(f->comp, "%s has become shorter while it was sent",
                     said(f, PATH));
  if (f->file || f->ready)
    return take_part(f, part);
  *part = take_small(f);
  return KAM_HTTP_FILE_PART;
}

int kam_http_file_step(struct kam_http_file *f, struct kam_tape *head,
                       struct kam_msg *part)
{
  int err;
  if (f->job.busy)
    return KAM_HTTP_FILE_WAITS;
  if (f->phase == FINDS) {
    err = find_it(f);
    if (err || f->job.busy)
      return err ? err : KAM_HTTP_FILE_WAITS;
  }
  if (f->phase == SENDS_HEAD)
    return write_head(f, head);
  return f->phase == SENDS ? send_some(f, part) : KAM_HTTP_FILE_END;
}

/* Notes a text; what has a zero byte in it could be no file's. */
static bool note(struct kam_http_file *f, enum said which,
                 const struct kam_http_words *w)
{
  if (!w->s || memchr(w->s, '\0', w->len))
    return false;
  f->said[which] = f->room.len;
  kam_text_put(&f->room, w->s, w->len);
  kam_text_put(&f->room, "", 1);
  return true;
}

struct kam_http_file *kam_http_file_new(struct kam_component *c,
                                        const struct kam_http_wish *wish)
{
  struct kam_http_file *f = kam_mem_alloc(kam_mem_of(c), sizeof *f);
  if (!f)
    return NULL;
  *f = (struct kam_http_file){.comp = c,
                              .root = wish->root,
                              .index = wish->index,
                              .gzip = wish->gzip,
                              .head = wish->head,
                              .status = wish->status,
                              .fd = -1};
  f->job.work = work;
  f->job.done = done;
  kam_text_init(&f->room, kam_mem_of(c));
  kam_text_put(&f->room, "", 1); /* what all begin as */
  if (!note(f, PATH, &wish->path) && !f->status)
    f->status = 404;
  note(f, MATCH, &wish->match);
  note(f, SINCE, &wish->since);
  note(f, RANGE, &wish->range);
  note(f, ACCEPTS, &wish->accepts);
  f->phase = f->status ? SENDS_HEAD : FINDS;
  if (!f->room.failed)
    return f;
  discard(f);
  return NULL;
}

void kam_http_file_free(struct kam_http_file *f)
{
  if (f && f->job.busy)
    f->left = true;
  else if (f)
    discard(f);
}
