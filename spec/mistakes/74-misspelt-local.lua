-- A misspelt word of Lua.
loacl kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:run()
--! exit 2
--! there is no word "loacl" here; did you mean "local"?
--mend: loacl ==> local
