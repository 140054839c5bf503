-- A ring for one message, into which two are brought.
local kam = require "kam"

local function begin(self)
  self:send(1)
  self:send(2)
  for n in self:messages() do self:send(n) end
end

kam.Graphline {
  A = kam.main(begin), B = kam.main(begin),
  linkages = { { "A -> B", limit = 1 }, { "B -> A", limit = 1 } },
}:run()

--! A (27-ring-of-one-place.lua:11) waits for room in B.inbox (1 of 1)
--! B (27-ring-of-one-place.lua:11) waits for room in A.inbox (1 of 1)
--! exit 3
