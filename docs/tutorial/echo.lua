-- The same system in one line, with brackets instead of braces.
local kam = require "kam"

kam.Pipeline(kam.ConsoleReader(), kam.ConsoleEchoer()):run()

--< hello
--< world
--> hello
--> world
