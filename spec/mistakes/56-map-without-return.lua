-- The function of a map returns nothing.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.map(function(s) s = s:upper() end), kam.ConsoleEchoer() }:run()
--! exit 1
--! gave nothing for message 1; is a `return` missing?
--! kam.filter
--mend: s = s:upper() ==> return s:upper()
