-- A playlist: Chooser gives names, and Carousel makes a component for each, one at a
-- time. When the list is done, both end.
local kam = require "kam"

local function player(title)
  return kam.DataSource { title .. " begins", title .. " ends" }
end

kam.Graphline {
  LIST   = kam.Chooser { items = { "one", "two" } },
  PLAYER = kam.Carousel { player, make1stRequest = false },
  OUT    = kam.ConsoleEchoer(),
  linkages = { "LIST -> PLAYER.next", "PLAYER.requestNext -> LIST", "PLAYER -> OUT" },
}:run()

--> one begins
--> one ends
--> two begins
--> two ends
