-- A Supervisor waits for failures that do not come.
local kam = require "kam"

kam.Supervisor {
  SRC = function() return kam.PeriodicTick { 0.02, count = 2 } end, OUT = kam.ConsoleEchoer,
  linkages = { "SRC -> OUT" },
}:run()

--> 1
--> 2
