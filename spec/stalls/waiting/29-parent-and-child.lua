-- A parent that waits for a child that sleeps.
local kam = require "kam"

local function parent(self)
  self:addInbox "ended"
  local child = self:addChildren(kam.main(function(c) c:sleep(0.05) end))
  self:watch(child, "ended")
  print(self:recv("ended").ok)
end

kam.main(parent):run()

--> true
