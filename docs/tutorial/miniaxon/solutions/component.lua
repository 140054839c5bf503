-- MiniAxon, step 3, solved: a component is a microprocess with boxes.
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
  table.insert(self.boxes[box or "outbox"], msg)
  return true
end

-- How many messages wait in an inbox; false if none does.
function Component:dataReady(box)
  local n = #self.boxes[box or "inbox"]
  return n > 0 and n
end

-- Takes the oldest message out of an inbox, which must be there.
function Component:recv(box)
  return table.remove(self.boxes[box or "inbox"], 1)
end

return Component
