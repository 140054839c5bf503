-- A sender before a full box whose receiver sleeps now and then.
local kam = require "kam"

local function sleepy(self)
  for n in self:messages() do
    self:sleep(0.02)
    print(n)
  end
end

kam.Graphline {
  SRC = kam.DataSource { 1, 2, 3, 4 }, OUT = kam.main(sleepy), linkages = { { "SRC -> OUT", limit = 1 } },
}:run()

--> 1
--> 2
--> 3
--> 4
