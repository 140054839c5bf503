-- A component, in the shape that most need. A system asks for it by
-- require "shout", the command by ./docs/tutorial/shout.lua.
local kam = require "kam"

local Shout = kam.component "Shout" {
  summary = "Sends on what it receives, in capitals.",
  inboxes  = { inbox = "text to shout" },
  outboxes = { outbox = "the same text in capitals" },
  options  = { marks = { 1, "how many exclamation marks", min = 0, max = 10 } },
  main = function(self)
    for text in self:messages() do
      self:send(text:upper() .. ("!"):rep(self.marks))
    end
  end,
}

return Shout
