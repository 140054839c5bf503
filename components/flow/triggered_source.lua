local kam = require "kam"

return kam.component "TriggeredSource" {
  summary = "Sends the same message each time something comes.",
  doc = "What comes does not matter. A table is sent as it is: all receive the same one.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything: a trigger" },
  outboxes = { outbox = "the message, once for each trigger" },
  options = { msg = { type = "any", "the message to send" } },
  answers = true,
  example = [[
kam.Pipeline { kam.PeriodicTick { 0.1, count = 2 }, kam.TriggeredSource "tick", kam.ConsoleEchoer() }
  :run()
--> tick
--> tick
]],
  main = function(self)
    for _ in self:messages() do self:send(self.msg) end
  end,
}
