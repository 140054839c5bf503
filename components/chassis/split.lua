local kam = require "kam"

return kam.component "Split" {
  summary = "Sends what it receives to several receivers.",
  doc = "With names, it has an outbox of each name. With components, each of these gets all messages, "
    .. "and what they send leaves by its outbox. Messages are not copied, so that a table that two receive "
    .. "is the same table, unless `copy` is set. The slowest receiver sets the pace, unless the link to it "
    .. "has a whenFull of its own. Receivers may come and go: see Fanout, whose boxes and methods it has.",
  ends = "When its inbox has ended and its components too, or when all receivers have ended.",
  inboxes = { inbox = "anything", configuration = "who is to be added or removed" },
  outboxes = {
    outbox = { "what its components send", optional = true },
    nobody = { "what came while it had no receivers", optional = true },
  },
  options = {
    to = { type = "list", "names for outboxes, or components", optional = true },
    copy = { false, "each receiver gets a copy of its own of a table" },
  },
  first = "to",
  init = function(self)
    local names, components = {}, {}
    for i = 1, self.to and (self.to.n or #self.to) or 0 do
      local list = type(self.to[i]) == "string" and names or components
      list[#list + 1] = self.to[i]
    end
    self.fanout = kam.Fanout { names = names, copy = self.copy }
    self:addChildren(self.fanout)
    self:lend(self.fanout)
    for _, c in ipairs(components) do
      self:addChildren(c)
      if kam.takes(c) then self.fanout:addSink(c) end
      if kam.sends(c) then self:link(c, { self, "outbox" }) end
    end
  end,
  addSink = function(self, ...) return self.fanout:addSink(...) end,
  removeSink = function(self, name) return self.fanout:removeSink(name) end,
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
