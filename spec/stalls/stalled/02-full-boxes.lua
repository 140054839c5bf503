-- Two that fill each other's box, and read only afterwards.
local kam = require "kam"

local function fill(self)
  for n = 1, 300 do self:send(n) end
  for _ in self:messages() do end
end

kam.Graphline { A = kam.main(fill), B = kam.main(fill), linkages = { "A -> B -> A" } }:run()

--! waits for room in B.inbox (256 of 256)
--! waits for room in A.inbox (256 of 256)
--! make a box larger ({ "A -> B", limit = 1000 }), let one use trySend
--! exit 3
