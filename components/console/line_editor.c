/* LineEditor: lines typed on a terminal, edited with libedit.
 *
 * libedit is asked for one key at a time (its unbuffered mode), when there is a
 * whole one, so that nothing here ever waits for a person. */
#include "components/console/line_history.h"
#include "components/console/line_key.h"
#include "components/console/line_screen.h"
#include "core/alarm.h"
#include "core/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { IN_COMPLETIONS = KAM_IN_EXTRA, IN_PROMPT };
enum { OUT_COMPLETE = KAM_OUT_EXTRA };
enum { INPUT = 0, BATCH = 256, LISTED = 100 };

#define ANSWER_NS 500000000u /* that a completion may take */

/* What a key has done to the line. */
enum outcome { EDITED, GIVEN_UP, AT_END, STOPPED, ASKED };

enum { POLL, PREPARE, WINCH, TSTP, CONT, HANDLES };

struct line_editor {
  struct kam_component comp; /* must be first */
  char *prompt, *history;    /* options */
  int64_t remember;          /* option */
  bool asked;                /* option */
  EditLine *el;
  struct kam_line_history lines;
  struct kam_line_screen screen;
  struct kam_line_key key;
  char *now; /* the prompt of the line that is edited; now_size bytes */
  size_t now_size;
  char *question; /* what stood before the cursor when TAB was pressed */
  enum outcome outcome;
  int input;   /* a copy of the input for libedit, or 0 */
  int columns; /* of the terminal, as the line was drawn */
  bool editing, waits, over;
  union {
    uv_handle_t any;
    uv_poll_t poll;
    uv_prepare_t prepare;
    uv_signal_t signal;
  } handles[HANDLES];
  bool opened[HANDLES];
};

/* --- what libedit calls --- */

static struct line_editor *editor_of(EditLine *el)
{
  void *data = NULL;
  el_get(el, EL_CLIENTDATA, &data);
  return data;
}

static char *prompt_of(EditLine *el)
{
  return editor_of(el)->now;
}

static int next_char(EditLine *el, wchar_t *c)
{
  *c = kam_line_key_next(&editor_of(el)->key);
  return 1;
}

static unsigned char give_up(EditLine *el, int c)
{
  (void)c;
  editor_of(el)->outcome = GIVEN_UP;
  return CC_NORM;
}

/* ^D: the end, but on a line that has begun the next character goes. */
static unsigned char end_or_delete(EditLine *el, int c)
{
  const LineInfo *l = el_line(el);
  (void)c;
  if (l->lastchar == l->buffer) {
    editor_of(el)->outcome = AT_END;
    return CC_NORM;
  }
  if (l->cursor == l->lastchar)
    return CC_ERROR;
  el_cursor(el, 1);
  el_deletestr(el, 1);
  return CC_REFRESH;
}

static unsigned char stop(EditLine *el, int c)
{
  (void)c;
  editor_of(el)->outcome = STOPPED;
  return CC_NORM;
}

static unsigned char complete(EditLine *el, int c)
{
  (void)c;
  editor_of(el)->outcome = ASKED;
  return CC_NORM;
}

/* --- opening and closing --- */

/* In wide characters: libedit makes copies of others, and loses them. */
static const struct {
  const wchar_t *name, *doc;
  unsigned char (*fn)(EditLine *el, int c);
  const wchar_t *key;
} functions[] = {
    {L"kam-give-up", L"gives the line up", give_up, L"^C"},
    {L"kam-end", L"ends, or deletes", end_or_delete, L"^D"},
    {L"kam-stop", L"stops the process", stop, L"^Z"},
    {L"kam-complete", L"completes a word", complete, L"^I"},
    {NULL, NULL, NULL, NULL},
};

