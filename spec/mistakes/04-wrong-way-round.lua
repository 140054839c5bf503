-- A link from an inbox to an outbox.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.ConsoleEchoer(),
  linkages = { "B.inbox -> A.outbox" },
}:run()
--! exit 2
--! 04-wrong-way-round.lua:5
--! a link goes from an outbox to an inbox, and B.inbox -> A.outbox is the wrong way round
--! mend: "A -> B"
--mend: B.inbox -> A.outbox ==> A -> B
