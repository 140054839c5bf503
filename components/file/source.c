/* source: blocks, the worker that fills and cuts them, and polling. */
#include "components/file/source.h"

#include "components/file/trouble.h"
#include "core/alarm.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  BLOCK = 65536,         /* bytes in a block of lines */
  CUTS = BLOCK / 64 - 1, /* slices in a block: as much memory again */
  MOST_CUTS = 16 * (CUTS + 1) - 1,
  CHUNKS = 1 << 20, /* bytes in a block of chunks */
  EXTENT = 4 << 20  /* bytes in a part that is sent unread */
};

#define FOLLOW_NS 100000000u /* between two looks at a file that may grow */

/* --- on the worker --- */

static void trouble(struct kam_source *s, enum kam_source_trouble what, int err)
{
  s->trouble = what;
  s->err = err;
}

static void seek(struct kam_source *s, const struct stat *st)
{
  off_t at = s->from < 0 ? st->st_size + s->from : s->from;
  if (lseek(s->fd, at < 0 ? 0 : at, SEEK_SET) < 0)
    trouble(s, KAM_SOURCE_SEEK, errno);
  s->at = at < 0 ? 0 : at;
}

static void open_file(struct kam_source *s)
{
  struct stat st;
  s->fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (s->fd < 0 || fstat(s->fd, &st) < 0)
    trouble(s, KAM_SOURCE_OPEN, errno);
  else if (S_ISDIR(st.st_mode))
    trouble(s, KAM_SOURCE_OPEN, EISDIR);
  else if (s->from != 0)
    seek(s, &st);
  s->polls = s->fd >= 0 && !S_ISREG(st.st_mode);
  s->size = s->fd >= 0 ? st.st_size : 0;
}

/* A file that is followed and has become shorter begins anew. */
static void look_for_cut(struct kam_source *s)
{
  struct stat st;
  if (fstat(s->fd, &st) == 0 && st.st_size < s->at) {
    lseek(s->fd, 0, SEEK_SET);
    s->at = 0;
  }
}

/* Reads into the block until it is full, or once if it is no plain file. */
static void read_block(struct kam_source *s)
{
  size_t room = s->next->len - s->filled;
  ssize_t n = 1;
  if (s->left < (int64_t)room)
    room = (size_t)s->left;
  while (room && n > 0) {
    n = read(s->fd, s->next->data + s->filled, room);
    if (n < 0 && errno == EINTR) {
      n = 1;
      continue;
    }
    if (n < 0 && errno != EAGAIN)
      trouble(s, KAM_SOURCE_READ, errno);
    if (n > 0) {
      s->filled += (size_t)n;
      s->left -= n;
      s->at += n;
      room -= (size_t)n;
    }
    if (s->polls)
      break;
  }
  s->eof = n == 0 || s->left == 0;
}

static void cut_chunks(struct kam_source *s)
{
  while (s->cut < s->filled && s->n < s->next->cuts) {
    size_t rest = s->filled - s->cut, len = rest < s->chunk ? rest : s->chunk;
    kam_bytes_cut(s->next, s->n++, s->cut, len);
    s->cut += len;
  }
}

/* One line of n bytes, and an end of that many. */
static bool cut_line(struct kam_source *s, size_t len, size_t end)
{
  size_t at = s->cut;
  if (s->crlf && end && len && s->next->data[at + len - 1] == '\r') {
    len--;
    end++;
  }
  if (len > s->limit) {
    trouble(s, KAM_SOURCE_LONG, 0);
    return false;
  }
  kam_bytes_cut(s->next, s->n++, at, len);
  s->cut += len + end;
  s->number++;
  return true;
}

static void cut_lines(struct kam_source *s)
{
  const unsigned char *data = s->next->data, *end;
  while (s->n < s->next->cuts && s->cut < s->filled) {
    end = memchr(data + s->cut, '\n', s->filled - s->cut);
    if (end) {
      if (!cut_line(s, (size_t)(end - data) - s->cut, 1))
        return;
    } else if (s->eof && !s->follow) {
      cut_line(s, s->filled - s->cut, 0);
      return;
    } else {
      if (s->filled - s->cut > s->limit + 1)
        trouble(s, KAM_SOURCE_LONG, 0);
      return;
    }
  }
}

