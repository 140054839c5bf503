-- A Carousel between two of its components, and a pause before the next.
local kam = require "kam"

kam.Graphline {
  LIST = kam.DataSource { "one", "two" }, PAUSE = kam.RateLimit { messages = 20 },
  PLAYER = kam.Carousel(kam.OneShot), OUT = kam.ConsoleEchoer(),
  linkages = { "LIST -> PAUSE -> PLAYER.next", "PLAYER -> OUT", "PLAYER.requestNext -> null" },
}:run()

--> one
--> two
