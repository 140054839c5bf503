-- The end of a child is waited for, and the child is stuck.
local kam = require "kam"

local function parent(self)
  local child = self:addChildren(kam.main(function(c) c:recv() end))
  self:addInbox "ended"
  self:watch(child, "ended")
  self:recv "ended"
end

kam.main(parent):run()

--! 2 components are still waiting
--! main (31-end-of-a-child.lua:11) waits in ended for the end of main 2
--! main 2 (31-end-of-a-child.lua:5) waits for a message in inbox, and nothing was ever linked to it
--! exit 3
