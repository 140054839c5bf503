-- Random numbers that can be had again: RandomSource draws from math.random, which
-- `kam --seed 7 random.lua` sets, as math.randomseed does here.
local kam = require "kam"

local function throws(seed)
  math.randomseed(seed)
  local list = kam.try(kam.RandomSource { from = 1, to = 6, count = 100 })
  return table.concat(list)
end

print(#throws(7), throws(7) == throws(7), throws(7) == throws(8))

-- Items of a list, by chance; the first that has come three times wins.
local counts = {}
local function three_times(name)
  counts[name] = (counts[name] or 0) + 1
  return counts[name] == 3
end

kam.Pipeline {
  kam.RandomSource { "ann", "ann" },
  kam.filter(three_times),
  kam.FirstOnly(),
  kam.map(function(name) return name .. " wins" end),
  kam.ConsoleEchoer(),
}:run()

--> 100	true	false
--> ann wins
