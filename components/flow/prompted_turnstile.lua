local kam = require "kam"

return kam.component "PromptedTurnstile" {
  summary = "Sends on one message for each that comes in `next`.",
  doc = "What is not yet asked for waits in its inbox, and makes the sender wait when that is full. A "
    .. "prompt that comes when there is nothing to send is remembered. When no more prompts can come, "
    .. "what is left is not sent; that is meant.",
  ends = "When all of its inbox is sent, or when `next` has ended.",
  inboxes = { inbox = "anything", next = "anything: a prompt" },
  outboxes = { outbox = "the messages asked for" },
  endsEarly = true,
  example = [[
kam.Graphline {
  WORDS = kam.DataSource { "one", "two", "three" }, TICK = kam.PeriodicTick { 0.1, count = 2 },
  GATE = kam.PromptedTurnstile(), OUT = kam.ConsoleEchoer(),
  linkages = { "WORDS -> GATE -> OUT", "TICK -> GATE.next" },
}:run()
--> one
--> two
]],
  main = function(self)
    for msg in self:messages() do -- taken first, so that it ends with the last one
      if self:recv "next" == nil then return end
      self:send(msg)
    end
  end,
}
