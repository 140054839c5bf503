local kam = require "kam"

return kam.component "Duplication" {
  summary = "Sends some of what it receives twice, as a network does.",
  doc = "Each message is sent on, and with the given probability once more. Chance comes from "
    .. "math.random, so `--seed N` doubles the same ones again.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the same, some of it twice" },
  options = { probability = { type = "number", "that a message is doubled, from 0 to 1", min = 0, max = 1 } },
  first = "probability",
  example = [[
kam.Pipeline { kam.DataSource { "to", "be" }, kam.Duplication(1), kam.Collate(), kam.ConsoleEchoer() }:run()
--> { "to", "to", "be", "be" }
]],
  main = function(self)
    for msg in self:messages() do
      self:send(msg)
      if math.random() < self.probability then self:send(msg) end
    end
  end,
}
