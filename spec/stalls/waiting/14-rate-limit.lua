-- A sender that waits for one who is slow on purpose.
local kam = require "kam"

kam.Graphline {
  SRC = kam.DataSource { 1, 2, 3 }, SLOW = kam.RateLimit { messages = 40 }, OUT = kam.ConsoleEchoer(),
  linkages = { { "SRC -> SLOW", limit = 1 }, { "SLOW -> OUT", limit = 1 } },
}:run()

--> 1
--> 2
--> 3
