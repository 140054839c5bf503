-- Linkages as Kamaelia writes them.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.ConsoleEchoer(),
  linkages = { { "A", "outbox" }, { "B", "inbox" } },
}:run()
--! exit 2
--! cannot read the link
--! mend: "A -> B"
--mend: { "A", "outbox" }, { "B", "inbox" } ==> "A -> B"
