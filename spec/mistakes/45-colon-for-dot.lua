-- kam's own functions called with a colon.
local kam = require "kam"
kam:Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:run()
--! exit 2
--! is kam itself: its functions are called with "."
--! mend: kam.Pipeline
--mend: kam:Pipeline ==> kam.Pipeline
