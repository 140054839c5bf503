-- Quiet that is waited for.
local kam = require "kam"

kam.Pipeline { kam.PeriodicTick { 0.01, count = 3 }, kam.Debounce(0.05), kam.ConsoleEchoer() }:run()

--> 3
