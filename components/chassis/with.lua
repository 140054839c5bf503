local kam = require "kam"

return kam.component "With" {
  summary = "Runs components one after another on the same partner.",
  doc = "The first component is the partner, a connection for example: what it sends goes to the component "
    .. "whose turn it is, and what that one sends goes to the partner. The others run one after another, as in "
    .. "a Seq. What comes to the With's own inbox is not used.",
  ends = "When the last component and then the partner have ended.",
  inboxes = { inbox = false },
  outboxes = { outbox = false },
  options = { components = { type = "components", "the partner, then the others in order" } },
  first = "components",
  init = function(self)
    local partner = self.components[1]
    local others = kam.Seq(table.unpack(self.components, 2, self.components.n))
    self:addChildren(partner, others)
    self:link(partner, others)
    self:link(others, partner)
  end,
  example = [[
kam.With {
  kam.main(function(self)
    for question in self:messages() do
      print(question)
      self:send(question == "name?" and "Ada" or "secret")
    end
  end),
  kam.main(function(self)
    self:send "name?"
    print("it is " .. self:recv())
  end),
  kam.main(function(self)
    self:send "password?"
    print("it is " .. self:recv())
  end),
}:run()
--> name?
--> it is Ada
--> password?
--> it is secret
]],
}
