/* EchoProtocol: what a peer sends, back to it (RFC 862). */
#include "core/component.h"

enum { BATCH = 64 };

static int echo_protocol_step(struct kam_component *c)
{
  struct kam_msg m;
  int i, r;
  for (i = 0; i < BATCH; i++) {
    if (!kam_take(c, KAM_INBOX, &m))
      return kam_over(c, KAM_INBOX) ? KAM_DONE : KAM_PAUSE;
    r = kam_send(c, KAM_OUTBOX, m);
    if (r < 0 || r == KAM_WAIT)
      return r < 0 ? r : KAM_BLOCKED;
  }
  return KAM_AGAIN;
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "bytes", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "the same bytes", .kinds = KAM_BYTES}, {0}};

KAM_COMPONENT(echo_protocol) = {
    .name = "EchoProtocol",
    .family = "network",
    .summary = "Sends back what comes: the simplest protocol of a server.",
    .doc = "Nothing is copied. While the peer reads no more of the echo, no "
           "more is taken of what it sends.",
    .ends = "When its inbox has.",
    .example = "kam.Pipeline { kam.OneShot \"hello\", kam.EchoProtocol(), "
               "kam.ConsoleEchoer() }:run()\n"
               "--> hello\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .size = sizeof(struct kam_component),
    .answers = true,
    .step = echo_protocol_step,
};
