-- An item of a Pipeline is nil, because a function returns nothing.
local kam = require "kam"
local function louder() kam.map(string.upper) end
kam.Pipeline { kam.OneShot "x", louder(), kam.ConsoleEchoer() }:run()
--! exit 2
--! item 2 of 3 is nil
--mend: () kam.map ==> () return kam.map
