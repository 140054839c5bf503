/* walk: levels, and what is told of what lies in them. */
#include "components/file/walk.h"

#include "core/err.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  PIECE = 1024,   /* entries found by one call */
  BYTES = 1 << 16 /* and bytes told of them */
};

struct entry {
  union {
    size_t at;        /* among the names of the level, while they grow */
    const char *name; /* when all have been read */
  } is;
  mode_t mode; /* 0: not known */
  bool enter;
  off_t size;
  struct timespec mtime;
};

struct kam_walk_level {
  char *names; /* each ended by a zero */
  struct entry *entries;
  size_t len, room;       /* of names */
  size_t n, n_room, next; /* of entries */
  size_t path_len;        /* of the folder */
  dev_t dev;
  ino_t ino;
};

/* Room for one more of that size behind n, or false. */
static bool grow(void **list, size_t *room, size_t n, size_t size)
{
  size_t more = *room ? 2 * *room : 64;
  void *p;
  while (more < n)
    more *= 2;
  if (n <= *room)
    return true;
  p = realloc(*list, more * size);
  if (!p)
    return false;
  *list = p;
  *room = more;
  return true;
}

/* Writes name, with its zero, behind the first len bytes of the path. */
static bool set_path(struct kam_walk *w, size_t len, const char *name)
{
  size_t n = strlen(name);
  bool slash = len && w->path[len - 1] != '/';
  void *path = w->path;
  bool ok = grow(&path, &w->path_room, len + n + 2, 1);
  w->path = path;
  if (!ok) {
    w->err = KAM_ENOMEM;
    return false;
  }
  if (slash)
    w->path[len++] = '/';
  memcpy(w->path + len, name, n + 1);
  w->path_len = len + n;
  return true;
}

/* --- telling --- */

static const char *type_name(mode_t mode)
{
  switch (mode & S_IFMT) {
  case S_IFREG:
    return "file";
  case S_IFDIR:
    return "folder";
  case S_IFLNK:
    return "link";
  case S_IFIFO:
    return "pipe";
  case S_IFSOCK:
    return "socket";
  default:
    return "device";
  }
}

static void tell(struct kam_walk *w, const struct entry *e)
{
  struct kam_tape *t = &w->tape;
  kam_tape_bool(t, true);
  if (!w->details) {
    kam_tape_bytes(t, w->path, w->path_len);
    return;
  }
  kam_tape_table(t);
  kam_tape_text(t, "path");
  kam_tape_bytes(t, w->path, w->path_len);
  kam_tape_text(t, "type");
  kam_tape_text(t, type_name(e->mode));
  kam_tape_text(t, "size");
  kam_tape_int(t, e->size);
  kam_tape_text(t, "mtime");
  kam_tape_number(t, (double)e->mtime.tv_sec + (double)e->mtime.tv_nsec / 1e9);
  kam_tape_end(t);
}

/* The folder that the path names cannot be read. */
static void complain(struct kam_walk *w, int err)
{
  struct kam_tape *t = &w->tape;
  kam_tape_bool(t, false);
  kam_tape_table(t);
  kam_tape_text(t, "path");
  kam_tape_bytes(t, w->path, w->path_len);
  kam_tape_text(t, "error");
  kam_tape_text(t, strerror(err));
  kam_tape_end(t);
}

static bool is_wanted(const struct kam_walk *w, const struct entry *e,
                      const char *name)
{
  if (w->only == KAM_WALK_FILES && !S_ISREG(e->mode))
    return false;
  if (w->only == KAM_WALK_FOLDERS && !S_ISDIR(e->mode))
    return false;
  return !*w->pattern || fnmatch(w->pattern, name, 0) == 0;
}

/* --- levels --- */

static void pop(struct kam_walk *w)
{
  struct kam_walk_level *l = &w->levels[--w->n];
  free(l->names);
  free(l->entries);
}

static mode_t mode_of(const struct dirent *d)
{
  switch (d->d_type) {
  case DT_REG:
    return S_IFREG;
  case DT_DIR:
    return S_IFDIR;
  case DT_LNK:
    return S_IFLNK;
  case DT_FIFO:
    return S_IFIFO;
  case DT_SOCK:
    return S_IFSOCK;
  case DT_CHR:
    return S_IFCHR;
  case DT_BLK:
    return S_IFBLK;
  default:
    return 0;
  }
}

