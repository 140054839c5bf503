local kam = require "kam"

return kam.component "Loss" {
  summary = "Loses some of what it receives, as a network does.",
  doc = "Each message is dropped with the given probability, and sends on what is left. With `burst`, "
    .. "those that follow a dropped one are dropped, too, up to that many in all, as where a router is "
    .. "full for a while. Chance comes from math.random, so `--seed N` loses the same ones again.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "what was not lost" },
  options = {
    probability = { type = "number", "that a message is lost, from 0 to 1", min = 0, max = 1 },
    burst = { 1, "how many are lost at once", min = 1 },
  },
  first = "probability",
  example = [[
kam.Pipeline { kam.RandomSource { count = 1000 }, kam.Loss(0.5), kam.Count(),
  kam.map(function(n) return n > 400 and n < 600 end), kam.ConsoleEchoer() }:run()
--> true
]],
  main = function(self)
    local probability, burst, goes = self.probability, self.burst, 0
    for msg in self:messages() do
      if goes == 0 and math.random() < probability then goes = burst end
      if goes > 0 then goes = goes - 1 else self:send(msg) end
    end
  end,
}
