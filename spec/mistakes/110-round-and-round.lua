-- The same loop while something else may still come: it turns for ever.
local kam = require "kam"
local Merge3 = kam.component "Merge3" {
  inboxes = { other = "the other" },
  main = function(self)
    while not self:shuttingDown() do
      if self:dataReady() then self:send((self:recv())) end
      self:yield()
    end
  end,
}
kam.TTL {
  kam.Graphline {
    A = kam.PeriodicTick(60), B = kam.DataSource { 2, 3, 4 }, MERGE = Merge3(), OUT = kam.ConsoleEchoer(),
    linkages = { "A -> MERGE -> OUT", "B -> MERGE.other" },
  }, 2,
}:run()
--! exit 1
--! within 10
--! 110-round-and-round.lua:8
--! MERGE turns round and round: 3 messages wait in "other", and its loop never takes them
--! mend: self:recv "other"
--mend: self:send((self:recv())) end ==> self:send((self:recv())) end if self:dataReady "other" then self:send((self:recv "other")) end