/* Beside libedit's own; none of them reads further keys by itself. */
static const char *const keys[][2] = {
    {"^R", "ed-search-prev-history"},
    {"^S", "ed-search-next-history"},
    {"^[x", "ed-unassigned"},
    {"^[X", "ed-unassigned"},
    {"^[[3~", "ed-delete-next-char"},
    {"^[[1~", "ed-move-to-beg"},
    {"^[[4~", "ed-move-to-end"},
    {"^[[H", "ed-move-to-beg"},
    {"^[[F", "ed-move-to-end"},
    {"^[OH", "ed-move-to-beg"},
    {"^[OF", "ed-move-to-end"},
    {"^[[A", "ed-prev-history"},
    {"^[[B", "ed-next-history"},
    {"^[[C", "ed-next-char"},
    {"^[[D", "ed-prev-char"},
    {"^[OA", "ed-prev-history"},
    {"^[OB", "ed-next-history"},
    {"^[OC", "ed-next-char"},
    {"^[OD", "ed-prev-char"},
    {"^[[1;5C", "em-next-word"},
    {"^[[1;5D", "ed-prev-word"},
    {"^W", "ed-delete-prev-word"},
    {"^U", "vi-kill-line-prev"},
    {"^?", "ed-delete-prev-char"},
    {NULL, NULL},
};

static void set_up(struct line_editor *e)
{
  int i;
  el_set(e->el, EL_CLIENTDATA, e);
  el_set(e->el, EL_PROMPT, prompt_of);
  el_set(e->el, EL_EDITOR, "emacs");
  el_set(e->el, EL_GETCFN, next_char);
  el_set(e->el, EL_HIST, history, e->lines.list);
  for (i = 0; functions[i].name; i++) {
    el_wset(e->el, EL_ADDFN, functions[i].name, functions[i].doc,
            functions[i].fn);
    el_wset(e->el, EL_BIND, functions[i].key, functions[i].name, NULL);
  }
  for (i = 0; keys[i][0]; i++)
    el_set(e->el, EL_BIND, keys[i][0], keys[i][1], NULL);
  /* ^C, ^Z and ^\ are keys like any other, and nothing stops the output. */
  el_set(e->el, EL_SETTY, "-d", "-isig", NULL);
  el_set(e->el, EL_SETTY, "-d", "-ixon", NULL);
  /* What is typed ahead may be read by somebody who wants whole lines. */
  el_set(e->el, EL_SETTY, "-d", "+icrnl", NULL);
}

static void hide(struct line_editor *e)
{
  kam_line_screen_hide(&e->screen, e->now);
}

static void on_prepare(uv_prepare_t *handle)
{
  struct line_editor *e = handle->data;
  kam_line_screen_show(&e->screen, e->now);
}

static void on_readable(uv_poll_t *handle, int status, int events)
{
  struct line_editor *e = handle->data;
  (void)status;
  (void)events;
  uv_poll_stop(handle);
  e->waits = false;
  kam_party_wake(&e->comp.party);
  kam_component_unhold(&e->comp);
}

/* The process is about to be stopped, by a key or by another process. */
static void suspend(struct line_editor *e)
{
  if (e->editing) {
    hide(e);
    fflush(e->screen.out);
    el_set(e->el, EL_PREP_TERM, 0);
    kam_line_screen_give(&e->screen);
  }
  raise(SIGSTOP);
  if (!e->editing)
    return;
  kam_line_screen_take(&e->screen);
  el_set(e->el, EL_PREP_TERM, 1);
  el_resize(e->el);
  kam_line_screen_draw(&e->screen);
}

/* The window has another size, and the terminal has laid out the line anew. */
static void resize(struct line_editor *e)
{
  hide(e);
  el_resize(e->el);
  e->columns = kam_line_screen_columns(&e->screen);
  kam_line_screen_draw(&e->screen);
}

static void on_signal(uv_signal_t *handle, int signal)
{
  struct line_editor *e = handle->data;
  if (signal == SIGTSTP) {
    suspend(e);
  } else if (e->editing) {
    if (signal == SIGCONT) /* after a stop that nobody could see come */
      el_set(e->el, EL_PREP_TERM, 1);
    resize(e);
  }
}