static void fill(struct kam_source *s)
{
  s->filled = s->carried;
  s->cut = s->n = 0;
  if (s->carried)
    memcpy(s->next->data, s->carry->data + s->carry_at, s->carried);
  if (s->follow && s->eof && !s->polls)
    look_for_cut(s);
  if (!s->eof || s->follow)
    read_block(s);
  if (s->lines)
    cut_lines(s);
  else
    cut_chunks(s);
  s->full = true;
}

static void work(struct kam_job *job)
{
  struct kam_source *s = (struct kam_source *)job;
  if (s->fd < 0)
    open_file(s);
  if (s->trouble == KAM_SOURCE_FINE && !s->polls)
    fill(s);
}

/* --- on the loop --- */

static void drop(struct kam_bytes **b)
{
  if (*b)
    kam_bytes_unref(*b);
  *b = NULL;
}

static void give_back(struct kam_source *s)
{
  drop(&s->now);
  drop(&s->next);
  drop(&s->carry);
  if (s->file)
    kam_open_file_unref(s->file);
  s->file = NULL;
  if (s->fd >= 0)
    close(s->fd);
  s->fd = -1;
}

static void done(struct kam_job *job)
{
  struct kam_source *s = (struct kam_source *)job;
  drop(&s->carry);
  if (s->c->state == KAM_ENDED)
    give_back(s);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
  struct kam_source *s = poll->data;
  (void)status;
  (void)events;
  uv_poll_stop(poll);
  s->waits = false;
  s->readable = true;
  kam_party_wake(&s->c->party);
  kam_component_unhold(s->c);
}

static void on_closed(uv_handle_t *handle)
{
  struct kam_source *s = handle->data;
  give_back(s);
  kam_component_unhold(s->c);
}

/* A block for the next read, which begins with what was left of the last. */
static int new_block(struct kam_source *s)
{
  size_t size = BLOCK, n = s->cuts;
  if (!s->lines) {
    n = s->chunk < CHUNKS ? CHUNKS / s->chunk : 1;
    if (n > MOST_CUTS)
      n = MOST_CUTS;
    if (!s->eager)
      n = 1;
    size = n * s->chunk;
  }
  while (s->lines && size < 2 * s->carried)
    size *= 2;
  s->next = kam_bytes_new_cut(kam_mem_of(s->c), size, n);
  return s->next ? 0 : KAM_ENOMEM;
}

/* What a file cannot be polled for, such as /dev/zero, is read by a worker. */
static void open_poll(struct kam_source *s)
{
  if (uv_poll_init(kam_uv(s->c), &s->poll, s->fd)) {
    s->polls = false;
    return;
  }
  s->poll.data = s;
  s->has_poll = true;
}

static int start_poll(struct kam_source *s)
{
  if (uv_poll_start(&s->poll, UV_READABLE, on_readable))
    return KAM_EIO;
  s->waits = true;
  kam_component_hold(s->c);
  return 0;
}

/* Has the next block read, or reads it itself if that cannot block. */
static int start(struct kam_source *s)
{
  if (s->polls && s->fd >= 0 && !s->has_poll)
    open_poll(s);
  if (s->polls && !s->readable)
    return start_poll(s);
  if (!s->next && new_block(s))
    return KAM_ENOMEM;
  if (!s->polls)
    return kam_job_start(s->c, &s->job);
  s->readable = false;
  fill(s);
  drop(&s->carry);
  return 0;
}

/* The block that was filled becomes the one that is sent. */
static void advance(struct kam_source *s)
{
  drop(&s->now);
  s->now = s->next;
  s->next = NULL;
  s->full = false;
  s->sent = 0;
  s->ready = s->n;
  s->carried = s->filled - s->cut;
  s->carry_at = s->cut;
  if (s->carried) {
    s->carry = s->now;
    kam_bytes_keep(s->now, 1);
  }
  if (s->n == s->cuts && s->cuts < MOST_CUTS)
    s->cuts = 4 * (s->cuts + 1) - 1;
}

static bool is_over(const struct kam_source *s)
{
  return s->trouble != KAM_SOURCE_FINE ||
         (s->eof && s->carried == 0 && !s->follow);
}

/* Nothing came of a file that is followed: a look a little later. */
static int sleep_on(struct kam_source *s)
{
  s->sleeps = true;
  return kam_alarm_after(s->c, FOLLOW_NS) ? KAM_ENOMEM : KAM_SOURCE_WAIT;
}

