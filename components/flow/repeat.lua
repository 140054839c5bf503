local kam = require "kam"

return kam.component "Repeat" {
  summary = "Sends the messages of a list again and again.",
  doc = "The list is sent `times` times, or without end, as fast as the receiver takes it. Put a "
    .. "RateLimit behind it for a pace. An empty list is an error.",
  ends = "After the last message, when told, or when its receiver has ended.",
  inboxes = { inbox = false },
  outboxes = { outbox = "the messages, in their order" },
  options = {
    items = { type = "list", "the messages to send" },
    times = { 0, "how often; 0: without end", min = 0 },
  },
  first = "items",
  init = function(self)
    if (self.items.n or #self.items) == 0 then error("it needs a list that is not empty", 0) end
  end,
  example = [[
kam.Pipeline { kam.Repeat { "tick", "tock", times = 2 }, kam.ConsoleEchoer() }:run()
--> tick
--> tock
--> tick
--> tock
]],
  main = function(self)
    local items, round = self.items, 0
    while self.times == 0 or round < self.times do
      for i = 1, items.n or #items do
        if self:told() or not self:send(items[i]) then return end
      end
      round = round + 1
    end
  end,
}
