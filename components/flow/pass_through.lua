local kam = require "kam"

return kam.component "PassThrough" {
  summary = "Sends on what it receives.",
  doc = "Messages leave in the order in which they came.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the same" },
  example = [[
kam.Pipeline { kam.DataSource { "a", "b" }, kam.PassThrough(), kam.ConsoleEchoer() }:run()
--> a
--> b
]],
  main = function(self)
    for msg in self:messages() do self:send(msg) end
  end,
}
