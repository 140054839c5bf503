local kam = require "kam"

return kam.component "ContinuousIdentity" {
  summary = "Sends the same value again and again.",
  doc = "By default 25 times a second. A table is sent as it is: all receive the same one.",
  ends = "When told, or when its receiver has ended.",
  inboxes = { inbox = false },
  outboxes = { outbox = "the value" },
  options = {
    value = { type = "any", "what to send" },
    seconds = { type = "number", default = 0.04, doc = "between two; 0: as fast as they are taken", min = 0 },
  },
  first = "value",
  example = [[
kam.Pipeline { kam.ContinuousIdentity { 1, seconds = 0 }, kam.Take(2), kam.ConsoleEchoer() }:run()
--> 1
--> 1
]],
  main = function(self)
    while self:send(self.value) and self:sleep(self.seconds) do end
  end,
}
