-- Two inboxes, read in turn: what comes to one changes what is done with the
-- other's. messagesAny gives the box first, so a message may be false.
local kam = require "kam"

local Gate = kam.component "Gate" {
  summary = "Passes messages on while the gate is open.",
  inboxes = { inbox = "what to pass", gate = "true: open, false: closed" },
  main = function(self)
    local open = true
    for box, msg in self:messagesAny() do
      if box == "gate" then open = msg
      elseif open then self:send(msg) end
    end
  end,
}

local function count(self)
  for n = 1, 6 do
    self:send(n)
    self:sleep(0.1)
  end
end

local function switch(self)
  self:sleep(0.15)
  self:send(false)
  self:sleep(0.2)
  self:send(true)
end

kam.Graphline {
  COUNT  = kam.main(count),
  SWITCH = kam.main(switch),
  GATE   = Gate(),
  OUT    = kam.ConsoleEchoer(),
  linkages = { "COUNT -> GATE -> OUT", "SWITCH -> GATE.gate" },
}:run()

--> 1
--> 2
--> 5
--> 6
