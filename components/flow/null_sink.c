/* NullSink: takes everything, and does nothing with it. */
#include "core/component.h"

enum { BATCH = 64 };

static int null_sink_step(struct kam_component *c)
{
  struct kam_msg m;
  int i;
  for (i = 0; i < BATCH; i++) {
    if (!kam_take(c, KAM_INBOX, &m))
      return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
    kam_msg_drop(&c->party.world->host, m);
  }
  return KAM_AGAIN;
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "messages to discard"}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .absent = true}, {0}};

KAM_COMPONENT(null_sink) = {
    .name = "NullSink",
    .family = "flow",
    .summary = "Takes everything, and does nothing with it.",
    .doc =
        "For what has to be received and is not wanted. Where nothing has to "
        "be received, a link to `null` says the same without a component.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline { kam.DataSource { 1, 2, 3 }, kam.NullSink() }"
               ":run()\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .size = sizeof(struct kam_component),
    .step = null_sink_step,
};
