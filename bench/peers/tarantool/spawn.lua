-- Fibers that live for one message.
local fiber = require "fiber"
local bench = require "bench"

local spawn = {}

-- makes count fibers, then feeds each one message, and waits for all
function spawn.alive(count)
  local boxes, total, left, done = {}, 0, count, fiber.channel(1)
  for i = 1, count do
    local box = fiber.channel(1)
    boxes[i] = box
    fiber.new(function()
      total = total + box:get()
      left = left - 1
      if left == 0 then done:put(true) end
    end)
  end
  for i, box in ipairs(boxes) do box:put(i) end
  done:get()
  return total
end

-- makes a fiber, feeds it, and waits for its answer, count times
function spawn.sequence(count)
  local total, answer = 0, fiber.channel(1)
  for i = 1, count do
    local box = fiber.channel(1)
    fiber.new(function() answer:put(box:get()) end)
    box:put(i)
    total = total + answer:get()
  end
  return total
end

local variant, count = arg[1], tonumber(arg[2])
spawn[variant](count / 10)
bench.measure(count, function() return spawn[variant](count) == bench.sum(count) end)
