-- A function without its end.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    for m in self:messages() do self:send(m)
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 2
--! an end is missing for the "for m in self:messages() do self:send(m)" of line 5
--mend: self:send(m) ==> self:send(m) end
