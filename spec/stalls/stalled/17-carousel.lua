-- A Carousel whose next component is never ordered.
local kam = require "kam"

kam.Graphline {
  SRC = kam.DataSource { "a", "b" },
  PLAYER = kam.Carousel { kam.map, make1stRequest = false }, OUT = kam.ConsoleEchoer(),
  linkages = { "SRC -> PLAYER -> OUT" },
}:run()

--! PLAYER (17-carousel.lua:6) waits for a message in next, and nothing was ever linked to it
--! to feed it: ["… -> PLAYER.next"]
--! exit 3
