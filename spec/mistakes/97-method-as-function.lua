-- A method called as a function.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    self:send(recv(self))
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 2
--! there is no "recv" in this script; components have a method of that name
--! mend: self:recv(…)
--mend: recv(self) ==> self:recv()
