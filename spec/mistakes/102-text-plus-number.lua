-- A text that is added to a number.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.map(function(s) return s + 1 end), kam.ConsoleEchoer() }:run()
--! exit 1
--! map failed at
--! it was handling message 1: "x"
--mend: s + 1 ==> s .. 1
