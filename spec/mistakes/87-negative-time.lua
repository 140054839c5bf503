-- A time below 0.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    self:send(self:recv("inbox", -1) or "")
  end,
}
kam.Pipeline { kam.OneShot "x", Shout(), kam.ConsoleEchoer() }:run()
--! exit 1
--! Shout: a time is a number of seconds from 0 on, got the number -1
--mend: -1 ==> 1
