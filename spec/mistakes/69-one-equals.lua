-- = where == is meant.
local kam = require "kam"
local n = 1
if n = 1 then kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:run() end
--! exit 2
--! to compare, write ==
--mend: n = 1 then ==> n == 1 then
