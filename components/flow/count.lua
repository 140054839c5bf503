local kam = require "kam"

return kam.component "Count" {
  summary = "Counts messages, and sends their number at the end.",
  doc = "With `every`, the number so far is also sent after each so many messages; at the end it is "
    .. "sent again only if it has changed. If it is told to end now it sends what it has counted.",
  ends = "When its inbox has ended, after it has sent the number.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = { "how many messages have come", kind = "number" } },
  options = { every = { 0, "send the number after each so many messages, too; 0: only at the end", min = 0 } },
  example = [[
kam.Pipeline { kam.DataSource { "a", "b", "c" }, kam.Count(), kam.ConsoleEchoer() }:run()
--> 3
]],
  main = function(self)
    local n, sent = 0, nil
    for _ in self:messages() do
      n = n + 1
      if self.every > 0 and n % self.every == 0 then
        self:send(n)
        sent = n
      end
    end
    if sent ~= n then self:send(n) end
  end,
}
