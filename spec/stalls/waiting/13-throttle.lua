-- What comes too fast is dropped.
local kam = require "kam"

kam.Pipeline { kam.DataSource { 1, 2, 3 }, kam.Throttle { 0.05, keep = "last" }, kam.ConsoleEchoer() }:run()

--> 1
--> 3
