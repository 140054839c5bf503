local kam = require "kam"

return kam.component "Filter" {
  summary = "Sends what an object's method `filter` gives for each message.",
  doc = "As in Kamaelia: the object is a table with a method `filter(message)`; what it gives is sent, "
    .. "and nil drops the message. The object can keep what it needs between messages. For a function "
    .. "that says yes or no take kam.filter, for one that changes messages kam.map or PureTransformer.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "what the object gives, but for nil" },
  options = { filter = { type = "table", "an object with a method filter(message)" } },
  init = function(self)
    if type(self.filter.filter) ~= "function" then
      error("it needs a table with a method filter; for a function there is kam.filter", 0)
    end
  end,
  example = [[
local odd = { n = 0 }
function odd:filter(msg)
  self.n = self.n + 1
  if self.n % 2 == 1 then return msg end
end

kam.Pipeline { kam.DataSource { "a", "b", "c" }, kam.Filter { filter = odd }, kam.ConsoleEchoer() }:run()
--> a
--> c
]],
  main = function(self)
    local object = self.filter
    for msg in self:messages() do
      local out = object:filter(msg)
      if out ~= nil then self:send(out) end
    end
  end,
}
