-- += of other languages.
local kam = require "kam"
local n = 1
n += 1
kam.Pipeline { kam.OneShot(n), kam.ConsoleEchoer() }:run()
--! exit 2
--! Lua has no +=
--! n = n + 1
--mend: n += 1 ==> n = n + 1
