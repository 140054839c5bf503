-- Messages that are held for a while.
local kam = require "kam"

kam.Pipeline { kam.DataSource { "a", "b" }, kam.Delay(0.05), kam.ConsoleEchoer() }:run()

--> a
--> b
