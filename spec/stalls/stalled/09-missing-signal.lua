-- Hand-wired ends, of which the wire from A to B is missing.
local kam = require "kam"

local function work(self)
  if self.name == "A" then return end
  self:recv "control"
end

kam.Graphline {
  A = kam.main(work), B = kam.main(work), C = kam.main(work),
  linkages = { "B.signal -> C.control" },
}:run()

--! B (09-missing-signal.lua:10) waits for a message in control
--! C (09-missing-signal.lua:10) waits for a message in control; only B feeds it
--! exit 3
