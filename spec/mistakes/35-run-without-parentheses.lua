-- :run without parentheses.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:run
--! exit 2
--! }:run is a call; it needs parentheses
--! mend: }:run()
--mend: }:run ==> }:run()
