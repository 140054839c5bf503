-- A plain function as an item of a Pipeline.
local kam = require "kam"
local function louder(s) return s:upper() end
kam.Pipeline { kam.OneShot "x", louder, kam.ConsoleEchoer() }:run()
--! exit 2
--! item 2 of 3 is a function, not a component
--! kam.map(f)
--mend: louder, ==> kam.map(louder),
