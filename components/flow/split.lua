local kam = require "kam"

return kam.component "Split" {
  summary = "Sends what it receives to each of its named outboxes.",
  doc = "Messages are not copied: a table that two receive is the same table. The slowest receiver "
    .. "sets the pace, unless the link to it has a whenFull of its own.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = false },
  options = { names = { type = "list", "the names of its outboxes" } },
  first = "names",
  init = function(self)
    for i = 1, self.names.n or #self.names do self:addOutbox(self.names[i]) end
  end,
  main = function(self)
    local names = self.names
    for msg in self:messages() do
      for i = 1, #names do self:send(msg, names[i]) end
    end
  end,
  example = [[
kam.Graphline {
  SRC = kam.DataSource { 1, 2 }, COPY = kam.Split { "a", "b" },
  SUM = kam.Collate(), SHOW = kam.ConsoleEchoer(), OUT = kam.ConsoleEchoer(),
  linkages = { "SRC -> COPY", "COPY.a -> SHOW", "COPY.b -> SUM -> OUT" },
}:run()
--> 1
--> 2
--> { 1, 2 }
]],
}
