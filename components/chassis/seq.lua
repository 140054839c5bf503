local kam = require "kam"

return kam.component "Seq" {
  summary = "Runs components one after another, on the same boxes.",
  doc = "Its inbox and outbox are those of the component whose turn it is. What one has not taken when it "
    .. "ends is there for the next. When one fails, the Seq fails.",
  ends = "When the last component has ended, or when told.",
  endsEarly = true,
  options = { components = { type = "components", "the components, in order" } },
  first = "components",
  inboxes = { inbox = "what goes to the component whose turn it is", ended = "ends of its components" },
  outboxes = { outbox = "what it sends" },
  main = function(self)
    local n, turn = self.components.n or #self.components, 0
    local rest <close> = setmetatable({}, { __close = function() -- luacheck: ignore 211
      for i = turn + 1, n do self.components[i]:stop() end
    end })
    while turn < n do
      turn = turn + 1
      local c = self.components[turn]
      self:lend(c, true)
      self:watch(c, "ended")
      self:addChildren(c)
      local report = self:recv "ended"
      if not report then return end
      if not report.ok then error(report.error, 0) end
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { "a title", "some", "text" },
  kam.Seq {
    kam.Pipeline { kam.FirstOnly(), kam.map(string.upper) },
    kam.PassThrough(),
  },
  kam.ConsoleEchoer(),
}:run()
--> A TITLE
--> some
--> text
]],
}
