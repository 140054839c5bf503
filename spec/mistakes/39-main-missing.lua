-- A component without main.
local kam = require "kam"
local Shout = kam.component "Shout" {
  summary = "Shouts.",
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 2
--! component Shout has no main
--mend: summary = "Shouts.", ==> main = function(self) for m in self:messages() do self:send(m) end end,
