-- A Pipeline of nothing.
local kam = require "kam"
kam.Pipeline {}:run()
--! exit 2
--! a Pipeline needs at least one component
--mend: {} ==> { kam.OneShot "x", kam.ConsoleEchoer() }
