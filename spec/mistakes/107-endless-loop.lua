-- A loop that waits without giving way.
local kam = require "kam"
kam.configure { stopAfter = 0.25 }
local First = kam.component "First2" {
  main = function(self)
    while not self:dataReady() do
    end
    self:send(self:recv())
  end,
}
kam.Pipeline { kam.PeriodicTick { 0.1, count = 1 }, First(), kam.ConsoleEchoer() }:run()
--! exit 1
--! 107-endless-loop.lua:6
--! has not given way for 0.25 s while others waited
--! self:yield() in its loop
--mend: while not self:dataReady() do ==> while not self:dataReady() do self:yield()
