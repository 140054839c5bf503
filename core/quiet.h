/* quiet: what follows when nobody can run.
 *
 * Rings that have lost their last feeder from outside are told to end. If
 * nothing outside is awaited either, services that only others keep waiting are
 * told so; and if something still waits then, the system is stalled. */
#ifndef KAM_QUIET_H
#define KAM_QUIET_H

#include "core/sched.h"

enum kam_quiet {
  KAM_QUIET_MOVED, /* somebody was told something: run on */
  KAM_QUIET_WAITS, /* for time or for something outside */
  KAM_QUIET_OVER,  /* everything activated has ended */
  KAM_QUIET_STALLED
};

/* outside: is something outside awaited that the scheduler knows nothing of? */
enum kam_quiet kam_quiet(struct kam_sched *s, bool outside);

/* Takes a line of the explanation of a stall, without its end. */
typedef void (*kam_line_fn)(void *ctx, const char *line);

/* Says who waits for what, since when, and what would mend it. */
void kam_stall_explain(const struct kam_sched *s, kam_line_fn line, void *ctx);

#endif
