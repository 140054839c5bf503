/* line_history: the lines typed before, in this session and in earlier ones.
 *
 * They are kept in a file that only its owner may read, a line each, the oldest
 * first; sessions that live at the same time add to the same file. */
#ifndef KAM_LINE_HISTORY_H
#define KAM_LINE_HISTORY_H

#include <histedit.h>

#include <stdio.h>

struct kam_line_history {
  History *list;
  FILE *file; /* to add to, or NULL */
};

/* Opens it with the last lines of the file, at most limit of them; path may be
 * "": nothing is kept. 0, or -1 and errno: then it works, but keeps nothing. */
int kam_line_history_open(struct kam_line_history *h, const char *path,
                          int limit);
void kam_line_history_close(struct kam_line_history *h);

/* Adds a line, without its end; one like the last is not added again. */
void kam_line_history_add(struct kam_line_history *h, const char *line);

#endif
