-- A comma is missing before the linkages.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x",
  B = kam.ConsoleEchoer()
  linkages = { "A -> B" },
}:run()
--! exit 2
--! a comma is missing after
--! on line 5
--mend: ConsoleEchoer() ==> ConsoleEchoer(),
