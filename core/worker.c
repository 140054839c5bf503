/* worker: jobs as uv_work_t. */
#include "core/worker.h"

static void work(uv_work_t *req)
{
  struct kam_job *job = req->data;
  job->work(job);
}

static void finish(struct kam_job *job)
{
  struct kam_component *c = job->component;
  job->busy = false;
  job->done(job);
  if (c->state != KAM_ENDED)
    kam_party_wake(&c->party);
}

static void done(uv_work_t *req, int status)
{
  struct kam_job *job = req->data;
  (void)status;
  finish(job);
  kam_component_unhold(job->component);
}

int kam_job_start(struct kam_component *c, struct kam_job *job)
{
  const struct kam_loop *l = (const struct kam_loop *)(void *)c->party.world;
  kam_assert(!job->busy);
  job->component = c;
  job->req.data = job;
  job->busy = true;
  if (l->is_virtual) {
    job->work(job);
    finish(job);
    return 0;
  }
  if (uv_queue_work(kam_uv(c), &job->req, work, done)) {
    job->busy = false;
    return KAM_EIO;
  }
  kam_component_hold(c);
  return 0;
}
