-- A ring whose source from outside is slow, and ends.
local kam = require "kam"

local function once(self)
  for n in self:messages() do
    if n < 10 then
      self:send(n * 10)
    else
      print(n)
    end
  end
end

kam.Graphline {
  SRC = kam.PeriodicTick { 0.03, count = 2 }, A = kam.main(once), B = kam.PassThrough(),
  linkages = { "SRC -> A -> B -> A" },
}:run()

--> 10
--> 20
