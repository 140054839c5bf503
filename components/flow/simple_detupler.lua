local kam = require "kam"

return kam.component "SimpleDetupler" {
  summary = "Sends one item of each table.",
  doc = "The item is named by its place in a list, from 1, or by its key. A table without it, or a "
    .. "message that is no table, is an error that says which message it was.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "tables", kind = "table" } },
  outboxes = { outbox = "one item of each" },
  options = { index = { type = "any", "a place from 1, or a key" } },
  answers = true,
  example = [[
kam.Pipeline {
  kam.DataSource { { "ann", 31 }, { "ben", 29 } },
  kam.SimpleDetupler(1),
  kam.ConsoleEchoer(),
}:run()
--> ann
--> ben
]],
  main = function(self)
    local n, index = 0, self.index
    for msg in self:messages() do
      n = n + 1
      local item = msg[index]
      if item == nil then error(("message %d has no item %s"):format(n, kam.show(index)), 0) end
      self:send(item)
    end
  end,
}
