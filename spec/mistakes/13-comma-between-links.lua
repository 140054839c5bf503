-- A comma is missing between two links.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.PassThrough(), C = kam.ConsoleEchoer(),
  linkages = {
    "A -> B"
    "B -> C",
  },
}:run()
--! exit 2
--! a comma is missing after "A -> B" on line 6
--! mend: "A -> B",
--mend: "A -> B" ==> "A -> B",
