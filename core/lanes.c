/* lanes: two ways through one component. */
#include "core/lanes.h"

#include "core/alarm.h"

enum { LOOK_AGAIN = 20000000 /* ns */ };

/* 1: the lane is free now, 0: it is as it was, or a negative code. */
static int try(struct kam_component *c, struct kam_lanes *l, unsigned i)
{
  int r;
  if (l->m[i].tag == KAM_NOTHING)
    return 0;
  r = kam_outbox_try(&c->party.out[l->out[i]], l->m[i]);
  if (r == KAM_FULL)
    return 0;
  l->m[i] = (struct kam_msg){0};
  return r < 0 ? r : 1;
}

int kam_lanes_send(struct kam_component *c, struct kam_lanes *l)
{
  int first = try(c, l, 0), second = first < 0 ? first : try(c, l, 1), r = 0;
  unsigned i = l->m[0].tag == KAM_NOTHING;
  if (second < 0)
    return second;
  if (first || second)
    return KAM_AGAIN;
  if (i == 1 && l->m[1].tag == KAM_NOTHING)
    return KAM_PAUSE;
  if (kam_is_held(c))
    return kam_alarm_after(c, LOOK_AGAIN) ? KAM_ENOMEM : KAM_PAUSE;
  r = kam_send(c, l->out[i], l->m[i]);
  l->m[i] = (struct kam_msg){0};
  return r < 0 ? r : r == KAM_WAIT ? KAM_PAUSE : KAM_AGAIN;
}

void kam_lanes_fini(struct kam_component *c, struct kam_lanes *l)
{
  kam_msg_drop(&c->party.world->host, l->m[0]);
  kam_msg_drop(&c->party.world->host, l->m[1]);
  l->m[0] = l->m[1] = (struct kam_msg){0};
}
