-- Standard input without a line.
local kam = require "kam"

kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }:run()
