-- A Graphline without linkages.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.ConsoleEchoer(),
}:run()
--! exit 1
--! A
--! nobody is linked to it
--! B
--! nothing was ever linked to it
--mend: ConsoleEchoer(), ==> ConsoleEchoer(), linkages = { "A -> B" },
