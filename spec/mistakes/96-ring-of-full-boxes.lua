-- Two that wait for room in one another.
local kam = require "kam"
local Swap = kam.component "Swap" {
  main = function(self)
    for i = 1, 500 do self:send(i) end
    for _ = 1, 500 do self:recv() end
  end,
}
kam.Graphline {
  A = Swap(), B = Swap(),
  linkages = { "A -> B", "B -> A" },
}:run()
--! exit 3
--! stalled
--! waits for room in B.inbox (256 of 256)
--! waits for room in A.inbox (256 of 256)
--! { "A -> B", limit = 1000 }
--mend: "A -> B" ==> { "A -> B", limit = 1000 }