static int open_handles(struct line_editor *e)
{
  static const int signals[HANDLES] = {
      [WINCH] = SIGWINCH, [TSTP] = SIGTSTP, [CONT] = SIGCONT};
  uv_loop_t *uv = kam_uv(&e->comp);
  int flags = fcntl(INPUT, F_GETFL), i;
  e->opened[POLL] = uv_poll_init(uv, &e->handles[POLL].poll, INPUT) == 0;
  fcntl(INPUT, F_SETFL, flags); /* the terminal is the shell's as well */
  if (!e->opened[POLL])
    return KAM_EIO;
  e->opened[PREPARE] = uv_prepare_init(uv, &e->handles[PREPARE].prepare) == 0;
  for (i = WINCH; i < HANDLES; i++) {
    e->opened[i] = uv_signal_init(uv, &e->handles[i].signal) == 0;
    if (e->opened[i] &&
        uv_signal_start(&e->handles[i].signal, on_signal, signals[i]))
      return KAM_EIO;
  }
  for (i = 0; i < HANDLES; i++)
    e->handles[i].any.data = e;
  uv_prepare_start(&e->handles[PREPARE].prepare, on_prepare);
  return 0;
}

static int cannot(struct line_editor *e, const char *what)
{
  char text[128];
  snprintf(text, sizeof text, "%s: %s", what, strerror(errno));
  kam_component_fail(&e->comp, text);
  return KAM_EIO;
}

static int line_editor_open(struct kam_component *c)
{
  struct line_editor *e = (struct line_editor *)c;
  const char *path = e->history ? e->history : "";
  if (!isatty(INPUT) || !isatty(STDOUT_FILENO)) {
    kam_component_fail(c, "the standard input and output are no terminal");
    return KAM_EIO;
  }
  setlocale(LC_CTYPE, "C.UTF-8"); /* what terminals write */
  if (kam_line_screen_open(&e->screen))
    return cannot(e, "cannot use the terminal");
  if (kam_line_history_open(&e->lines, path, (int)e->remember)) {
    if (!e->lines.list)
      return KAM_ENOMEM;
    fprintf(stderr, "%s: lines are not kept: %s\n", path, strerror(errno));
  }
  e->input = fcntl(INPUT, F_DUPFD_CLOEXEC, 3);
  e->el = el_init_fd("kam", stdin, e->screen.out, e->screen.out, e->input,
                     fileno(e->screen.out), fileno(e->screen.out));
  if (!e->el)
    return cannot(e, "cannot edit on this terminal");
  e->screen.el = e->el;
  set_up(e);
  return open_handles(e);
}

/* --- a line from its beginning to its end --- */

static int set_prompt(struct line_editor *e, const char *text, size_t len)
{
  char *now =
      kam_mem_realloc(kam_mem_of(&e->comp), e->now, e->now_size, len + 1);
  if (!now)
    return KAM_ENOMEM;
  memcpy(now, text, len);
  now[len] = 0;
  e->now = now;
  e->now_size = len + 1;
  return 0;
}

static int begin(struct line_editor *e, const char *prompt, size_t len)
{
  int err = set_prompt(e, prompt, len);
  if (err)
    return err;
  kam_line_screen_fresh(&e->screen);
  kam_line_screen_take(&e->screen);
  el_resize(e->el);
  e->columns = kam_line_screen_columns(&e->screen);
  el_set(e->el, EL_UNBUFFERED, 1);
  fflush(e->screen.out);
  e->editing = true;
  e->key.n = 0;
  return 0;
}

/* Leaves the line on the screen, with a mark behind it, and the cursor below.
 */
static void finish(struct line_editor *e, const char *mark)
{
  const LineInfo *l = el_line(e->el);
  kam_line_screen_show(&e->screen, e->now);
  if (mark) {
    el_cursor(e->el, (int)(l->lastchar - l->cursor));
    kam_line_screen_hide(&e->screen, e->now);
    kam_line_screen_draw(&e->screen);
    fprintf(e->screen.out, "%s\r\n", mark);
  }
  e->editing = false;
  el_set(e->el, EL_UNBUFFERED, 0);
  fflush(e->screen.out);
  kam_line_screen_give(&e->screen);
  kam_alarm_clear(&e->comp);
  free(e->question);
  e->question = NULL;
}

