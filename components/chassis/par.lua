local kam = require "kam"

return kam.component "Par" {
  summary = "Runs components side by side.",
  doc = "What comes to its inbox goes to each of its components that takes messages; the slowest sets the "
    .. "pace. What they send leaves by its outbox, in the order in which it is sent. When one fails, the "
    .. "others are stopped, and the Par fails.",
  ends = "When all its components have ended.",
  options = { components = { type = "components", "the components" } },
  first = "components",
  inboxes = { inbox = "what all of them get" },
  outboxes = { outbox = "what any of them sends" },
  init = function(self)
    local split = kam.Split()
    self:addChildren(split)
    self:link({ self, "inbox" }, split)
    for _, c in ipairs(self.components) do
      self:addChildren(c)
      if kam.takes(c) then split:addSink(c, "inbox", { pipe = true }) end
      if kam.sends(c) then self:link(c, { self, "outbox" }) end
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { 1, 2 },
  kam.Par {
    kam.map(function(n) return n * 10 end),
    kam.Pipeline { kam.Collate(), kam.map(function(list) return #list .. " in all" end) },
  },
  kam.ConsoleEchoer(),
}:run()
--> 10
--> 20
--> 2 in all
]],
}
