local kam = require "kam"

return kam.component "Collate" {
  summary = "Collects all messages, and sends them as one list at the end.",
  doc = "The list is in the order in which the messages came; of none it is empty. If it is told to "
    .. "end now it sends what it has.",
  ends = "When its inbox has ended, after it has sent the list.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "one list of all messages" },
  example = [[
kam.Pipeline { kam.DataSource { 1, 2, 3 }, kam.Collate(), kam.ConsoleEchoer() }:run()
--> { 1, 2, 3 }
]],
  main = function(self)
    local all = {}
    for msg in self:messages() do all[#all + 1] = msg end
    self:send(all)
  end,
}
