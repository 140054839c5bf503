-- MiniAxon, step 5, solved: components of the library, and the end of their work.
local kam = require "kam"
local Component = require "docs.tutorial.miniaxon.solutions.component"
local Microprocess = require "docs.tutorial.miniaxon.solutions.microprocess"

local Living = setmetatable({}, Component)
Living.__index = Living

-- A component of the library, from its declaration, on a core that is not its own.
function Living.new(make, options)
  local declared = kam.declaration(make)
  local self = setmetatable(Component.new(declared.name, declared.main), Living)
  for _, option in ipairs(declared.options) do self[option.name] = option.default end
  for name, value in pairs(options or {}) do self[name] = value end
  self.feeders, self.ended = 0, false
  return self
end

function Living:step()
  local more = Microprocess.step(self)
  self.ended = not more
  return more
end

-- Takes the oldest message, and waits for it; nil and "ended" when no more can come.
function Living:recv(box)
  while not self:dataReady(box) do
    if self.feeders == 0 then return nil, "ended" end
    coroutine.yield()
  end
  return Component.recv(self, box)
end

function Living:messages(box)
  return function() return (self:recv(box)) end
end

-- A postman from from.outbox to to.inbox, who stops when from has ended and all that it
-- sent is carried: then to has a feeder less.
function Living.link(from, to)
  to.feeders = to.feeders + 1
  return Microprocess.new("postman", function()
    local last
    repeat
      last = from.ended -- asked first: what was sent before the end is carried below
      while #from.boxes.outbox > 0 do
        table.insert(to.boxes.inbox, table.remove(from.boxes.outbox, 1))
      end
      if not last then coroutine.yield() end
    until last
    to.feeders = to.feeders - 1
  end)
end

return Living
