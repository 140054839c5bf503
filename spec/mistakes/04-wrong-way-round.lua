-- A link from an inbox to an outbox.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.ConsoleEchoer(),
  linkages = { "B.inbox -> A.outbox" },
}:run()
--! exit 2
--! a link goes from an outbox to an inbox
--! "inbox" is an inbox of B (ConsoleEchoer)
--! mend: "… -> B", the other way round
--mend: B.inbox -> A.outbox ==> A -> B
