-- The same loop, after it has taken some: what comes later is lost.
local kam = require "kam"
local Shout = kam.component "Shout" {
  main = function(self)
    self:sleep(0.15)
    while self:dataReady() do
      self:send(self:recv())
    end
  end,
}
kam.Graphline {
  SRC = kam.PeriodicTick(0.1), FOUR = kam.Take(4), SHOUT = Shout(), OUT = kam.ConsoleEchoer(),
  linkages = { "SRC -> FOUR -> SHOUT -> OUT" },
}:run()
--! exit 1
--! SHOUT
--! ended when its inbox was empty for a moment, and 3 messages sent to it later were lost
--! [for m in self:messages() do]
--mend: while self:dataReady() do ==> for m in self:messages() do
--mend: self:recv() ==> m
