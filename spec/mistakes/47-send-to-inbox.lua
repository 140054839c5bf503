-- Sending to an inbox.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    for m in self:messages() do self:send(m, "inbox") end
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 1
--! inbox is an inbox of Shout
--! self:send(x)
--mend: (m, "inbox") ==> (m)
