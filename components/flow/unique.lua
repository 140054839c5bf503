local kam = require "kam"

return kam.component "Unique" {
  summary = "Drops messages that are like the one before.",
  doc = "As `uniq` does with lines: a message is compared with the one just before it, so it needs no "
    .. "memory. Numbers and strings are alike by their value, tables only if they are the same table; "
    .. "with `by`, what the function gives of a message is compared.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the first of each run of equals" },
  options = { by = { type = "function", "gives what is compared of a message", optional = true } },
  example = [[
kam.Pipeline { kam.DataSource { 1, 1, 2, 2, 1 }, kam.Unique(), kam.ConsoleEchoer() }:run()
--> 1
--> 2
--> 1
]],
  main = function(self)
    local by, any, last = self.by, false, nil
    for msg in self:messages() do
      local key = msg
      if by then key = by(msg) end
      if not any or key ~= last then self:send(msg) end
      any, last = true, key
    end
  end,
}
