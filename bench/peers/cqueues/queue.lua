-- A bounded queue, for one that puts and one that takes.
local condition = require "cqueues.condition"

local queue = {}
queue.__index = queue

function queue.new(limit)
  return setmetatable({
    limit = limit, first = 1, last = 0, some = condition.new(), room = condition.new(),
  }, queue)
end

function queue:put(message)
  while self.last - self.first + 1 == self.limit do self.room:wait() end
  self.last = self.last + 1
  self[self.last] = message
  if self.last == self.first then self.some:signal() end
end

function queue:take()
  while self.last < self.first do self.some:wait() end
  local message = self[self.first]
  self[self.first] = nil
  self.first = self.first + 1
  if self.last - self.first + 2 == self.limit then self.room:signal() end
  return message
end

return queue
