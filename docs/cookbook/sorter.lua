-- Boxes that depend on an option are added in init, which runs when the component
-- is made. What the outbox `unknown` sends need not be linked: it is optional.
local kam = require "kam"

local Sorter = kam.component "Sorter" {
  summary  = "Sends each word to the outbox of its length.",
  outboxes = { outbox = "the rest", unknown = { "not strings", optional = true } },
  options  = { lengths = { type = "list", "word lengths that get a box" } },
  first    = "lengths",
  init = function(self)
    for _, n in ipairs(self.lengths) do self:addOutbox("len" .. n) end
  end,
  main = function(self)
    for word in self:messages() do
      if type(word) ~= "string" then self:send(word, "unknown")
      elseif self.outboxes["len" .. #word] then self:send(word, "len" .. #word)
      else self:send(word) end
    end
  end,
}

kam.Graphline {
  WORDS = kam.DataSource { "to", "be", "or", 7, "not", "that", "is" },
  SORT  = Sorter { 2, 3 },
  TWO   = kam.Collate(),
  OUT   = kam.ConsoleEchoer(),
  linkages = {
    "WORDS -> SORT",
    "SORT.len2 -> TWO -> OUT",
    "SORT.len3 -> null",
    "SORT -> OUT",
  },
}:run()

--> that
--> { "to", "be", "or", "is" }
