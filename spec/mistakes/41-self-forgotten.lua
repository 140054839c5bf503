-- main without its argument self.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function()
    for m in self:messages() do self:send(m) end
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 2
--! there is no "self" here: it is the argument of main
--! mend: main = function(self)
--mend: function() ==> function(self)
