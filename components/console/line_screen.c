/* line_screen: output above a line that is being edited. */
#include "components/console/line_screen.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

enum { SCREEN_BYTES = 16384 }; /* drawn at once, so that nothing flickers */

#define FILE_MOST                                                              \
  (1 << 20) /* bytes seen, from which on the file is emptied                   \
             */

/* What has to be put right when the process ends: handlers get no argument. */
static struct kam_line_screen *volatile open_screen;

static const int deadly[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE,
                             SIGHUP,  SIGQUIT, 0};

/* --- the end of the process --- */

/* Only what a signal handler may call. */
static void give_back(struct kam_line_screen *s)
{
  char part[4096];
  ssize_t n;
  if (!s || !s->taken)
    return;
  s->taken = false;
  tcsetattr(STDIN_FILENO, TCSANOW, &s->mode);
  if (write(s->own[1], "\r\n", 2) < 0)
    return;
  while ((n = pread(s->file, part, sizeof part, s->shown)) > 0) {
    s->shown += n;
    if (write(s->own[1], part, (size_t)n) < 0)
      break;
  }
}

static void on_deadly(int sig)
{
  give_back(open_screen);
  raise(sig); /* its handler is the system's again */
}

static void at_exit(void)
{
  if (!open_screen || !open_screen->taken)
    return;
  fflush(NULL);
  give_back(open_screen);
}

static void catch_end(struct kam_line_screen *s)
{
  static bool registered;
  struct sigaction sa = {.sa_handler = on_deadly}, before;
  int i;
  sa.sa_flags = (int)(SA_RESETHAND | SA_NODEFER);
  sigemptyset(&sa.sa_mask);
  open_screen = s;
  if (!registered)
    registered = atexit(at_exit) == 0;
  for (i = 0; deadly[i]; i++)
    if (sigaction(deadly[i], NULL, &before) == 0 &&
        before.sa_handler == SIG_DFL)
      sigaction(deadly[i], &sa, NULL);
}

static void uncatch_end(void)
{
  struct sigaction before;
  int i;
  open_screen = NULL;
  for (i = 0; deadly[i]; i++)
    if (sigaction(deadly[i], NULL, &before) == 0 &&
        before.sa_handler == on_deadly)
      signal(deadly[i], SIG_DFL);
}

/* --- opening --- */

static int copy_of(int fd)
{
  return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

/* A file without a name, that is written at its end. */
static int open_file(void)
{
  FILE *file = tmpfile();
  int fd = file ? copy_of(fileno(file)) : -1;
  if (file)
    fclose(file);
  if (fd >= 0)
    fcntl(fd, F_SETFL, O_APPEND);
  return fd;
}

/* Is the descriptor the same terminal as the input? */
static bool is_ours(int fd)
{
  struct stat a, b;
  return isatty(fd) && fstat(fd, &a) == 0 && fstat(STDIN_FILENO, &b) == 0 &&
         a.st_rdev == b.st_rdev;
}

int kam_line_screen_open(struct kam_line_screen *s)
{
  const char *term = getenv("TERM");
  int fd, i;
  *s = (struct kam_line_screen){.own = {-1, -1, -1}, .file = -1};
  if (tcgetattr(STDIN_FILENO, &s->mode) || !isatty(STDOUT_FILENO))
    return -1;
  s->plain = !term || !*term || strcmp(term, "dumb") == 0;
  s->file = open_file();
  fd = copy_of(STDOUT_FILENO);
  s->out = fd < 0 ? NULL : fdopen(fd, "w");
  for (i = STDOUT_FILENO; i <= STDERR_FILENO; i++)
    s->own[i] = is_ours(i) ? copy_of(i) : -1;
  if (s->file < 0 || !s->out || s->own[STDOUT_FILENO] < 0) {
    kam_line_screen_close(s);
    return -1;
  }
  setvbuf(s->out, NULL, _IOFBF, SCREEN_BYTES);
  catch_end(s);
  return 0;
}

void kam_line_screen_close(struct kam_line_screen *s)
{
  int i, err = errno;
  kam_line_screen_give(s);
  if (open_screen == s)
    uncatch_end();
  if (s->out)
    fclose(s->out);
  if (s->file >= 0)
    close(s->file);
  for (i = STDOUT_FILENO; i <= STDERR_FILENO; i++)
    if (s->own[i] >= 0)
      close(s->own[i]);
  *s = (struct kam_line_screen){.own = {-1, -1, -1}, .file = -1};
  errno = err;
}

/* --- catching --- */

void kam_line_screen_take(struct kam_line_screen *s)
{
  int i;
  if (s->taken)
    return;
  fflush(stdout);
  tcgetattr(STDIN_FILENO, &s->mode);
  for (i = STDOUT_FILENO; i <= STDERR_FILENO; i++)
    if (s->own[i] >= 0)
      dup2(s->file, i);
  s->taken = true;
}

void kam_line_screen_give(struct kam_line_screen *s)
{
  int i;
  if (!s->taken)
    return;
  fflush(stdout);
  for (i = STDOUT_FILENO; i <= STDERR_FILENO; i++)
    if (s->own[i] >= 0)
      dup2(s->own[i], i);
  s->taken = false;
}

/* --- drawing --- */

int kam_line_screen_columns(const struct kam_line_screen *s)
{
  struct winsize size;
  (void)s;
  if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) || size.ws_col < 2)
    return 80;
  return size.ws_col;
}

