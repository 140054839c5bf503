local kam = require "kam"

return kam.component "Take" {
  summary = "Sends on the first so many messages, and ends.",
  doc = "What comes after them is not taken; that is meant, and nothing is said of it. In a Pipeline "
    .. "the components before it are told to end then.",
  ends = "After `n` messages, or when its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the first messages" },
  options = { n = { type = "integer", "how many messages to send on", min = 0 } },
  endsEarly = true,
  example = [[
kam.Pipeline { kam.Sequence(), kam.Take(2), kam.ConsoleEchoer() }:run()
--> 1
--> 2
]],
  main = function(self)
    for _ = 1, self.n do
      local msg = self:recv()
      if msg == nil then return end
      self:send(msg)
    end
  end,
}
