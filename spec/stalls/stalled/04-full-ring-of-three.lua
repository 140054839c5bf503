-- Three in a ring of boxes for one message, each of which sends two for one.
local kam = require "kam"

local function double(self)
  self:send "first"
  for msg in self:messages() do
    self:send(msg)
    self:send(msg)
  end
end

kam.Graphline {
  A = kam.main(double), B = kam.main(double), C = kam.main(double),
  linkages = { { "A -> B", limit = 1 }, { "B -> C", limit = 1 }, { "C -> A", limit = 1 } },
}:run()

--! 3 components are still waiting
--! waits for room in B.inbox (1 of 1)
--! waits for room in C.inbox (1 of 1)
--! waits for room in A.inbox (1 of 1)
--! make a box larger
--! exit 3
