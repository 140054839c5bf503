-- A program that fails.
local kam = require "kam"
kam.Pipeline { kam.UnixProcess { "grep", "nothing such", "a.txt" }, kam.ConsoleEchoer() }:run()
--! exit 1
--! UnixProcess
--! grep
--! 1
--mend: nothing such ==> one
