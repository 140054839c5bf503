-- A loop of one's own that takes from one box and forgets the other.
local kam = require "kam"
local Merge2 = kam.component "Merge2" {
  inboxes = { other = "the other" },
  main = function(self)
    while not self:shuttingDown() do
      if self:dataReady() then self:send((self:recv())) end
      self:pause()
    end
  end,
}
kam.Graphline {
  A = kam.DataSource { 1 }, B = kam.DataSource { 2, 3, 4 }, MERGE = Merge2(), OUT = kam.ConsoleEchoer(),
  linkages = { "A -> MERGE -> OUT", "B -> MERGE.other" },
}:run()
--! exit 1
--! MERGE
--! ended and never took the 3 messages in other, which are lost
--! [self:recv "other"]
--mend: if self:dataReady() then self:send((self:recv())) end ==> while self:dataReady() do self:send((self:recv())) end while self:dataReady "other" do self:send((self:recv "other")) end
