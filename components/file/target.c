/* target: open, write, rename. */
#include "components/file/target.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
  PATIENCE = 50, /* ms between two looks whether to stop waiting */
  TRIES = 100    /* names for a new file */
};

void kam_target_init(struct kam_target *t, const char *path)
{
  *t = (struct kam_target){.path = path, .fd = -1};
}

static bool stops(const struct kam_target *t)
{
  return __atomic_load_n(&t->stop, __ATOMIC_RELAXED); /* set by close */
}

/* The folders that path lies in. */
static int make_folders(const char *path)
{
  char folder[PATH_MAX];
  char *p;
  snprintf(folder, sizeof folder, "%s", path);
  for (p = folder + 1; *p; p++) {
    if (*p != '/')
      continue;
    *p = 0;
    if (mkdir(folder, 0777) && errno != EEXIST)
      return errno;
    *p = '/';
  }
  return 0;
}

/* A new file beside t->place, with the rights of the old one if there is one.
 */
static int open_temp(struct kam_target *t)
{
  const char *name = strrchr(t->place, '/');
  int folder = name ? (int)(name + 1 - t->place) : 0, i, n;
  struct timespec now;
  struct stat st;
  for (i = 0; i < TRIES; i++) {
    clock_gettime(CLOCK_REALTIME, &now);
    n = snprintf(t->temp, sizeof t->temp, "%.*s.%.200s.%x%x", folder, t->place,
                 t->place + folder, (unsigned)getpid(),
                 (unsigned)now.tv_nsec + (unsigned)i);
    if (n >= (int)sizeof t->temp)
      return ENAMETOOLONG;
    t->fd = open(t->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                 0666);
    if (t->fd >= 0)
      break;
    if (errno != EEXIST) {
      i = errno;
      t->temp[0] = 0;
      return i;
    }
  }
  if (t->fd < 0)
    return EEXIST;
  if (stat(t->place, &st) == 0 && fchmod(t->fd, st.st_mode & 07777))
    return errno;
  return 0;
}

/* A FIFO takes a writer only when it has a reader. */
static int open_place(struct kam_target *t)
{
  static const int modes[] = {[KAM_TARGET_WRITE] = O_TRUNC,
                              [KAM_TARGET_APPEND] = O_APPEND,
                              [KAM_TARGET_NEW] = O_EXCL};
  const struct timespec patience = {.tv_nsec = PATIENCE * 1000000L};
  int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  do {
    t->fd = open(t->place, flags | modes[t->mode], 0666);
    if (t->fd >= 0)
      return 0;
    if (errno == ENXIO)
      nanosleep(&patience, NULL);
  } while ((errno == ENXIO || errno == EINTR) && !stops(t));
  return errno;
}

int kam_target_open(struct kam_target *t)
{
  struct stat st;
  int err = t->mkdir ? make_folders(t->path) : 0;
  if (err)
    return err;
  if (!realpath(t->path, t->place) && snprintf(t->place, sizeof t->place, "%s",
                                               t->path) >= (int)sizeof t->place)
    return ENAMETOOLONG;
  if (!t->atomic)
    return open_place(t);
  if (stat(t->place, &st) == 0) {
    if (t->mode == KAM_TARGET_NEW)
      return EEXIST;
    if (S_ISDIR(st.st_mode))
      return EISDIR;
    if (!S_ISREG(st.st_mode)) { /* what is no file cannot be replaced */
      t->atomic = false;
      return open_place(t);
    }
  }
  return open_temp(t);
}

static int wait_for_room(struct kam_target *t)
{
  struct pollfd p = {.fd = t->fd, .events = POLLOUT};
  while (poll(&p, 1, PATIENCE) == 0)
    if (stops(t))
      return ECANCELED;
  return 0;
}

int kam_target_write(struct kam_target *t, struct iovec *iov, int n)
{
  int err;
  while (n > 0) {
    ssize_t done = writev(t->fd, iov, n < IOV_MAX ? n : IOV_MAX);
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0 && errno != EAGAIN)
      return errno;
    if (done < 0) {
      err = wait_for_room(t);
      if (err)
        return err;
      continue;
    }
    while (n > 0 && (size_t)done >= iov->iov_len) {
      done -= (ssize_t)iov->iov_len;
      iov++;
      n--;
    }
    if (n > 0) {
      iov->iov_base = (char *)iov->iov_base + done;
      iov->iov_len -= (size_t)done;
    }
  }
  return 0;
}

/* Through memory of ours: 0 or an errno; *at moves on. */
static int copy_some(struct kam_target *t, int from, off_t *at, size_t len)
{
  unsigned char bytes[32768];
  struct iovec iov = {.iov_base = bytes};
  ssize_t n = pread(from, bytes, len < sizeof bytes ? len : sizeof bytes, *at);
  if (n < 0)
    return errno == EINTR ? 0 : errno;
  if (n == 0)
    return ENODATA;
  *at += n;
  iov.iov_len = (size_t)n;
  return kam_target_write(t, &iov, 1);
}

int kam_target_copy(struct kam_target *t, int from, off_t at, size_t len)
{
  off_t end = at + (off_t)len;
  bool kernel = true; /* does it for these two? */
  int err = 0;
  while (at < end && !err) {
    ssize_t n = kernel ? sendfile(t->fd, from, &at, (size_t)(end - at)) : -1;
    if (n > 0)
      continue;
    if (n < 0 && kernel &&
        (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EFBIG))
      return errno;
    kernel = false; /* not onto the end of a file, or it is no plain one */
    err = copy_some(t, from, &at, (size_t)(end - at));
  }
  return err;
}

/* A pipe or a device has nothing to be kept safe. */
static int sync_file(int fd)
{
  return fsync(fd) && errno != EINVAL && errno != EROFS && errno != ENOTSUP
             ? errno
             : 0;
}

static int close_file(struct kam_target *t)
{
  int fd = t->fd;
  t->fd = -1;
  return close(fd) ? errno : 0;
}

/* That a file has its name is a change of the folder. */
static int sync_folder(const struct kam_target *t)
{
  char folder[PATH_MAX];
  char *end;
  int fd, err;
  snprintf(folder, sizeof folder, "%s", t->place);
  end = strrchr(folder, '/');
  if (end)
    end[end == folder] = 0;
  fd = open(end ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return errno == EACCES ? 0 : errno; /* it may be written, not read */
  err = sync_file(fd);
  close(fd);
  return err;
}

/* link refuses a name that is taken, rename takes it. */
static int take_place(struct kam_target *t)
{
  if (t->mode == KAM_TARGET_NEW) {
    if (link(t->temp, t->place))
      return errno;
    unlink(t->temp);
  } else if (rename(t->temp, t->place)) {
    return errno;
  }
  t->temp[0] = 0;
  return 0;
}

int kam_target_finish(struct kam_target *t)
{
  int err = t->atomic || t->sync ? sync_file(t->fd) : 0;
  if (!err)
    err = close_file(t);
  if (!err && t->atomic)
    err = take_place(t);
  if (!err && (t->atomic || t->sync))
    err = sync_folder(t);
  return err;
}

void kam_target_abandon(struct kam_target *t)
{
  if (t->fd >= 0)
    close_file(t);
  if (t->temp[0])
    unlink(t->temp);
  t->temp[0] = 0;
}
