-- Coroutines that live for one message.
local cqueues = require "cqueues"
local bench = require "bench"
local queue = require "queue"

local spawn = {}

-- makes count coroutines, then feeds each one message, and waits for all
function spawn.alive(count)
  local system = cqueues.new()
  local boxes, total = {}, 0
  for i = 1, count do
    local box = queue.new(1)
    boxes[i] = box
    system:wrap(function() total = total + box:take() end)
  end
  system:wrap(function()
    for i, box in ipairs(boxes) do box:put(i) end
  end)
  assert(system:loop())
  return total
end

-- makes a coroutine, feeds it, and waits for its answer, count times
function spawn.sequence(count)
  local system = cqueues.new()
  local total, answer = 0, queue.new(1)
  system:wrap(function()
    for i = 1, count do
      local box = queue.new(1)
      system:wrap(function() answer:put(box:take()) end)
      box:put(i)
      total = total + answer:take()
    end
  end)
  assert(system:loop())
  return total
end

local variant, count = arg[1], tonumber(arg[2])
spawn[variant](count // 10)
bench.measure(count, function() return spawn[variant](count) == bench.sum(count) end)
