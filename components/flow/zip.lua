local kam = require "kam"

return kam.component "Zip" {
  summary = "Sends a list of one message from each of its named inboxes.",
  doc = "The first list holds the first messages, in the order of the names, and so on. When one inbox "
    .. "has ended, so has Zip: messages of others that have no partner are not sent, which is meant. "
    .. "With `pad`, that stands for what is missing, until all have ended.",
  ends = "When one of its inboxes has ended; with `pad`, when all have.",
  inboxes = { inbox = false },
  outboxes = { outbox = { "lists", kind = "table" } },
  options = {
    names = { type = "strings", "the names of its inboxes" },
    pad = { type = "any", "what stands for a missing message", optional = true },
  },
  first = "names",
  endsEarly = true,
  init = function(self)
    local n = self.names.n or #self.names
    if n == 0 then error('it needs the names of its inboxes: Zip { "a", "b" }', 0) end
    for i = 1, n do
      if self:addInbox(self.names[i], "one stream") ~= self.names[i] then
        error(("it cannot have an inbox %s twice"):format(self.names[i]), 0)
      end
    end
  end,
  example = [[
kam.Graphline {
  A = kam.DataSource { 1, 2, 3 }, B = kam.DataSource { "one", "two" },
  PAIRS = kam.Zip { "a", "b" }, OUT = kam.ConsoleEchoer(),
  linkages = { "A -> PAIRS.a", "B -> PAIRS.b", "PAIRS -> OUT" },
}:run()
--> { 1, "one" }
--> { 2, "two" }
]],
  main = function(self)
    local names, pad = self.names, self.pad
    while true do
      local list, any = {}, false
      for i = 1, #names do
        local msg = self:recv(names[i])
        if msg == nil and pad == nil then return end
        any = any or msg ~= nil
        if msg == nil then msg = pad end
        list[i] = msg
      end
      if not any then return end
      self:send(list)
    end
  end,
}
