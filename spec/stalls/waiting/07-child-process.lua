-- A program that takes its time.
local kam = require "kam"

kam.Pipeline { kam.UnixProcess { "sleep 0.1; echo done", shell = true }, kam.ConsoleEchoer { eol = "" } }:run()

--> done
