-- MiniAxon, step 5: components of the library, and the end of their work.
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
  -- Yours to write: while nothing is there, yield; but when self.feeders is 0, nobody is
  -- left who could send anything, so give nil and "ended" instead of waiting for ever.
  error("a hole: Living:recv in docs/tutorial/miniaxon/5/living.lua", 0)
end

function Living:messages(box)
  return function() return (self:recv(box)) end
end

-- A postman from from.outbox to to.inbox, who stops when from has ended and all that it
-- sent is carried: then to has a feeder less.
function Living.link(from, to)
  to.feeders = to.feeders + 1 -- and one less when it stops: yours to write as well
  return Microprocess.new("postman", function()
    -- Yours to write: as in step 4, but not for ever. Stop when from.ended is true and
    -- nothing is left in its outbox. In which order must you look at the two?
    error("a hole: Living.link in docs/tutorial/miniaxon/5/living.lua", 0)
  end)
end

return Living
