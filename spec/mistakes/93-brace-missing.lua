-- A } is missing.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer():run()
--! exit 2
--! a } is missing
--mend: ConsoleEchoer(): ==> ConsoleEchoer() }:
