-- A Graphline with boxes of its own: self is its inbox on the left of an arrow
-- and its outbox on the right.
local kam = require "kam"

local function LongAndShort()
  return kam.Graphline {
    LONG  = kam.filter(function(word) return #word > 3 end),
    UPPER = kam.map(string.upper),
    linkages = { "self -> LONG -> UPPER -> self" },
  }
end

kam.Pipeline {
  kam.DataSource { "a", "word", "or", "three" },
  LongAndShort(),
  kam.ConsoleEchoer(),
}:run()

--> WORD
--> THREE
