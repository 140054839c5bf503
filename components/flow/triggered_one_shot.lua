local kam = require "kam"

return kam.component "TriggeredOneShot" {
  summary = "Sends one message when something comes, and ends.",
  doc = "What comes does not matter, and only the first is taken. If nothing comes, nothing is sent.",
  ends = "After its message, or when its inbox has ended.",
  inboxes = { inbox = "anything: the trigger" },
  outboxes = { outbox = "the message" },
  options = { msg = { type = "any", "the message to send" } },
  endsEarly = true,
  example = [[
kam.Pipeline { kam.PeriodicTick(0.1), kam.TriggeredOneShot "now", kam.ConsoleEchoer() }:run()
--> now
]],
  main = function(self)
    if self:recv() ~= nil then self:send(self.msg) end
  end,
}
