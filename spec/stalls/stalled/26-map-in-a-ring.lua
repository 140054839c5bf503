-- Functions in a ring: nobody sends the first message.
local kam = require "kam"

kam.Graphline {
  ADD = kam.map(function(n) return n + 1 end),
  SMALL = kam.filter(function(n) return n < 10 end),
  linkages = { "ADD -> SMALL -> ADD" },
}:run()

--! ADD (26-map-in-a-ring.lua:5) waits for a message in inbox; only SMALL feeds it
--! SMALL (26-map-in-a-ring.lua:6) waits for a message in inbox; only ADD feeds it
--! exit 3
