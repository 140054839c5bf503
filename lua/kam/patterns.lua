-- patterns: the files that kam new begins with. @name@ is Name, @file@ its file's name
-- without the ending.

local patterns = {}

patterns.component = [==[
local kam = require "kam"

return kam.component "@name@" {
  summary = "Sends on each line with a mark after it.",
  doc = "Only strings are taken: anything else is refused at its sender, since the inbox is of "
    .. "the kind line.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "lines of text", kind = "line" } },
  outboxes = { outbox = { "the same lines, marked", kind = "line" } },
  options = { mark = { "!", "what stands after each line" } },
  answers = true, -- exactly one message for each that it takes
  example = [[
local @name@ = require "@file@"
kam.Pipeline { kam.DataSource { "hello" }, @name@(), kam.ConsoleEchoer() }:run()
--> hello!
]],
  main = function(self)
    for line in self:messages() do
      self:send(line .. self.mark)
    end
  end,
}
]==]

patterns.spec = [==[
-- Run it with kam test: waiting costs no time there.
local kam = require "kam"
local @name@ = require "@file@"

describe("@name@", function()
  it("marks each line, in order", function()
    assert.same({ "a!", "b!" }, kam.try(@name@(), { "a", "b" }))
  end)

  it("takes another mark", function()
    assert.same({ "a?" }, kam.try(@name@ "?", { "a" }))
  end)

  it("sends nothing when nothing comes", function()
    assert.same({}, kam.try(@name@(), {}))
  end)
end)
]==]

patterns.c = [==[
/* @name@: messages of bytes that are long enough. */
#include "core/component.h"

enum { IN_INBOX = KAM_INBOX, OUT_OUTBOX = KAM_OUTBOX, BATCH = 64 };

struct @file@ {
  struct kam_component comp; /* must be first */
  int64_t least;             /* option */
};

/* Some messages, then it is another's turn. What was taken is sent or dropped. */
static int @file@_step(struct kam_component *c)
{
  struct @file@ *k = (struct @file@ *)c;
  struct kam_msg m;
  int i, r;
  for (i = 0; i < BATCH; i++) {
    if (!kam_take(c, IN_INBOX, &m))
      return kam_over(c, IN_INBOX) ? KAM_DONE : KAM_PAUSE;
    if (m.len < (uint64_t)k->least) {
      kam_msg_drop(&c->party.world->host, m);
      continue;
    }
    r = kam_send(c, OUT_OUTBOX, m);
    if (r == KAM_WAIT)
      return KAM_BLOCKED;
    if (r < 0)
      return r;
  }
  return KAM_AGAIN;
}

static const struct kam_box_spec inboxes[] = {
    {.name = "inbox", .doc = "strings or buffers", .kinds = KAM_BYTES}, {0}};
static const struct kam_box_spec outboxes[] = {
    {.name = "outbox", .doc = "those that are long enough", .kinds = KAM_BYTES},
    {0}};
static const struct kam_option_spec options[] = {
    KAM_INT(struct @file@, least, 1, 0, 1 << 24,
            "how many bytes a message must have"),
    {0}};

KAM_COMPONENT(@file@) = {
    .name = "@name@",
    .family = "@family@",
    .summary = "Sends on the messages that have enough bytes.",
    .doc = "Those with fewer than `least` are left out. A message that is no "
           "string or buffer is refused at its sender.",
    .ends = "When its inbox has ended.",
    .example = "kam.Pipeline {\n"
               "  kam.DataSource { \"a\", \"hello\" },\n"
               "  kam.@name@(3),\n"
               "  kam.ConsoleEchoer(),\n"
               "}:run()\n"
               "--> hello\n",
    .inboxes = inboxes,
    .outboxes = outboxes,
    .options = options,
    .size = sizeof(struct @file@),
    .step = @file@_step,
};
]==]

return patterns
