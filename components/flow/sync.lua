local kam = require "kam"

return kam.component "Sync" {
  summary = "Sends on one of every so many messages.",
  doc = "It is the last of them, as in Kamaelia, or the first. Of a rest that is not complete, the "
    .. "last is not sent.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "one of every so many" },
  options = {
    n = { 2, "one of how many", min = 1 },
    which = { "last", "which of them", oneOf = { "first", "last" } },
  },
  first = "n",
  example = [[
kam.Pipeline { kam.Sequence { to = 7 }, kam.Sync(3), kam.ConsoleEchoer() }:run()
--> 3
--> 6
]],
  main = function(self)
    local number, n = 0, self.n
    local wanted = self.which == "first" and 1 % n or 0
    for msg in self:messages() do
      number = number + 1
      if number % n == wanted then self:send(msg) end
    end
  end,
}
