/* watch: entries, events, and what is told. */
#include "components/file/watch.h"

#include "core/err.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  WHAT = IN_CREATE | IN_DELETE | IN_MODIFY | IN_ATTRIB | IN_MOVED_FROM |
         IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR,
  BYTES = 65536 /* of events, read at once */
};

struct kam_watch_entry {
  struct kam_watch_entry *next, *prev, *next_pending;
  char *path, *from; /* from: told as that, or NULL */
  int wd;            /* -1: not watched */
  int64_t level;     /* of what lies in the root: 1 */
  mode_t mode;
  ino_t ino;
  off_t size;
  struct timespec mtime;
  bool exists, told, dirty, pending, seen;
};

typedef struct kam_watch_entry entry;

static int compare_paths(const void *a, const void *b)
{
  return strcmp(((const entry *)a)->path, ((const entry *)b)->path);
}

static int compare_wds(const void *a, const void *b)
{
  int x = ((const entry *)a)->wd, y = ((const entry *)b)->wd;
  return (x > y) - (x < y);
}

static void look_at(struct kam_watch *w, const char *path, int64_t level,
                    bool dirty);

/* --- entries --- */

static entry *find(const struct kam_watch *w, const char *path)
{
  entry key = {.path = (char *)(uintptr_t)path};
  void *const *found = tfind(&key, (void *const *)&w->by_path, compare_paths);
  return found ? *found : NULL;
}

static entry *add(struct kam_watch *w, const char *path, int64_t level)
{
  entry *e = calloc(1, sizeof *e);
  if (e)
    e->path = strdup(path);
  if (!e || !e->path || !tsearch(e, &w->by_path, compare_paths)) {
    if (e)
      free(e->path);
    free(e);
    w->err = KAM_ENOMEM;
    return NULL;
  }
  e->wd = -1;
  e->level = level;
  e->next = w->entries;
  if (e->next)
    e->next->prev = e;
  w->entries = e;
  return e;
}

static void unwatch(struct kam_watch *w, entry *e)
{
  if (e->wd < 0)
    return;
  inotify_rm_watch(w->fd, e->wd); /* fails if the folder has gone: good */
  tdelete(e, &w->by_wd, compare_wds);
  e->wd = -1;
}

/* Not for one that is pending. */
static void discard(struct kam_watch *w, entry *e)
{
  unwatch(w, e);
  tdelete(e, &w->by_path, compare_paths);
  if (e->prev)
    e->prev->next = e->next;
  else
    w->entries = e->next;
  if (e->next)
    e->next->prev = e->prev;
  free(e->path);
  free(e->from);
  free(e);
}

static void pend(struct kam_watch *w, entry *e)
{
  if (e->pending)
    return;
  e->pending = true;
  e->next_pending = NULL;
  *w->last = e;
  w->last = &e->next_pending;
}

static bool lies_in(const entry *e, const char *folder, size_t len)
{
  return strncmp(e->path, folder, len) == 0 && e->path[len] == '/';
}

/* It is there no more, nor is what lay in it. */
static void gone(struct kam_watch *w, entry *e)
{
  size_t len = strlen(e->path);
  entry *i;
  for (i = S_ISDIR(e->mode) ? w->entries : NULL; i; i = i->next)
    if (i->exists && lies_in(i, e->path, len)) {
      i->exists = false;
      unwatch(w, i);
      pend(w, i);
    }
  e->exists = false;
  unwatch(w, e);
  pend(w, e);
}

/* --- telling --- */

static void complain(struct kam_watch *w, enum kam_watch_what what,
                     const char *path, const char *why)
{
  struct kam_tape *t = &w->tape;
  kam_tape_int(t, what);
  kam_tape_table(t);
  kam_tape_text(t, "path");
  kam_tape_text(t, path);
  kam_tape_text(t, "error");
  kam_tape_text(t, why);
  kam_tape_end(t);
}

static bool is_wanted(const struct kam_watch *w, const char *path, mode_t mode)
{
  const char *name = strrchr(path, '/');
  if (strcmp(w->only, "files") == 0 && !S_ISREG(mode))
    return false;
  if (strcmp(w->only, "folders") == 0 && !S_ISDIR(mode))
    return false;
  return !*w->pattern || fnmatch(w->pattern, name ? name + 1 : path, 0) == 0;
}

static const char *type_name(mode_t mode)
{
  return S_ISREG(mode)   ? "file"
         : S_ISDIR(mode) ? "folder"
         : S_ISLNK(mode) ? "link"
                         : "other";
}

static void tell(struct kam_watch *w, const entry *e, const char *path,
                 const char *change, const char *from)
{
  struct kam_tape *t = &w->tape;
  if (!is_wanted(w, path, e->mode))
    return;
  kam_tape_int(t, KAM_WATCH_CHANGE);
  kam_tape_table(t);
  kam_tape_text(t, "path");
  kam_tape_text(t, path);
  kam_tape_text(t, "change");
  kam_tape_text(t, change);
  kam_tape_text(t, "type");
  kam_tape_text(t, type_name(e->mode));
  if (from) {
    kam_tape_text(t, "from");
    kam_tape_text(t, from);
  }
  kam_tape_end(t);
}