static int fail(struct kam_source *s)
{
  char text[160];
  switch (s->trouble) {
  case KAM_SOURCE_LONG:
    snprintf(text, sizeof text,
             "line %llu of it is longer than %zu bytes (option limit)",
             (unsigned long long)s->number + 1, s->limit);
    return kam_file_fail(s->c, "E0632", "cannot read", s->path, text);
  case KAM_SOURCE_SEEK:
    snprintf(text, sizeof text, "it cannot be read from byte %lld on (%s)",
             (long long)s->from, strerror(s->err));
    return kam_file_fail(s->c, "E0630", "cannot read", s->path, text);
  case KAM_SOURCE_FINE:
  case KAM_SOURCE_OPEN:
  case KAM_SOURCE_READ:
    break;
  }
  return kam_file_fail(s->c, "E0630", "cannot read", s->path, strerror(s->err));
}

void kam_source_open(struct kam_source *s, struct kam_component *c)
{
  s->c = c;
  s->fd = -1;
  s->cuts = CUTS;
  s->job.work = work;
  s->job.done = done;
}

/* Does the worker, the poll or the clock have to come first? */
static bool must_wait(const struct kam_source *s)
{
  return s->job.busy || s->waits || (s->sleeps && !kam_alarm_rang(s->c));
}

/* Is the next that can be sent a part of the file that nobody has read? */
static bool has_extent(const struct kam_source *s)
{
  return s->extents && s->fd >= 0 && !s->polls && !s->job.busy && !s->full &&
         s->trouble == KAM_SOURCE_FINE && s->left > 0 && s->at < s->size &&
         kam_reaches_copier(s->c, KAM_OUTBOX);
}

static int take_extent(struct kam_source *s, struct kam_msg *m)
{
  int64_t len = s->size - s->at < EXTENT ? s->size - s->at : EXTENT;
  int fd = s->file ? -1 : fcntl(s->fd, F_DUPFD_CLOEXEC, 0);
  int err;
  len = len < s->left ? len : s->left;
  if (!s->file && fd < 0) {
    trouble(s, KAM_SOURCE_READ, errno);
    return fail(s);
  }
  if (!s->file && !(s->file = kam_open_file_new(kam_mem_of(s->c), fd))) {
    close(fd);
    return KAM_ENOMEM;
  }
  err = kam_extent_msg(s->file, s->at, (size_t)len, m);
  if (err)
    return err;
  s->at += len;
  s->left -= len;
  s->eof = s->left == 0;
  lseek(s->fd, s->at, SEEK_SET);
  return KAM_SOURCE_READY;
}

/* Nothing of the block that is sent is left: on to the next one. A
 * kam_source_step that says READY if there may be something in it now. */
static int go_on(struct kam_source *s)
{
  if (must_wait(s))
    return KAM_SOURCE_WAIT;
  if (s->full) {
    advance(s);
    if (s->eager && !s->polls && !s->follow && !is_over(s) && !has_extent(s) &&
        start(s))
      return KAM_EIO;
    return KAM_SOURCE_READY;
  }
  if (is_over(s))
    return s->trouble ? fail(s) : KAM_SOURCE_OVER;
  if (s->follow && s->eof && !s->sleeps && !s->polls)
    return sleep_on(s);
  s->sleeps = false;
  return start(s) ? KAM_EIO : KAM_SOURCE_READY;
}

int kam_source_take(struct kam_source *s, struct kam_msg *m)
{
  int r;
  while (!s->now || s->sent == s->ready) {
    if (has_extent(s))
      return take_extent(s, m);
    r = go_on(s);
    if (r != KAM_SOURCE_READY)
      return r;
  }
  kam_bytes_keep(s->now, 1);
  *m = kam_msg_bytes(kam_bytes_place(s->now, s->sent++));
  if (s->lines)
    m->kind |= KAM_LINE;
  return KAM_SOURCE_READY;
}

int kam_source_send(struct kam_source *s, struct kam_msg m)
{
  return kam_outbox_send(&s->c->party.out[KAM_OUTBOX], m);
}

void kam_source_close(struct kam_source *s)
{
  if (s->job.busy) /* its worker still reads into it */
    return;
  if (!s->has_poll) {
    give_back(s);
    return;
  }
  kam_component_hold(s->c);
  if (s->waits)
    kam_component_unhold(s->c);
  uv_close((uv_handle_t *)&s->poll, on_closed);
}
