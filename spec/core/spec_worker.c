/* spec_worker: jobs on worker threads and the watchdog's thread: all that runs
 * beside the loop. To be run under the thread sanitizer, too. */
#include "spec/core/invariants.h"

#include <time.h>

enum { WORKERS = 8, JOBS = 200, NAME_MS = 40, STOP_MS = 120 };

struct worker {
  struct kam_component comp; /* must be first */
  struct kam_job job;
  uint64_t left, sum; /* jobs to start; what they have worked out */
  uint64_t in, out;   /* of the job that runs: the loop waits until done */
  int *gate;          /* work waits until it is 1, if there is one */
  int *entered;       /* work counts itself in */
  int *ended;         /* done counts itself in */
  pthread_t thread;   /* that ran the last one */
};

static void work(struct kam_job *job)
{
  struct worker *w = (struct worker *)job->component;
  w->thread = pthread_self();
  if (w->entered)
    __atomic_add_fetch(w->entered, 1, __ATOMIC_SEQ_CST);
  while (w->gate && !__atomic_load_n(w->gate, __ATOMIC_SEQ_CST))
    nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
  w->out = w->in * w->in;
}

static void done(struct kam_job *job)
{
  struct worker *w = (struct worker *)job->component;
  w->sum += w->out;
  if (w->ended)
    ++*w->ended;
}

static int worker_step(struct kam_component *c)
{
  struct worker *w = (struct worker *)c;
  if (w->job.busy)
    return KAM_BLOCKED;
  if (w->left == 0 || c->party.told)
    return kam_send(c, KAM_OUTBOX, kam_msg_int((int64_t)w->sum)) == KAM_WAIT
               ? KAM_BLOCKED
               : KAM_DONE;
  w->in = w->left--;
  w->job.work = work;
  w->job.done = done;
  return kam_job_start(c, &w->job) ? KAM_EIO : KAM_BLOCKED;
}

struct total {
  struct kam_component comp; /* must be first */
  int64_t *sum;
};

static int total_step(struct kam_component *c)
{
  struct kam_msg m;
  while (kam_take(c, KAM_INBOX, &m))
    *((struct total *)c)->sum += m.u.i;
  return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
}

static const struct kam_kind worker_kind = {
    .name = "Worker", .size = sizeof(struct worker), .step = worker_step};
static const struct kam_kind total_kind = {
    .name = "Total", .size = sizeof(struct total), .step = total_step};

static struct kam_runtime *open_runtime(bool is_virtual)
{
  struct kam_runtime *rt;
  check(kam_runtime_new(&rt) == 0);
  rt->loop.is_virtual = is_virtual;
  return rt;
}

static struct worker *start_worker(struct kam_runtime *rt, uint64_t jobs)
{
  struct kam_component *c;
  check(kam_new(rt, &worker_kind, &c) == 0);
  ((struct worker *)c)->left = jobs;
  kam_start(c);
  return (struct worker *)c;
}

/* Several components work at once, and each goes on when its job is done. */
static void jobs_run_and_wake(bool is_virtual)
{
  struct kam_runtime *rt = open_runtime(is_virtual);
  struct kam_component *total;
  int64_t sum = 0, each = 0, i;
  check(kam_new(rt, &total_kind, &total) == 0);
  ((struct total *)total)->sum = &sum;
  kam_start(total);
  for (i = 0; i < WORKERS; i++)
    check(kam_connect(&start_worker(rt, JOBS)->comp, "outbox", total,
                      "inbox") == 0);
  for (i = 1; i <= JOBS; i++)
    each += i * i;
  check(kam_run(rt) == 0);
  check(sum == WORKERS * each);
  check_runtime(kam_registry(rt));
  kam_runtime_free(rt);
}

static void on_the_wall_clock(void)
{
  jobs_run_and_wake(false);
}

static void on_the_virtual_clock(void)
{
  jobs_run_and_wake(true);
}

/* On the virtual clock work has run when start returns, on the same thread. */
static void inline_and_in_order(void)
{
  struct kam_runtime *rt = open_runtime(true);
  struct worker *w = start_worker(rt, 1);
  int gate = 1, entered = 0, ended = 0;
  w->gate = &gate;
  w->entered = &entered;
  w->ended = &ended;
  kam_sched_turn(&rt->loop.sched, 0, 1);
  check(entered == 1 && ended == 1 && pthread_equal(w->thread, pthread_self()));
  check(!w->job.busy && w->comp.party.ready);
  check(kam_registry(rt)->outside == 0);
  check(kam_run(rt) == 0);
  kam_runtime_free(rt);
}

static bool has_entered(void *ctx)
{
  return __atomic_load_n((int *)ctx, __ATOMIC_SEQ_CST) > 0;
}

static bool nothing_outside(void *ctx)
{
  return ((struct kam_registry *)ctx)->outside == 0;
}

static void begin_gated(struct kam_runtime *rt, struct worker *w, int *gate,
                        int *entered, int *ended)
{
  w->gate = gate;
  w->entered = entered;
  w->ended = ended;
  while (!has_entered(entered)) { /* the queue of libuv says nothing of it */
    kam_sched_turn(&rt->loop.sched, kam_loop_now(&rt->loop), 10);
    nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
  }
}

