local kam = require "kam"

return kam.component "TTL" {
  summary = "Gives a component a time to live.",
  doc = "All boxes of the component are its own boxes. When the time is over the component is told to end "
    .. "now; one that does not listen is ended after the grace that all have. When it fails, the TTL fails.",
  ends = "When its component has ended.",
  endsEarly = true,
  inboxes = { ended = "the end of its component" },
  outboxes = {},
  options = {
    component = { type = "component", "what is to end" },
    seconds = { type = "number", "how long it may live", min = 0 },
  },
  first = { "component", "seconds" },
  init = function(self)
    self:addChildren(self.component)
    self:lend(self.component)
  end,
  main = function(self)
    self:watch(self.component, "ended")
    local report, why = self:recv("ended", self.seconds)
    if why == "timeout" then
      self.component:stop()
      report = self:recv "ended"
    end
    if report and not report.ok then error(report.error, 0) end
  end,
  example = [[
kam.Pipeline { kam.TTL { kam.PeriodicTick(0.1), seconds = 0.35 }, kam.ConsoleEchoer() }:run()
--> 1
--> 2
--> 3
]],
}
