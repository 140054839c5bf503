local kam = require "kam"

return kam.component "SequentialTransformer" {
  summary = "Sends what several functions, one after another, make of a message.",
  doc = "The first gets the message, each other one what the one before it gave; what the last one "
    .. "gives is sent. When one gives nil the message is dropped, and those after it are not called.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "anything" },
  outboxes = { outbox = "what the last function gives, but for nil" },
  options = { functions = { type = "list", "functions of one value" } },
  init = function(self)
    for i = 1, self.functions.n or #self.functions do
      if type(self.functions[i]) ~= "function" then
        error(("it needs functions; number %d is %s"):format(i,
          kam.show(self.functions[i])), 0)
      end
    end
  end,
  example = [[
local function double(n) return 2 * n end

kam.Pipeline {
  kam.DataSource { "4", "x" },
  kam.SequentialTransformer { function(s) return tonumber(s) end, double, double },
  kam.ConsoleEchoer(),
}:run()
--> 16
]],
  main = function(self)
    local functions = self.functions
    for msg in self:messages() do
      local out = msg
      for i = 1, #functions do
        out = functions[i](out)
        if out == nil then break end
      end
      if out ~= nil then self:send(out) end
    end
  end,
}
