-- Sends count messages from a source through relays in a row to a sink; the sum of their values.
local queue = require "queue"

return function(system, depth, count, message, value)
  local first, total, done = queue.new(256), 0, false
  system:wrap(function()
    for i = 1, count do first:put(message(i)) end
    first:put(false)
  end)
  local last = first
  for _ = 1, depth do
    local from, to = last, queue.new(256)
    system:wrap(function()
      repeat
        local m = from:take()
        to:put(m)
      until not m
    end)
    last = to
  end
  system:wrap(function()
    for m in last.take, last do
      if not m then break end
      total = total + value(m)
    end
    done = true
  end)
  repeat assert(system:step()) until done
  return total
end
