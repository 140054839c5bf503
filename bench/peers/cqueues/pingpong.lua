-- Two pass one number to and fro, counting up, until it is count (even).
local cqueues = require "cqueues"
local bench = require "bench"
local queue = require "queue"

local function rally(count)
  local system = cqueues.new()
  local to, fro, i = queue.new(1), queue.new(1), 0
  system:wrap(function()
    while i < count do
      to:put(i + 1)
      i = fro:take()
    end
    to:put(false)
  end)
  system:wrap(function()
    for number in to.take, to do
      if not number then break end
      fro:put(number + 1)
    end
  end)
  assert(system:loop())
  return i
end

local count = tonumber(arg[2])
rally(count // 10 * 2)
bench.measure(count, function() return rally(count) == count end)
