/* worker: work that blocks, on a thread of libuv's pool.
 *
 * A job belongs to the component that starts it and lies in its struct. work
 * runs on a worker and may touch only the job and what it points to; done runs
 * on the loop's thread. Until then the component's struct lives, even if the
 * component has ended. On the virtual clock work runs at once, in order. */
#ifndef KAM_WORKER_H
#define KAM_WORKER_H

#include "core/loop.h"

struct kam_job {
  uv_work_t req;
  struct kam_component *component;
  void (*work)(struct kam_job *job);
  void (*done)(struct kam_job *job);
  bool busy; /* from start to done; loop's thread only */
};

/* Starts work; c is woken after done. The job must not be busy. 0, KAM_EIO. */
int kam_job_start(struct kam_component *c, struct kam_job *job);

#endif
