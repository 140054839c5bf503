local kam = require "kam"

return kam.component "LossyConnector" {
  summary = "Sends on what it receives, and drops it when there is no room.",
  doc = "It never makes its sender wait: a message that finds the receiver's inbox full is dropped, "
    .. "which is meant and not told. To drop the oldest instead, give the link a whenFull: "
    .. '{ "A -> B", whenFull = "dropOldest" }.',
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "what there was room for" },
  example = [[
kam.Graphline {
  FAST = kam.DataSource { 1, 2, 3 }, LOSSY = kam.LossyConnector(),
  SLOW = kam.main(function(self)
    self:sleep(0.1)
    for msg in self:messages() do print(msg) end
  end),
  linkages = { "FAST -> LOSSY", { "LOSSY -> SLOW", limit = 1 } },
}:run()
--> 1
]],
  main = function(self)
    for msg in self:messages() do
      local _ = self:trySend(msg) -- taken, so that what is refused is not told
    end
  end,
}