static int send_text(struct line_editor *e, unsigned out, const char *s,
                     size_t n)
{
  struct kam_bytes *b = kam_bytes_copy(kam_mem_of(&e->comp), s, n);
  struct kam_msg m;
  if (!b)
    return KAM_ENOMEM;
  m = kam_msg_bytes(b);
  m.kind |= KAM_LINE;
  return kam_send(&e->comp, out, m);
}

/* line ends with its newline, and is libedit's until the line is finished. */
static int entered(struct line_editor *e, const char *line, size_t n)
{
  char *copy = strndup(line, n - 1);
  int r;
  if (!copy)
    return KAM_ENOMEM;
  finish(e, NULL);
  kam_line_history_add(&e->lines, copy);
  r = send_text(e, KAM_OUTBOX, copy, n - 1);
  free(copy);
  return r;
}

/* Asks what may stand where the cursor is. */
static int ask(struct line_editor *e)
{
  const LineInfo *l = el_line(e->el);
  size_t n = (size_t)(l->cursor - l->buffer);
  if (!e->comp.party.out[OUT_COMPLETE].port.to)
    return 0;
  free(e->question);
  e->question = strndup(l->buffer, n);
  if (!e->question || kam_alarm_after(&e->comp, ANSWER_NS))
    return KAM_ENOMEM;
  return send_text(e, OUT_COMPLETE, e->question, n);
}

/* The editor reads one key: KAM_DONE at the end of the input, or 0, KAM_WAIT or
 * an error. */
static int press(struct line_editor *e)
{
  const char *line;
  int n = 0;
  e->outcome = EDITED;
  if (e->columns != kam_line_screen_columns(&e->screen))
    resize(e); /* its signal comes later */
  line = el_gets(e->el, &n);
  e->key.n = e->key.at = 0;
  fflush(e->screen.out);
  switch (e->outcome) {
  case EDITED:
    if (line && n > 0 && line[n - 1] == '\n')
      return entered(e, line, (size_t)n);
    return 0;
  case GIVEN_UP:
    finish(e, "^C");
    return kam_send(&e->comp, KAM_OUTBOX, kam_msg_bool(false));
  case AT_END:
    finish(e, "");
    e->over = true;
    return 0;
  case STOPPED:
    suspend(e);
    return 0;
  case ASKED:
    return ask(e);
  }
  return 0;
}

/* Reads what was typed, a byte at a time: what follows the line is for who
 * reads next, which may be somebody else. */
static int read_keys(struct line_editor *e)
{
  struct pollfd p = {.fd = INPUT, .events = POLLIN};
  int i, r = 0;
  for (i = 0; i < BATCH && e->editing && !e->question && r == 0; i++) {
    unsigned char c;
    ssize_t n;
    if (poll(&p, 1, 0) <= 0)
      return 0;
    n = read(INPUT, &c, 1);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
      return 0;
    if (n <= 0) { /* the terminal is gone */
      finish(e, "");
      e->over = true;
      return 0;
    }
    if (kam_line_key_add(&e->key, c) == KAM_KEY_WHOLE)
      r = press(e);
  }
  return r;
}

/* --- what comes in the inboxes --- */

struct words {
  const char *first; /* the second line of the text */
  size_t count;
  size_t longest; /* bytes of the longest one */
  size_t common;  /* bytes that all begin with */
};

static struct words look_at(const char *text)
{
  struct words w = {.first = strchr(text, '\n')};
  const char *at, *end;
  if (!w.first)
    return w;
  w.first++;
  for (at = w.first; *at; at = *end ? end + 1 : end) {
    size_t n = strcspn(at, "\n"), i;
    end = at + n;
    if (w.count++ == 0)
      w.common = n;
    for (i = 0; i < n && i < w.common && at[i] == w.first[i]; i++)
      ;
    w.common = i;
    if (n > w.longest)
      w.longest = n;
  }
  return w;
}

