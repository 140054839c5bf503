-- A component where a Supervisor needs a maker.
local kam = require "kam"
kam.Supervisor {
  A = kam.OneShot "x", B = kam.ConsoleEchoer,
  linkages = { "A -> B" },
}:run()
--! exit 2
--! A is a component, and a maker is needed here
--! mend: A = function() return kam.OneShot(…) end
--mend: kam.OneShot "x", ==> function() return kam.OneShot "x" end,
