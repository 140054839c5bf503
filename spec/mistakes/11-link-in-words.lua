-- A link written in words.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.ConsoleEchoer(),
  linkages = { "A to B" },
}:run()
--! exit 2
--! cannot read the link "A to B"
--! mend: "A -> B"
--mend: A to B ==> A -> B