/* The words in columns, above the line. */
static void list_words(struct line_editor *e, const struct words *w)
{
  int columns = kam_line_screen_columns(&e->screen);
  size_t in_row = (size_t)columns / (w->longest + 2), i;
  const char *at = w->first;
  FILE *out = e->screen.out;
  if (in_row == 0)
    in_row = 1;
  kam_line_screen_hide(&e->screen, e->now);
  for (i = 0; i < w->count && i < LISTED; i++) {
    size_t n = strcspn(at, "\n");
    bool last = (i + 1) % in_row == 0 || i + 1 == w->count || i + 1 == LISTED;
    fprintf(out, "%.*s", (int)n, at);
    fprintf(out, "%*s", last ? 0 : (int)(w->longest + 2 - n), "");
    if (last)
      fputs("\r\n", out);
    at += n + 1;
  }
  if (i < w->count)
    fprintf(out, "and %zu more\r\n", w->count - i);
  kam_line_screen_draw(&e->screen);
}

/* Sets in what all the words of an answer begin with, or lists them. */
static void set_in(struct line_editor *e, const char *text)
{
  struct words w = look_at(text);
  size_t typed = strcspn(text, "\n");
  char *more;
  if (w.count == 0 || w.common < typed)
    return;
  if (w.count > 1 && w.common == typed) {
    list_words(e, &w);
    return;
  }
  more = strndup(w.first + typed, w.common - typed);
  if (!more)
    return;
  hide(e);
  el_insertstr(e->el, more);
  free(more);
  kam_line_screen_draw(&e->screen);
}

/* The bytes of m with a zero behind them; the caller frees them. NULL: m is no
 * text, or there is no memory. */
static char *text_of(struct line_editor *e, struct kam_msg m, size_t *len)
{
  const struct kam_host *host = &e->comp.party.world->host;
  const char *s = kam_msg_view(host, m, len);
  char *text;
  if (s)
    return strndup(s, *len);
  *len = kam_msg_text(host, m, true, NULL, 0);
  text = malloc(*len + 1);
  if (text)
    kam_msg_text(host, m, true, text, *len + 1);
  return text;
}

static int answered(struct line_editor *e, struct kam_msg m)
{
  const LineInfo *l = el_line(e->el);
  size_t n = (size_t)(l->cursor - l->buffer), len;
  char *text = text_of(e, m, &len);
  /* It may come too late, for a line that is another one by now. */
  if (text && e->editing && e->question && strlen(e->question) == n &&
      memcmp(e->question, l->buffer, n) == 0)
    set_in(e, text);
  free(text);
  free(e->question);
  e->question = NULL;
  kam_alarm_clear(&e->comp);
  return 0;
}

static int show(struct line_editor *e, struct kam_msg m)
{
  size_t len;
  char *text = text_of(e, m, &len);
  if (!text)
    return KAM_ENOMEM;
  if (e->editing) {
    kam_line_screen_above(&e->screen, e->now, text, len);
  } else {
    fwrite(text, 1, len, stdout);
    fputc('\n', stdout);
    fflush(stdout);
  }
  free(text);
  return 0;
}

static int new_prompt(struct line_editor *e, struct kam_msg m)
{
  size_t len;
  char *text = text_of(e, m, &len);
  int err = text ? begin(e, text, len) : KAM_ENOMEM;
  free(text);
  return err;
}

/* Takes one message, if there is one that can be acted on. */
static int take_one(struct line_editor *e, bool *took)
{
  struct kam_component *c = &e->comp;
  struct kam_msg m;
  int err;
  if ((*took = kam_take(c, KAM_INBOX, &m)))
    err = show(e, m);
  else if ((*took = kam_take(c, IN_COMPLETIONS, &m)))
    err = answered(e, m);
  else if (!e->editing && (*took = kam_take(c, IN_PROMPT, &m)))
    err = new_prompt(e, m);
  else
    return 0;
  kam_msg_drop(&c->party.world->host, m);
  return err;
}

