/* watch: what changes in a folder and below, as the kernel's inotify tells it.
 *
 * Each path that is there has an entry, which knows what the listener was told
 * last: told is that there is such a path. Events only say where to look; what
 * is sent is the difference between what was told and what is there now, so
 * that much that happens to a path is told once, and nothing is told of what
 * came and went. All calls but _init are for one worker at a time. */
#ifndef KAM_FILE_WATCH_H
#define KAM_FILE_WATCH_H

#include "core/tape.h"

#include <stdint.h>

struct kam_watch_entry; /* a path */

/* What stands before each table of the tape. */
enum kam_watch_what {
  KAM_WATCH_TROUBLE, /* { path =, error = }: this is not watched */
  KAM_WATCH_NOTICE,  /* the same, and it has been mended */
  KAM_WATCH_CHANGE   /* { path =, change =, type =, from = } */
};

struct kam_watch {
  /* What is wanted; set before _open. Texts are borrowed. */
  const char *root;
  const char *pattern; /* of names, as a shell's; "": any */
  const char *only;    /* all, files or folders */
  int64_t depth;       /* levels; 0: all */
  bool hidden;         /* names with a dot in front too */
  struct kam_tape tape;
  int fd;    /* -1: not open; readable when there are events */
  int err;   /* 0 or KAM_ENOMEM */
  bool over; /* the folder itself has gone */
  /* Its own. */
  struct kam_watch_entry *entries;         /* all */
  struct kam_watch_entry *pending, **last; /* that may be to tell */
  struct kam_watch_entry *moved;           /* the first half of a move */
  uint32_t cookie;                         /* of that */
  void *by_path, *by_wd;                   /* trees */
  bool rescans;
};

void kam_watch_init(struct kam_watch *w);

/* Watches the folder, and looks at what lies in it: 0 or an errno. */
int kam_watch_open(struct kam_watch *w);

/* Takes in the events that have come. True: there is something to tell. */
bool kam_watch_read(struct kam_watch *w);

/* Writes what there is to tell to the tape. */
void kam_watch_tell(struct kam_watch *w);

/* What an errno says here. */
const char *kam_watch_why(int err);

void kam_watch_fini(struct kam_watch *w);

#endif
