local kam = require "kam"

return kam.component "Route" {
  summary = "Sends each message to the outbox that a function names.",
  doc = "The function gets the message and gives the name of one of the outboxes; nil or false means "
    .. "`outbox`. A name that is not in the list is an error.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "what belongs to no other outbox" },
  options = {
    names = { type = "strings", "the names of its outboxes" },
    by = { type = "function", "gives the name of an outbox for a message" },
  },
  first = "names",
  init = function(self)
    for i = 1, self.names.n or #self.names do
      if self:addOutbox(self.names[i], "what the function names so") ~= self.names[i] then
        error(("it cannot have an outbox %s twice"):format(self.names[i]), 0)
      end
    end
  end,
  example = [[
local function size(n) return n > 9 and "big" end

kam.Graphline {
  SRC = kam.DataSource { 5, 20, 7 }, SORT = kam.Route { "big", by = size },
  BIG = kam.map(function(n) return "big: " .. n end), OUT = kam.ConsoleEchoer(),
  linkages = { "SRC -> SORT -> OUT", "SORT.big -> BIG -> OUT" },
}:run()
--> 5
--> 7
--> big: 20
]],
  main = function(self)
    local by, outboxes = self.by, self.outboxes
    for msg in self:messages() do
      local name = by(msg) or "outbox"
      if not outboxes[name] or name == "signal" then
        error(("its function names %s, which is none of its outboxes"):format(kam.show(name)), 0)
      end
      self:send(msg, name)
    end
  end,
}
