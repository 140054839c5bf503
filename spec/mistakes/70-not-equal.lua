-- != where ~= is meant.
local kam = require "kam"
local n = 1
if n != 2 then kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:run() end
--! exit 2
--! Lua writes ~= for not equal
--mend: != ==> ~=
