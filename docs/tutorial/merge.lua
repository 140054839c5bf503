-- Two sources, one receiver: it goes on until both have ended.
local kam = require "kam"

kam.Graphline {
  A   = kam.DataSource { "a1", "a2", "a3" },
  B   = kam.DataSource { "b1" },
  OUT = kam.ConsoleEchoer(),
  linkages = { "A, B -> OUT" },
}:run()

--> a1
--> a2
--> a3
--> b1
