-- A and B feed SINK, which waits for the end before it takes anything; only A's is wired
-- to its control by hand, and A itself waits for ever.
local kam = require "kam"

local Sink = kam.component "Sink" {
  main = function(self)
    self:recv "control"
    for m in self:messages() do print(m) end
  end,
}

local function waits(self) self:recv() end

kam.Graphline {
  A = kam.main(waits), B = kam.main(waits), SINK = Sink(),
  linkages = { "A, B -> SINK", "A.signal -> SINK.control" },
}:run()

--! SINK (36-wire-to-one-of-two.lua:15) waits for a message in control; only A feeds it, and the signal of B is not linked to it
--! exit 3
