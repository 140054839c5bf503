-- MiniAxon, step 3: a component is a microprocess with boxes.
local Microprocess = require "docs.tutorial.miniaxon.solutions.microprocess"

local Component = setmetatable({}, Microprocess)
Component.__index = Component

-- One with an empty list for each of its boxes.
function Component.new(name, main)
  local self = setmetatable(Microprocess.new(name, main), Component)
  self.boxes = { inbox = {}, control = {}, outbox = {}, signal = {} }
  return self
end

-- Leaves a message in an outbox, from where somebody will take it.
function Component:send(msg, box)
  -- Yours to write: put msg at the end of the list self.boxes[box]; without a box,
  -- "outbox" is meant. Give true.
  error("a hole: Component:send in docs/tutorial/miniaxon/3/component.lua", 0)
end

-- How many messages wait in an inbox; false if none does.
function Component:dataReady(box)
  -- Yours to write. 0 is true in Lua.
  error("a hole: Component:dataReady in docs/tutorial/miniaxon/3/component.lua", 0)
end

-- Takes the oldest message out of an inbox, which must be there.
function Component:recv(box)
  -- Yours to write. The oldest is the first of the list.
  error("a hole: Component:recv in docs/tutorial/miniaxon/3/component.lua", 0)
end

return Component
