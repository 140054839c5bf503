/* line_screen: the terminal while a line is edited on it.
 *
 * What anybody writes to the standard output or error meanwhile goes into a
 * file without a name, and from there above the line:
 *
 *     print, ConsoleEchoer … ──> fd 1, 2 ──> file ──kam_line_screen_show──> tty
 *                                             the edited line ─────────────>
 *
 * One process has one terminal, so there is at most one that is taken. However
 * the process ends, but by SIGKILL, the terminal gets its mode back and what
 * was written is seen. */
#ifndef KAM_LINE_SCREEN_H
#define KAM_LINE_SCREEN_H

#include <histedit.h>

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include <termios.h>

struct kam_line_screen {
  EditLine *el; /* draws the line; borrowed */
  FILE *out;    /* the terminal; a copy of the standard output */
  int own[3];   /* copies of the descriptors 1 and 2, by number; -1: left */
  int file;     /* what is written meanwhile */
  off_t shown;  /* bytes of it seen */
  bool taken;
  bool plain; /* a terminal that knows no cursor */
  struct termios mode;
};

/* Opens it, without taking it: 0, or -1 and errno. */
int kam_line_screen_open(struct kam_line_screen *s);
void kam_line_screen_close(struct kam_line_screen *s);

/* From here on what is written is caught, until give. */
void kam_line_screen_take(struct kam_line_screen *s);
void kam_line_screen_give(struct kam_line_screen *s);

/* Shows what was caught. prompt: what stands before the edited line. */
void kam_line_screen_show(struct kam_line_screen *s, const char *prompt);

/* Takes the edited line off the screen, or draws it again. */
void kam_line_screen_hide(struct kam_line_screen *s, const char *prompt);
void kam_line_screen_draw(struct kam_line_screen *s);

/* Shows a text above the edited line. */
void kam_line_screen_above(struct kam_line_screen *s, const char *prompt,
                           const char *text, size_t len);

/* Brings the cursor to the start of a row, below what was written last. */
void kam_line_screen_fresh(struct kam_line_screen *s);

/* Columns of the terminal. */
int kam_line_screen_columns(const struct kam_line_screen *s);

#endif
