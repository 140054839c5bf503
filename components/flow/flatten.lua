local kam = require "kam"

return kam.component "Flatten" {
  summary = "Sends the items of lists, one after another.",
  doc = "What is no table is sent as it is; of an empty list nothing is sent. With `depth`, lists in "
    .. "lists are opened as well.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "lists, or single items" },
  outboxes = { outbox = "the items" },
  options = { depth = { 1, "so many lists inside each other are opened", min = 1, max = 1000 } },
  example = [[
kam.Pipeline { kam.DataSource { { 1, 2 }, {}, { 3, { 4 } } }, kam.Flatten(), kam.ConsoleEchoer() }:run()
--> 1
--> 2
--> 3
--> { 4 }
]],
  main = function(self)
    local function open(msg, depth)
      if depth == 0 or type(msg) ~= "table" or msg == kam.null then return self:send(msg) end
      for i = 1, #msg do open(msg[i], depth - 1) end
    end
    for msg in self:messages() do open(msg, self.depth) end
  end,
}
