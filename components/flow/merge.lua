local kam = require "kam"

return kam.component "Merge" {
  summary = "Sends on what comes to its named inboxes.",
  doc = "Several links to one inbox merge, too; this is for when the order matters, or where a message "
    .. "came from. The inboxes take turns; with `priority`, what has come to one that stands earlier "
    .. "in the list goes first. With `tagged`, messages are sent as { name, message }.",
  ends = "When all of its inboxes have ended.",
  inboxes = { inbox = false },
  outboxes = { outbox = "the messages of all" },
  options = {
    names = { type = "strings", "the names of its inboxes" },
    order = { "turns", "who is next", oneOf = { "turns", "priority" } },
    tagged = { false, "send { name, message }" },
  },
  first = "names",
  init = function(self)
    local n = self.names.n or #self.names
    if n == 0 then error('it needs the names of its inboxes: Merge { "a", "b" }', 0) end
    for i = 1, n do
      if self:addInbox(self.names[i], "messages to send on") ~= self.names[i] then
        error(("it cannot have an inbox %s twice"):format(self.names[i]), 0)
      end
    end
  end,
  example = [[
kam.Graphline {
  A = kam.DataSource { 1, 2 }, B = kam.DataSource { 3 },
  ALL = kam.Merge { "a", "b", tagged = true }, OUT = kam.ConsoleEchoer(),
  linkages = { "A -> ALL.a", "B -> ALL.b", "ALL -> OUT" },
}:run()
--> { "a", 1 }
--> { "b", 3 }
--> { "a", 2 }
]],
  main = function(self)
    local list = self.order == "priority" and self.names or nil
    for box, msg in self:messagesAny(list) do
      if self.tagged then self:send { box, msg } else self:send(msg) end
    end
  end,
}
