-- A sink that counts the ends of its two sources, though the end is told once, and one
-- of the two wires of it is missing.
local kam = require "kam"

local Sink = kam.component "Sink" {
  main = function(self)
    for _ = 1, 2 do self:recv "control" end
    for m in self:messages() do print(m) end
  end,
}

kam.Graphline {
  A = kam.DataSource { 1 }, B = kam.DataSource { 2 }, SINK = Sink(),
  linkages = { "A, B -> SINK", "A.signal -> SINK.control" },
}:run()

--! SINK (35-end-said-once.lua:13) waits for a message in control, and the end, which it has taken, comes once
--! it has been told to end: that comes once; let it end then
--! exit 3
