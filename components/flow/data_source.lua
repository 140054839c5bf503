local kam = require "kam"

return kam.component "DataSource" {
  summary = "Sends the messages of a list, one after another.",
  doc = "The list is left as it is. It waits while the receiver has no room.",
  ends = "After the last message, or when told.",
  inboxes = { inbox = false },
  outboxes = { outbox = "the messages" },
  options = { items = { type = "list", "the messages to send" } },
  first = "items",
  example = [[
kam.Pipeline { kam.DataSource { "one", "two" }, kam.ConsoleEchoer() }:run()
--> one
--> two
]],
  main = function(self)
    local list = self.items
    for i = 1, list.n or #list do
      if not self:send(list[i]) then return end
    end
  end,
}
