-- Time that passes is no stall.
local kam = require "kam"

kam.main(function(self)
  self:sleep(0.05)
  print "awake"
end):run()

--> awake