/* Columns that n bytes take as the editor draws them, after some others. */
static int width(const char *text, size_t n, int column, int columns)
{
  mbstate_t state = {0};
  while (n) {
    wchar_t c;
    size_t len = mbrtowc(&c, text, n, &state);
    int w = 1;
    if (len == 0 || len > n) { /* no text in this coding */
      len = 1;
      state = (mbstate_t){0};
    } else {
      w = wcwidth(c);
    }
    if (w < 0)
      w = 2; /* ^X */
    if (w == 2 && column % columns == columns - 1)
      column++; /* it does not fit into this row */
    column += w;
    text += len;
    n -= len;
  }
  return column;
}

void kam_line_screen_hide(struct kam_line_screen *s, const char *prompt)
{
  const LineInfo *l = el_line(s->el);
  int columns = kam_line_screen_columns(s), at;
  if (s->plain) {
    fputs("\r\n", s->out);
    return;
  }
  at = width(prompt, strlen(prompt), 0, columns);
  at = width(l->buffer, (size_t)(l->cursor - l->buffer), at, columns);
  fputs("\r", s->out);
  if (at / columns)
    fprintf(s->out, "\033[%dA", at / columns);
  fputs("\033[J", s->out);
}

void kam_line_screen_draw(struct kam_line_screen *s)
{
  fflush(s->out);
  el_set(s->el, EL_REFRESH);
  fflush(s->out);
}

/* The terminal is in the editor's mode: it may not return by itself. */
static void write_text(struct kam_line_screen *s, const char *text, size_t n)
{
  const char *end = text + n, *stop;
  for (; text < end; text = stop + 1) {
    stop = memchr(text, '\n', (size_t)(end - text));
    if (!stop)
      stop = end;
    fwrite(text, 1, (size_t)(stop - text), s->out);
    fputs("\r\n", s->out);
  }
}

void kam_line_screen_above(struct kam_line_screen *s, const char *prompt,
                           const char *text, size_t len)
{
  kam_line_screen_hide(s, prompt);
  write_text(s, text, len);
  kam_line_screen_draw(s);
}

static const char *last_newline(const char *text, size_t n)
{
  while (n && text[n - 1] != '\n')
    n--;
  return n ? text + n - 1 : NULL;
}

void kam_line_screen_show(struct kam_line_screen *s, const char *prompt)
{
  char part[65536];
  struct stat st;
  ssize_t n;
  fflush(stdout);
  if (!s->taken || fstat(s->file, &st) || st.st_size <= s->shown)
    return;
  kam_line_screen_hide(s, prompt);
  while ((n = pread(s->file, part, sizeof part, s->shown)) > 0) {
    const char *last = n == sizeof part ? last_newline(part, (size_t)n) : NULL;
    if (last) /* a line that the end of the part cuts stays whole */
      n = last + 1 - part;
    write_text(s, part, (size_t)n);
    s->shown += n;
  }
  if (s->shown > FILE_MOST && ftruncate(s->file, 0) == 0)
    s->shown = 0;
  kam_line_screen_draw(s);
}

/* Blanks to the end of the row: from its start they stay in it, from anywhere
 * else they lead into the next. */
void kam_line_screen_fresh(struct kam_line_screen *s)
{
  fflush(stdout);
  if (s->plain)
    return;
  fprintf(s->out, "%*s\r", kam_line_screen_columns(s) - 1, "");
  fputs("\033[K", s->out);
  fflush(s->out);
}
