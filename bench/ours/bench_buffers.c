/* bench_buffers counted COUNT: a source, ten relays and a sink in C hand on
 * COUNT counted buffers of 4 KiB, and the RESULT line is printed. Every box has
 * the usual bound; a hop is one message from one component to the next. */
#include "core/kam.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { RELAYS = 10, SIZE = 4096, BATCH = 64 };

struct counter {
  struct kam_component comp; /* must be first */
  int64_t n;                 /* of a source: left to send; of a sink: taken */
};

static int source_step(struct kam_component *c)
{
  struct counter *s = (struct counter *)c;
  int i, r;
  for (i = 0; i < BATCH && s->n; i++) {
    struct kam_bytes *b = kam_bytes_new(kam_mem_of(c), SIZE);
    if (!b)
      return KAM_ENOMEM;
    b->data[0] = (unsigned char)s->n--;
    r = kam_send(c, KAM_OUTBOX, kam_msg_bytes(b));
    if (r)
      return r == KAM_WAIT ? (int)KAM_BLOCKED : r;
  }
  return s->n ? KAM_AGAIN : KAM_DONE;
}

static int relay_step(struct kam_component *c)
{
  struct kam_msg m;
  int i, r;
  for (i = 0; i < BATCH; i++) {
    if (!kam_take(c, KAM_INBOX, &m))
      return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
    r = kam_send(c, KAM_OUTBOX, m);
    if (r)
      return r == KAM_WAIT ? (int)KAM_BLOCKED : r;
  }
  return KAM_AGAIN;
}

static int sink_step(struct kam_component *c)
{
  struct kam_msg m;
  int i;
  for (i = 0; i < BATCH; i++) {
    if (!kam_take(c, KAM_INBOX, &m))
      return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
    kam_bytes_unref(kam_msg_get_bytes(m));
    ((struct counter *)c)->n++;
  }
  return KAM_AGAIN;
}

static const struct kam_kind source = {
    .name = "Source", .size = sizeof(struct counter), .step = source_step};
static const struct kam_kind relay = {
    .name = "Relay", .size = sizeof(struct kam_component), .step = relay_step};
static const struct kam_kind sink = {
    .name = "Sink", .size = sizeof(struct counter), .step = sink_step};

static int64_t cpu(void)
{
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * INT64_C(1000000000) +
         (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * INT64_C(1000);
}

/* The chain; the sink must not end before it has been looked at. */
static int build(struct kam_runtime *rt, struct kam_component **c)
{
  int i, err = 0;
  for (i = 0; i < RELAYS + 2 && !err; i++) {
    err = kam_new(rt, i == 0 ? &source : i <= RELAYS ? &relay : &sink, &c[i]);
    if (i && !err)
      err = kam_connect(c[i - 1], "outbox", c[i], "inbox");
  }
  for (i = 0; i < RELAYS + 2 && !err; i++)
    kam_start(c[i]);
  return err;
}

int main(int argc, char **argv)
{
  struct kam_component *c[RELAYS + 2];
  struct kam_runtime *rt;
  int64_t start, spent, count, taken;
  if (argc != 3 || strcmp(argv[1], "counted") || kam_runtime_new(&rt))
    return 2;
  count = strtoll(argv[2], NULL, 10);
  if (build(rt, c))
    return 1;
  ((struct counter *)c[0])->n = count;
  c[RELAYS + 1]->pins++; /* to look at it when it has ended */
  start = cpu();
  if (kam_run(rt))
    return 1;
  spent = cpu() - start;
  taken = ((struct counter *)c[RELAYS + 1])->n;
  kam_component_unpin(c[RELAYS + 1]);
  kam_runtime_free(rt);
  printf("RESULT cpu_ns=%lld ops=%lld\n", (long long)spent,
         (long long)count * (RELAYS + 1));
  return taken == count ? 0 : 1;
}
