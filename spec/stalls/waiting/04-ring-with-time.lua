-- A ring in which one loses patience, and begins.
local kam = require "kam"

local function begin(self)
  if not self:recv("inbox", 0.05) then self:send "well then" end
  print(self:recv())
end

kam.Graphline { A = kam.main(begin), B = kam.PassThrough(), linkages = { "A -> B -> A" } }:run()

--> well then
