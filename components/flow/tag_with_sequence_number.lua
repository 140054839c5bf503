local kam = require "kam"

return kam.component "TagWithSequenceNumber" {
  summary = "Sends each message in a pair with its number.",
  doc = "The numbers are 0, 1, 2 and so on, as in Kamaelia, or begin with `from`. With "
    .. "`modulus` they go round from 0 to that, without it.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = { "{ number, message }", kind = "table" } },
  options = {
    from = { 0, "the first number" },
    modulus = { 0, "the numbers go round after so many; 0: never", min = 0 },
  },
  first = "from",
  answers = true,
  example = [[
kam.Pipeline { kam.DataSource { "a", "b" }, kam.TagWithSequenceNumber(), kam.ConsoleEchoer() }:run()
--> { 0, "a" }
--> { 1, "b" }
]],
  main = function(self)
    local n, modulus = self.from, self.modulus
    if modulus > 0 then n = n % modulus end
    for msg in self:messages() do
      self:send { n, msg }
      n = n + 1
      if n == modulus and modulus > 0 then n = 0 end
    end
  end,
}