/* Its struct lives on until the worker has given the job back. */
static void ended_while_its_job_runs(void)
{
  struct kam_runtime *rt = open_runtime(false);
  struct worker *w = start_worker(rt, 3);
  struct kam_registry *r = kam_registry(rt);
  int gate = 0, entered = 0, ended = 0;
  begin_gated(rt, w, &gate, &entered, &ended);
  check(w->job.busy && r->outside == 1);
  kam_component_kill(&w->comp);
  check(w->comp.state == KAM_ENDED && r->active == 0 && r->existing == 1);
  check(ended == 0);
  __atomic_store_n(&gate, 1, __ATOMIC_SEQ_CST);
  check(kam_loop_run(&rt->loop, nothing_outside, r) == KAM_RUN_UNTIL);
  check(ended == 1 && entered == 1);
  check(kam_run(rt) == 0);
  check(r->existing == 0);
  kam_runtime_free(rt);
}

static void *open_gate(void *gate)
{
  nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
  __atomic_store_n((int *)gate, 1, __ATOMIC_SEQ_CST);
  return NULL;
}

/* To free the runtime waits for the jobs that still run. */
static void freed_while_jobs_run(void)
{
  struct kam_runtime *rt = open_runtime(false);
  struct worker *w;
  pthread_t opener;
  int gate = 0, entered = 0, ended = 0, i;
  for (i = 0; i < 3; i++) {
    w = start_worker(rt, 1);
    entered = 0;
    begin_gated(rt, w, &gate, &entered, &ended);
  }
  check(pthread_create(&opener, NULL, open_gate, &gate) == 0);
  kam_runtime_free(rt);
  check(ended == 3);
  pthread_join(opener, NULL);
}

/* --- the watchdog --- */

struct overruns {
  int named, stopped;
};

/* Runs in a signal handler, on the loop's thread. */
static void on_overrun(void *ctx, enum kam_overrun what)
{
  struct overruns *o = ctx;
  if (what == KAM_OVERRUN_NAME)
    __atomic_add_fetch(&o->named, 1, __ATOMIC_RELAXED);
  else
    __atomic_add_fetch(&o->stopped, 1, __ATOMIC_RELAXED);
}

/* Computes until it has been stopped so often. */
struct hog {
  struct kam_component comp; /* must be first */
  struct overruns *o;
  bool slept;
};

static int hog_step(struct kam_component *c)
{
  struct hog *h = (struct hog *)c;
  if (!h->slept) { /* longer than a hog may compute */
    if (kam_alarm_rang(c))
      h->slept = true;
    else
      return kam_alarm_set(c, kam_now(c) + 3 * NAME_MS * KAM_TICK)
                 ? KAM_ENOMEM
                 : KAM_BLOCKED;
  }
  while (!__atomic_load_n(&h->o->stopped, __ATOMIC_RELAXED))
    continue;
  return KAM_DONE;
}

static const struct kam_kind hog_kind = {
    .name = "Hog", .size = sizeof(struct hog), .step = hog_step};

static void watch(struct kam_runtime *rt, struct overruns *o)
{
  struct kam_watchdog *w = &rt->loop.watchdog;
  *o = (struct overruns){0};
  w->name_ms = NAME_MS;
  w->stop_ms = STOP_MS;
  w->overrun = on_overrun;
  w->ctx = o;
}

/* Who sleeps is left alone; who computes is named, then stopped. */
static void a_hog_is_named_and_stopped(void)
{
  struct kam_runtime *rt = open_runtime(false);
  struct kam_component *c;
  struct overruns o;
  watch(rt, &o);
  check(kam_new(rt, &hog_kind, &c) == 0);
  ((struct hog *)c)->o = &o;
  kam_start(c);
  check(kam_run(rt) == 0);
  check(o.named >= 1 && o.stopped >= 1);
  kam_runtime_free(rt);
}

/* However often the loop has gone to sleep and woken, it is watched. */
static void it_watches_after_each_sleep(void)
{
  struct kam_runtime *rt = open_runtime(false);
  struct kam_watchdog *w = &rt->loop.watchdog;
  struct overruns o;
  int i;
  watch(rt, &o);
  kam_watchdog_start(w);
  kam_watchdog_start(w); /* once is enough */
  for (i = 0; i < 20000; i++)
    kam_watchdog_idle(w, i % 2 == 0);
  kam_watchdog_idle(w, true);
  nanosleep(&(struct timespec){.tv_nsec = 2 * NAME_MS * 1000000}, NULL);
  check(__atomic_load_n(&o.named, __ATOMIC_RELAXED) == 0);
  kam_watchdog_idle(w, false);
  while (!__atomic_load_n(&o.named, __ATOMIC_RELAXED))
    continue;
  kam_runtime_free(rt);
}

static void started_and_ended_at_once(void)
{
  struct overruns o;
  int i;
  for (i = 0; i < 20; i++) {
    struct kam_runtime *rt = open_runtime(false);
    watch(rt, &o);
    kam_watchdog_start(&rt->loop.watchdog);
    if (i % 2)
      kam_watchdog_idle(&rt->loop.watchdog, true);
    kam_runtime_free(rt);
  }
}

static const struct scene {
  const char *name;
  void (*play)(void);
} scenes[] = {{"on the wall clock", on_the_wall_clock},
              {"on the virtual clock", on_the_virtual_clock},
              {"inline and in order", inline_and_in_order},
              {"ended while its job runs", ended_while_its_job_runs},
              {"freed while jobs run", freed_while_jobs_run},
              {"a hog is named and stopped", a_hog_is_named_and_stopped},
              {"it watches after each sleep", it_watches_after_each_sleep},
              {"started and ended at once", started_and_ended_at_once}};

int main(void)
{
  unsigned i;
  check_begin();
  for (i = 0; i < sizeof scenes / sizeof *scenes; i++) {
    snprintf(check_scene, sizeof check_scene, "spec_worker: %s",
             scenes[i].name);
    scenes[i].play();
  }
  printf("spec_worker: %u scenes beside the loop went well\n", i);
  return 0;
}
