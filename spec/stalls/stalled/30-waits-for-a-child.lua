-- A parent waits for a message of its child, and the child for one of its parent.
local kam = require "kam"

local function parent(self)
  local child = self:addChildren(kam.PassThrough())
  self:link({ self, "outbox" }, child)
  self:link({ child, "outbox" }, { self, "inbox" })
  print(self:recv())
end

kam.main(parent):run()

--! 2 components are still waiting
--! main (30-waits-for-a-child.lua:11) waits for a message in inbox; only PassThrough feeds it
--! waits for a message in inbox; only main feeds it
--! exit 3
