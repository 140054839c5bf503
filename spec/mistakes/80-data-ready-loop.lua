-- A loop that stops when the inbox is empty for a moment.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    while self:dataReady() do
      self:send(self:recv())
    end
  end,
}
kam.Graphline {
  SRC = kam.PeriodicTick(0.1), TWO = kam.Take(2), SHOUT = Shout(), OUT = kam.ConsoleEchoer(),
  linkages = { "SRC -> TWO -> SHOUT -> OUT" },
}:run()
--! exit 1
--! SHOUT
--! ended before its first message and 2 messages sent to it were lost
--! [for m in self:messages() do]
--mend: while self:dataReady() do ==> for m in self:messages() do
--mend: self:recv() ==> m
