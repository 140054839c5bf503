/* walk: what lies in a folder and below, found piece by piece on a worker.
 *
 *     level 0  src          a.lua  [lib]  z.lua     sorted by name; one list
 *     level 1  src/lib      [x.lua] y.lua           for each folder that is
 *                                                   open, none for the rest
 *
 * A folder is read as a whole, sorted, and closed before what lies in it is
 * looked at: no depth needs more than one file descriptor. All calls but _fini
 * are for one worker at a time. */
#ifndef KAM_FILE_WALK_H
#define KAM_FILE_WALK_H

#include "core/tape.h"

#include <stdint.h>

enum kam_walk_only {
  KAM_WALK_ALL,
  KAM_WALK_FILES,  /* plain ones */
  KAM_WALK_FOLDERS /* also links to them that are followed */
};

struct kam_walk_level; /* one folder */

struct kam_walk {
  /* What is wanted; set before the first kam_walk_on. Texts are borrowed. */
  const char *root;
  const char *pattern; /* of names, as a shell's; "": any */
  enum kam_walk_only only;
  int64_t depth; /* levels; 0: all */
  bool hidden;   /* names with a dot in front too */
  bool follow;   /* links to folders are entered */
  bool details;
  /* What was found: true and a path or a table of details; or false and
   * { path =, error = } of a folder that cannot be read. */
  struct kam_tape tape;
  int err; /* 0 or KAM_ENOMEM */
  bool over;
  /* Its own. */
  struct kam_walk_level *levels;
  size_t n, room;
  char *path; /* of the last level, and what is looked at in it */
  size_t path_len, path_room;
  size_t found; /* by this call */
  bool begun;
};

/* Finds some more; the tape must have been cleared. */
void kam_walk_on(struct kam_walk *w);

void kam_walk_fini(struct kam_walk *w);

#endif
