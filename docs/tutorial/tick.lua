-- A clock of three ticks, and a word with each.
local kam = require "kam"

kam.Pipeline {
  kam.PeriodicTick { 0.1, count = 3 },
  kam.map(function(n) return ("tick %d"):format(n) end),
  kam.ConsoleEchoer(),
}:run()

--> tick 1
--> tick 2
--> tick 3
