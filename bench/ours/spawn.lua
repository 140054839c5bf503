-- Components that live for one message.
local kam = require "kam"
local bench = require "bench"

local total

local Once = kam.component "Once" {
  main = function(self)
    local n = self:recv() -- first: while it waits, others add to total
    total = total + n
  end,
}

local spawn = {}

-- makes n components, then links and feeds each one message, and ends when all have
function spawn.alive(self, n)
  local all = {}
  for i = 1, n do
    all[i] = Once()
    self:addChildren(all[i])
  end
  for i, once in ipairs(all) do
    local link = self:link({ self, "outbox" }, once)
    self:send(i)
    self:unlink(link)
  end
end

-- makes a component, links, feeds it, and lets it run to its end, n times
function spawn.sequence(self, n)
  for i = 1, n do
    local once = Once()
    self:addChildren(once)
    local link = self:link({ self, "outbox" }, once)
    self:send(i)
    self:unlink(link)
    self:yield()
  end
end

local variant, count = arg[1], tonumber(arg[2])

local function run(n)
  total = 0
  kam.main(function(self) spawn[variant](self, n) end):run()
  return total
end

run(count // 10)
bench.measure(count, function() return run(count) == bench.sum(count) end)
