-- The kind of a component in a Graphline.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x",
  B = kam.ConsoleEchoer,
  linkages = { "A -> B" },
}:run()
--! exit 2
--! B is the kind ConsoleEchoer, not a component; make one
--! mend: kam.ConsoleEchoer()
--mend: ConsoleEchoer, ==> ConsoleEchoer(),