static int wait_for_keys(struct line_editor *e)
{
  if (!e->editing || e->waits || e->question)
    return KAM_PAUSE;
  if (uv_poll_start(&e->handles[POLL].poll, UV_READABLE, on_readable))
    return KAM_EIO;
  e->waits = true;
  kam_component_hold(&e->comp);
  return KAM_PAUSE;
}

static int line_editor_step(struct kam_component *c)
{
  struct line_editor *e = (struct line_editor *)c;
  bool took = true;
  int r = 0, i;
  if (e->over || c->party.told)
    return KAM_DONE;
  for (i = 0; i < BATCH && took && r == 0; i++)
    r = take_one(e, &took);
  if (r == 0 && !e->editing && !e->asked)
    r = begin(e, e->prompt, strlen(e->prompt));
  if (e->question && kam_alarm_rang(c)) { /* nobody knows */
    free(e->question);
    e->question = NULL;
  }
  if (r == 0 && e->editing && !e->question)
    r = read_keys(e);
  if (r == KAM_WAIT)
    return KAM_BLOCKED;
  if (r < 0)
    return r;
  if (e->over)
    return KAM_DONE;
  return took || (!e->editing && !e->asked) ? KAM_AGAIN : wait_for_keys(e);
}

static void on_closed(uv_handle_t *handle)
{
  struct line_editor *e = handle->data;
  kam_component_unhold(&e->comp);
}

static void line_editor_close(struct kam_component *c)
{
  struct line_editor *e = (struct line_editor *)c;
  int i;
  if (e->editing)
    finish(e, "");
  /* el_end throws away what was typed ahead, if it can. */
  if (e->input > 0)
    close(e->input);
  if (e->el)
    el_end(e->el);
  kam_line_history_close(&e->lines);
  if (e->screen.out)
    kam_line_screen_close(&e->screen);
  free(e->question);
  kam_mem_free(kam_mem_of(c), e->now, e->now_size);
  if (e->waits)
    kam_component_unhold(c);
  for (i = 0; i < HANDLES; i++) {
    if (!e->opened[i])
      continue;
    kam_component_hold(c);
    uv_close(&e->handles[i].any, on_closed);
  }
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "what is to be shown, above the line"},
    {.name = "completions",
     .doc = "answers: the word that has begun, and what it may become, each "
            "on a line of its own"},
    {.name = "prompt",
     .doc = "with `asked`, the prompt of the next line",
     .open = true},
    {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox",
     .doc = "lines, without their ends; false for one given up with ^C"},
    {.name = "complete",
     .doc = "the line up to the cursor, when TAB is pressed",
     .kinds = KAM_LINE | KAM_BYTES,
     .optional = true},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_TEXT(struct line_editor, prompt, "> ", "what stands before a line"),
    KAM_TEXT(struct line_editor, history, "",
             "the file in which lines are kept; none if it is empty"),
    KAM_INT(struct line_editor, remember, 1000, 1, 100000,
            "how many earlier lines can be had again"),
    KAM_FLAG(struct line_editor, asked, false,
             "reads a line only when a message comes in `prompt`"),
    {0}};

KAM_COMPONENT(line_editor) = {
    .name = "LineEditor",
    .family = "console",
    .summary = "Sends lines that are edited on the terminal.",
    .doc =
        "Arrow keys, ^A, ^E, ^K, ^W and so on edit the line, as in Emacs; ^P "
        "and ^N, or up and down, go through earlier lines, ^R finds the last "
        "that begins like this one. While a line is edited, all that is "
        "written to the terminal, by whomever, appears above it, line by "
        "line. Between lines the terminal is as it was. Without a terminal it "
        "fails; a history that cannot be kept is told.",
    .ends = "At ^D on an empty line, when the terminal is gone, or when told.",
    .example = "kam.Pipeline { kam.LineEditor { prompt = \"you: \" }, "
               "kam.ConsoleEchoer() }:run()\n"
               "--! the standard input and output are no terminal\n"
               "--! exit 1\n",
    .first = "prompt",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct line_editor),
    .open = line_editor_open,
    .step = line_editor_step,
    .close = line_editor_close,
};
