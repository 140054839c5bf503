local kam = require "kam"

return kam.component "PublishTo" {
  summary = "Gives what it receives to all subscribers of a name.",
  doc = "It waits while the backplane of that name has no room, which is when a subscriber has none. The "
    .. "first use of a name makes its backplane.",
  ends = "When its inbox has ended, or when told.",
  effects = true,
  inboxes = { inbox = "what to publish" },
  outboxes = { outbox = false, backplane = "to the backplane" },
  options = { title = { type = "string", "the name of the backplane" } },
  init = function(self)
    local plane = kam.service("backplane " .. self.title, function() return kam.Backplane(self.title) end)
    self:link({ self, "backplane" }, plane)
  end,
  main = function(self)
    for msg in self:messages() do self:send(msg, "backplane") end
  end,
  example = [[
kam.Pipeline { kam.SubscribeTo "NEWS", kam.ConsoleEchoer() }:activate()
kam.Pipeline { kam.DataSource { "Sun at last." }, kam.PublishTo "NEWS" }:run()
--> Sun at last.
]],
}
