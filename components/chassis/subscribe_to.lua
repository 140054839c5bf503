local kam = require "kam"

return kam.component "SubscribeTo" {
  summary = "Sends all that is published under a name.",
  doc = "It gets what is published from its making on, and before that what the backplane has kept. If its "
    .. "receiver is slow, publishers wait for it, unless whenFull says that the oldest or the newest message is "
    .. "dropped instead. The first use of a name makes its backplane.",
  ends = "When the backplane has ended, or when told.",
  inboxes = { inbox = false, backplane = "from the backplane" },
  outboxes = { outbox = "what is published" },
  options = {
    title = { type = "string", "the name of the backplane" },
    limit = { 256, "messages that wait here at the most", min = 1 },
    whenFull = { "wait", "what a full box does", oneOf = { "wait", "dropOldest", "dropNewest" } },
  },
  first = "title",
  init = function(self)
    local plane = kam.service("backplane " .. self.title, function() return kam.Backplane(self.title) end)
    self.backlog = plane:subscribe(self, "backplane", { limit = self.limit, whenFull = self.whenFull })
  end,
  main = function(self)
    for _, msg in ipairs(self.backlog) do self:send(msg) end
    for msg in self:messages "backplane" do self:send(msg) end
  end,
  example = [[
kam.Pipeline { kam.SubscribeTo "NEWS", kam.map(string.upper), kam.ConsoleEchoer() }:activate()
kam.Pipeline { kam.DataSource { "Rain again." }, kam.PublishTo "NEWS" }:run()
--> RAIN AGAIN.
]],
}
