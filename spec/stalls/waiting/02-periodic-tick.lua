-- The only one that moves is a clock.
local kam = require "kam"

kam.Pipeline { kam.PeriodicTick { 0.03, count = 2 }, kam.ConsoleEchoer() }:run()

--> 1
--> 2
