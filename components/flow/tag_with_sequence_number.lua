local kam = require "kam"

return kam.component "TagWithSequenceNumber" {
  summary = "Sends each message in a pair with its number.",
  doc = "The numbers are 0, 1, 2 and so on, as in Kamaelia, or begin with `from`.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = { "{ number, message }", kind = "table" } },
  options = { from = { 0, "the first number" } },
  answers = true,
  example = [[
kam.Pipeline { kam.DataSource { "a", "b" }, kam.TagWithSequenceNumber(), kam.ConsoleEchoer() }:run()
--> { 0, "a" }
--> { 1, "b" }
]],
  main = function(self)
    local n = self.from
    for msg in self:messages() do
      self:send { n, msg }
      n = n + 1
    end
  end,
}
