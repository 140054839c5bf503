-- A time-out where a box is meant.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    self:send(self:recv(1) or "nothing")
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 1
--! is not a box; for a time-out
--mend: recv(1) ==> recv("inbox", 1)