static void tell_move(struct kam_watch *w, const entry *e)
{
  bool was = is_wanted(w, e->from, e->mode);
  if (!e->exists && was)
    tell(w, e, e->from, "removed", NULL);
  else if (e->exists)
    tell(w, e, e->path, was ? "moved" : "made", was ? e->from : NULL);
  if (e->exists && was && !is_wanted(w, e->path, e->mode))
    tell(w, e, e->from, "removed", NULL);
}

static void tell_one(struct kam_watch *w, entry *e)
{
  if (e->from)
    tell_move(w, e);
  else if (e->exists && !e->told)
    tell(w, e, e->path, "made", NULL);
  else if (e->exists && e->dirty && !S_ISDIR(e->mode))
    tell(w, e, e->path, "changed", NULL);
  else if (!e->exists && e->told)
    tell(w, e, e->path, "removed", NULL);
  free(e->from);
  e->from = NULL;
  e->told = e->exists;
  e->dirty = e->pending = false;
}

void kam_watch_tell(struct kam_watch *w)
{
  entry *e, *next;
  for (e = w->pending; e; e = next) {
    next = e->next_pending;
    tell_one(w, e);
    if (!e->exists && e != w->moved)
      discard(w, e);
  }
  w->pending = NULL;
  w->last = &w->pending;
  if (!w->err)
    w->err = kam_tape_error(&w->tape);
}

/* --- looking --- */

const char *kam_watch_why(int err)
{
  if (err == ENOSPC)
    return "the kernel has no more watches: raise "
           "/proc/sys/fs/inotify/max_user_watches";
  if (err == EMFILE)
    return "the kernel has no more watchers: raise "
           "/proc/sys/fs/inotify/max_user_instances";
  return strerror(err);
}

static void trouble(struct kam_watch *w, const char *path, int err)
{
  if (err != ENOENT && err != ENOTDIR) /* gone meanwhile: it is told */
    complain(w, KAM_WATCH_TROUBLE, path, kam_watch_why(err));
}

static bool join(char *to, const char *folder, const char *name)
{
  size_t n = strlen(folder), len = strlen(name);
  bool slash = n > 0 && folder[n - 1] == '/';
  if (n + len + 2 > PATH_MAX)
    return false;
  memcpy(to, folder, n);
  if (!slash)
    to[n++] = '/';
  memcpy(to + n, name, len + 1);
  return true;
}

static bool is_skipped(const struct kam_watch *w, const char *name)
{
  return name[0] == '.' &&
         (!w->hidden || !name[1] || (name[1] == '.' && !name[2]));
}

/* Looks at all that lies in a folder. */
static int scan(struct kam_watch *w, const entry *folder)
{
  char *path = malloc(PATH_MAX);
  DIR *dir = path ? opendir(folder->path) : NULL;
  int err = path ? errno : ENOMEM;
  struct dirent *d;
  while (dir && (d = readdir(dir)))
    if (!is_skipped(w, d->d_name)) {
      if (join(path, folder->path, d->d_name))
        look_at(w, path, folder->level + 1, false);
      else
        complain(w, KAM_WATCH_TROUBLE, folder->path, "a path is too long");
    }
  free(path);
  if (!dir)
    return err;
  closedir(dir);
  return 0;
}

/* Watches a folder, and then looks at what has been made in it before. */
static int enter(struct kam_watch *w, entry *e)
{
  entry key, *other;
  void *const *found;
  uint32_t links = e->level ? IN_DONT_FOLLOW : 0;
  if (e->wd < 0) {
    key.wd = inotify_add_watch(w->fd, e->path, WHAT | links);
    if (key.wd < 0)
      return errno;
    found = tfind(&key, (void *const *)&w->by_wd, compare_wds);
    if (found) { /* the same folder, under a path that it had before */
      other = *found;
      tdelete(other, &w->by_wd, compare_wds);
      other->wd = -1;
    }
    e->wd = key.wd;
    if (!tsearch(e, &w->by_wd, compare_wds))
      return ENOMEM;
  } else if (!w->rescans) {
    return 0;
  }
  return scan(w, e);
}

static bool differs(const entry *e, const struct stat *st)
{
  return e->size != st->st_size || e->mtime.tv_sec != st->st_mtim.tv_sec ||
         e->mtime.tv_nsec != st->st_mtim.tv_nsec || e->ino != st->st_ino;
}

/* Takes in what is at a path now. dirty: something was done to it. */
static void look_at(struct kam_watch *w, const char *path, int64_t level,
                    bool dirty)
{
  struct stat st;
  entry *e = find(w, path);
  int err;
  if (w->err)
    return;
  if (lstat(path, &st) != 0) {
    if (e && e->exists)
      gone(w, e);
    return;
  }
  if (!e && !(e = add(w, path, level)))
    return;
  if (e->exists && S_ISDIR(e->mode) && e->ino != st.st_ino)
    gone(w, e);
  if (!e->exists || dirty || differs(e, &st))
    pend(w, e);
  e->dirty |= dirty || (e->told && differs(e, &st));
  e->exists = e->seen = true;
  e->mode = st.st_mode;
  e->ino = st.st_ino;
  e->size = st.st_size;
  e->mtime = st.st_mtim;
  if (!S_ISDIR(e->mode) || (w->depth && level >= w->depth))
    return;
  err = enter(w, e);
  if (err)
    trouble(w, path, err);
}

