local kam = require "kam"

return kam.component "TPipe" {
  summary = "Sends some messages through a component at the side.",
  doc = "A message for which `condition` gives true goes to the component at the side as well, or, with "
    .. "`route`, only there. What that one sends leaves by the outbox, among the rest.",
  ends = "When its inbox has ended, and its component too.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "the same, and what the component sends", side = "to the component" },
  options = {
    component = { type = "component", "what stands at the side" },
    condition = { type = "function", "gives true for messages that go there", optional = true },
    route = { false, "these messages go only there" },
  },
  first = { "component", "condition" },
  init = function(self)
    self:addChildren(self.component)
    self:link({ self, "side" }, self.component)
    if kam.sends(self.component) then self:link(self.component, { self, "outbox" }) end
  end,
  main = function(self)
    local condition = self.condition or function() return true end
    for msg in self:messages() do
      local aside = condition(msg)
      if aside then self:send(msg, "side") end
      if not (aside and self.route) then self:send(msg) end
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { 1, 2, 3 },
  kam.TPipe {
    kam.map(function(n) return n .. " is even" end),
    condition = function(n) return n % 2 == 0 end, route = true,
  },
  kam.Collate(), kam.ConsoleEchoer(),
}:run()
--> { 1, 3, "2 is even" }
]],
}
