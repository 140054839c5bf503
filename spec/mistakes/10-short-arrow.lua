-- A link written with a mere >.
local kam = require "kam"
kam.Graphline {
  A = kam.OneShot "x", B = kam.ConsoleEchoer(),
  linkages = { "A > B" },
}:run()
--! exit 2
--! cannot read the link "A > B"
--! mend: "A -> B"
--mend: A > B ==> A -> B
