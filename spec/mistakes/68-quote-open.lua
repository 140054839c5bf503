-- A quote that is not closed.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x, kam.ConsoleEchoer() }:run()
--! exit 2
--! a quote is not closed on this line
--mend: "x, ==> "x",
