-- Standard input that has its end.
local kam = require "kam"

kam.Pipeline { kam.ConsoleReader(), kam.map(string.upper), kam.ConsoleEchoer() }:run()

--< one
--< two
--> ONE
--> TWO
