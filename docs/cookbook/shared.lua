-- Why components send messages: two of them add to one variable, and the sum
-- depends on who runs when. Try --seed 1, --seed 3 and others.
local kam = require "kam"

local sum = 0

local Adder = kam.component "Adder" {
  summary = "Adds to a variable that others use as well. Do not do this.",
  options = { n = { 1, "what to add, three times" } },
  main = function(self)
    for _ = 1, 3 do
      local seen = sum
      self:yield()
      sum = seen + self.n
    end
  end,
}

kam.run(Adder(1), Adder(10))
print(sum)

--> 30
