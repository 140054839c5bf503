local kam = require "kam"

return kam.component "LineJoin" {
  summary = "Puts an end on each line.",
  doc = "Each message is a line without its end, and leaves with it: what LineSplit takes away. Bytes "
    .. "in it are not changed.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "lines, without their ends", kind = "line" } },
  outboxes = { outbox = { "the same with their ends", kind = "bytes" } },
  options = { eol = { "\n", "the end of a line" } },
  answers = true,
  example = [[
kam.Pipeline { kam.DataSource { "a", "b" }, kam.LineJoin "\r\n", kam.Collate(),
  kam.ConsoleEchoer() }:run()
--> { "a\r\n", "b\r\n" }
]],
  main = function(self)
    local eol = self.eol
    for line in self:messages() do self:send(line .. eol) end
  end,
}