/* What the file system says of an entry: false if it has gone meanwhile. */
static bool look_at(const struct kam_walk *w, int fd, const struct dirent *d,
                    struct entry *e)
{
  struct stat st;
  bool follows = w->follow && (!e->mode || S_ISLNK(e->mode));
  if (e->mode && !w->details && !follows)
    return true;
  if (!(follows && fstatat(fd, d->d_name, &st, 0) == 0) &&
      fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
    return errno != ENOENT;
  e->mode = st.st_mode;
  e->size = st.st_size;
  e->mtime = st.st_mtim;
  return true;
}

static bool add(struct kam_walk *w, struct kam_walk_level *l, int fd,
                const struct dirent *d)
{
  size_t n = strlen(d->d_name) + 1;
  struct entry e = {.is.at = l->len, .mode = mode_of(d)};
  void *names = l->names, *entries = l->entries;
  bool ok;
  if (!look_at(w, fd, d, &e))
    return true;
  e.enter = S_ISDIR(e.mode);
  ok = grow(&names, &l->room, l->len + n, 1);
  l->names = names;
  ok = ok && grow(&entries, &l->n_room, l->n + 1, sizeof e);
  l->entries = entries;
  if (!ok)
    return false;
  memcpy(l->names + l->len, d->d_name, n);
  l->len += n;
  l->entries[l->n++] = e;
  return true;
}

static bool is_skipped(const struct kam_walk *w, const char *name)
{
  if (name[0] != '.')
    return false;
  return !w->hidden || !name[1] || (name[1] == '.' && !name[2]);
}

static int by_name(const void *a, const void *b)
{
  const struct entry *x = a, *y = b;
  return strcmp(x->is.name, y->is.name);
}

/* Opens the folder that the path names, however long that is: the kernel takes
 * no more than PATH_MAX at once. */
static int open_folder(const char *path, size_t len)
{
  int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;
  int at = AT_FDCWD, fd, err;
  char piece[PATH_MAX];
  while (len >= PATH_MAX) {
    size_t n = PATH_MAX - 1;
    while (n > 0 && path[n] != '/')
      n--;
    memcpy(piece, path, n);
    piece[n] = 0;
    fd = openat(at, piece, flags);
    err = errno;
    if (at != AT_FDCWD)
      close(at);
    errno = err;
    if (fd < 0 || n == 0)
      return fd;
    at = fd;
    path += n + 1;
    len -= n + 1;
  }
  fd = openat(at, path, flags);
  err = errno;
  if (at != AT_FDCWD)
    close(at);
  errno = err;
  return fd;
}

/* Is it a folder that is open already, reached by a link? */
static bool is_circle(const struct kam_walk *w, const struct stat *st)
{
  size_t i;
  for (i = 0; w->follow && i < w->n; i++)
    if (w->levels[i].ino == st->st_ino && w->levels[i].dev == st->st_dev)
      return true;
  return false;
}

/* Reads all of a folder into a level, or what can be read of it: 0, an errno,
 * or KAM_ENOMEM. */
static int read_folder(struct kam_walk *w, struct kam_walk_level *l, DIR *dir)
{
  struct dirent *d;
  size_t i;
  int err;
  for (;;) {
    errno = 0;
    d = readdir(dir);
    err = errno;
    if (!d)
      break;
    if (!is_skipped(w, d->d_name) && !add(w, l, dirfd(dir), d))
      return KAM_ENOMEM;
  }
  for (i = 0; i < l->n; i++)
    l->entries[i].is.name = l->names + l->entries[i].is.at;
  if (l->n)
    qsort(l->entries, l->n, sizeof *l->entries, by_name);
  return err;
}

static int push(struct kam_walk *w, DIR *dir, const struct stat *st)
{
  void *levels = w->levels;
  bool ok = grow(&levels, &w->room, w->n + 1, sizeof *w->levels);
  struct kam_walk_level *l;
  w->levels = levels;
  if (!ok)
    return KAM_ENOMEM;
  l = &w->levels[w->n++];
  *l = (struct kam_walk_level){
      .path_len = w->path_len, .dev = st->st_dev, .ino = st->st_ino};
  return read_folder(w, l, dir);
}

/* The folder that the path names becomes the last level. */
static void enter(struct kam_walk *w)
{
  struct stat st;
  DIR *dir;
  int fd = open_folder(w->path, w->path_len), err;
  if (fd < 0 || fstat(fd, &st) != 0 || !(dir = fdopendir(fd))) {
    err = errno;
    if (fd >= 0)
      close(fd);
    if (err != ENOENT || w->n == 0) /* else it has gone meanwhile */
      complain(w, err);
    return;
  }
  err = is_circle(w, &st) ? 0 : push(w, dir, &st);
  closedir(dir);
  if (err > 0)
    complain(w, err);
  else if (err < 0)
    w->err = err;
}

/* Looks at the next entry of the last level. */
static void look_on(struct kam_walk *w)
{
  struct kam_walk_level *l = &w->levels[w->n - 1];
  struct entry *e = &l->entries[l->next++];
  const char *name = e->is.name;
  if (!set_path(w, l->path_len, name))
    return;
  w->found++;
  if (is_wanted(w, e, name))
    tell(w, e);
  if (e->enter && (w->depth == 0 || (int64_t)w->n < w->depth))
    enter(w);
}

void kam_walk_on(struct kam_walk *w)
{
  w->found = 0;
  if (!w->begun && set_path(w, 0, w->root))
    enter(w);
  w->begun = true;
  while (w->n && !w->err && w->found < PIECE && w->tape.len < BYTES) {
    if (w->levels[w->n - 1].next == w->levels[w->n - 1].n)
      pop(w);
    else
      look_on(w);
  }
  w->over = w->n == 0;
  if (!w->err)
    w->err = kam_tape_error(&w->tape);
}

void kam_walk_fini(struct kam_walk *w)
{
  while (w->n)
    pop(w);
  free(w->levels);
  free(w->path);
  w->levels = NULL;
  w->path = NULL;
  kam_tape_fini(&w->tape);
}
