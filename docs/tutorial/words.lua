-- Four functions as a system: no component is declared.
local kam = require "kam"

local poem = "the rain it rains on the just and the unjust"

kam.Pipeline {
  kam.source(poem:gmatch "%a+"),
  kam.filter(function(word) return #word > 3 end),
  kam.map(string.upper),
  kam.each(print),
}:run()

--> RAIN
--> RAINS
--> JUST
--> UNJUST
