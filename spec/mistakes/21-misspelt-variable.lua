-- A variable is misspelt, so an item is nil.
local kam = require "kam"
local shout = kam.map(string.upper)
kam.Pipeline { kam.OneShot "x", shuot, kam.ConsoleEchoer() }:run()
--! exit 2
--! "shuot"
--! there is a local "shout"
--mend: shuot ==> shout
