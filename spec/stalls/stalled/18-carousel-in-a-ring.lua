-- A Carousel and its Chooser that wait for each other: nobody begins.
local kam = require "kam"

local function pick(self)
  for _ in self:messages() do self:send "song" end
end

kam.Graphline {
  PICK = kam.main(pick),
  PLAYER = kam.Carousel { function(name) return kam.OneShot(name) end, make1stRequest = false },
  linkages = { "PLAYER.requestNext -> PICK -> PLAYER.next", "PLAYER -> null" },
}:run()

--! PICK (18-carousel-in-a-ring.lua:9) waits for a message in inbox; only PLAYER feeds it
--! PLAYER (18-carousel-in-a-ring.lua:10) waits for a message in next; only PICK feeds it
--! exit 3
