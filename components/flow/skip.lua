local kam = require "kam"

return kam.component "Skip" {
  summary = "Drops the first so many messages, and sends on the others.",
  doc = "If fewer come than are to be dropped, nothing is sent.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the messages after the first" },
  options = { n = { 1, "how many messages to drop", min = 0 } },
  example = [[
kam.Pipeline { kam.DataSource { "name", "ann", "ben" }, kam.Skip(1), kam.ConsoleEchoer() }:run()
--> ann
--> ben
]],
  main = function(self)
    local n = 0
    for msg in self:messages() do
      if n < self.n then n = n + 1 else self:send(msg) end
    end
  end,
}
