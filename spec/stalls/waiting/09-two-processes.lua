-- Two programs, of which one has ended long before the other.
local kam = require "kam"

kam.Par {
  kam.UnixProcess { "true" },
  kam.Pipeline { kam.UnixProcess { "sleep 0.1; echo late", shell = true }, kam.ConsoleEchoer { eol = "" } },
}:run()

--> late
