local kam = require "kam"

return kam.component "FirstOnly" {
  summary = "Sends on the first message, and ends.",
  doc = "What comes after the first is not taken; that is meant, and nothing is said of it. If nothing "
    .. "comes, nothing is sent.",
  ends = "After the first message, or when its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the first message" },
  endsEarly = true,
  example = [[
kam.Pipeline { kam.DataSource { "a", "b", "c" }, kam.FirstOnly(), kam.ConsoleEchoer() }:run()
--> a
]],
  main = function(self)
    local msg = self:recv()
    if msg ~= nil then self:send(msg) end
  end,
}