/* --- events --- */

/* Gives e, and what lies in it, another path. */
static void rename_tree(struct kam_watch *w, entry *e, const char *to)
{
  size_t len = strlen(e->path);
  char *old = e->path, *path;
  entry *i;
  for (i = w->entries; i; i = i->next) {
    if (i != e && !(S_ISDIR(e->mode) && lies_in(i, old, len)))
      continue;
    path = malloc(strlen(to) + strlen(i->path) - len + 1);
    if (!path) {
      w->err = KAM_ENOMEM;
      break;
    }
    strcpy(path, to);
    strcat(path, i->path + len);
    tdelete(i, &w->by_path, compare_paths);
    if (i != e)
      free(i->path);
    i->path = path;
    if (!tsearch(i, &w->by_path, compare_paths))
      w->err = KAM_ENOMEM;
  }
  if (e->path != old)
    free(old);
}

/* What was at the path of e is at another one now. */
static void move(struct kam_watch *w, entry *e, const char *to, int64_t level)
{
  entry *there = find(w, to);
  /* Another level, or something there already: told as gone and made. */
  if (there || e->level != level || !e->told) {
    look_at(w, e->path, e->level, false);
    look_at(w, to, level, there != NULL);
    return;
  }
  if (!e->from)
    e->from = strdup(e->path);
  rename_tree(w, e, to);
  pend(w, e);
  look_at(w, to, level, false);
}

/* The second half of a move did not come: it has left the folder. */
static void settle_move(struct kam_watch *w)
{
  entry *e = w->moved;
  w->moved = NULL;
  if (e)
    look_at(w, e->path, e->level, false);
}

static void rescan(struct kam_watch *w)
{
  entry *root = find(w, w->root), *e;
  complain(w, KAM_WATCH_NOTICE, w->root,
           "too much happened at once, and the kernel dropped events: all has "
           "been looked at again");
  for (e = w->entries; e; e = e->next)
    e->seen = false;
  w->rescans = true;
  if (!root || scan(w, root))
    w->over = true;
  w->rescans = false;
  for (e = w->entries; e; e = e->next)
    if (!e->seen && e->exists && e != root)
      gone(w, e);
}

static void take_in(struct kam_watch *w, const struct inotify_event *v,
                    char *path)
{
  entry key = {.wd = v->wd}, *folder, *old;
  void *const *found;
  uint32_t self = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;
  if (w->moved && !((v->mask & IN_MOVED_TO) && v->cookie == w->cookie))
    settle_move(w);
  if (v->mask & IN_Q_OVERFLOW) {
    rescan(w);
    return;
  }
  found = tfind(&key, (void *const *)&w->by_wd, compare_wds);
  if (!found)
    return;
  folder = *found;
  if (v->mask & self) {
    w->over |= folder->level == 0;
    return;
  }
  if (!v->len || is_skipped(w, v->name) || !join(path, folder->path, v->name))
    return;
  old = w->moved;
  w->moved = NULL;
  if (v->mask & IN_MOVED_FROM) {
    w->moved = find(w, path);
    w->cookie = v->cookie;
  } else if (old) {
    move(w, old, path, folder->level + 1);
  } else {
    look_at(w, path, folder->level + 1, v->mask & (IN_MODIFY | IN_ATTRIB));
  }
}

bool kam_watch_read(struct kam_watch *w)
{
  char *buf = malloc(BYTES + PATH_MAX);
  ssize_t n, at;
  if (!buf) {
    w->err = KAM_ENOMEM;
    return false;
  }
  n = read(w->fd, buf, BYTES);
  for (at = 0; at < n && !w->over && !w->err;) {
    const struct inotify_event *v = (const void *)(buf + at);
    take_in(w, v, buf + BYTES);
    at += (ssize_t)(sizeof *v + v->len);
  }
  settle_move(w);
  free(buf);
  return w->pending != NULL;
}

void kam_watch_init(struct kam_watch *w)
{
  w->fd = -1;
  w->last = &w->pending;
  kam_tape_init(&w->tape);
}

int kam_watch_open(struct kam_watch *w)
{
  entry *root, *e;
  int err;
  w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (w->fd < 0)
    return errno;
  root = add(w, w->root, 0);
  if (!root)
    return ENOMEM;
  root->exists = root->told = true;
  root->mode = S_IFDIR;
  err = enter(w, root);
  for (e = w->entries; e; e = e->next) { /* what is there is not told */
    e->told = true;
    e->pending = e->dirty = false;
  }
  w->pending = NULL;
  w->last = &w->pending;
  return err;
}

void kam_watch_fini(struct kam_watch *w)
{
  if (w->fd >= 0)
    close(w->fd); /* and with it all watches */
  w->fd = -1;
  while (w->entries)
    discard(w, w->entries);
  kam_tape_fini(&w->tape);
}
