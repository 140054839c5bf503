-- Sends count messages from a source through relays in a row to a sink; the sum of their values.
local fiber = require "fiber"

return function(depth, count, message, value)
  local first = fiber.channel(256)
  fiber.new(function()
    for i = 1, count do first:put(message(i)) end
    first:put(false)
  end)
  local last = first
  for _ = 1, depth do
    local from, to = last, fiber.channel(256)
    fiber.new(function()
      repeat
        local m = from:get()
        to:put(m)
      until not m
    end)
    last = to
  end
  local total = 0
  while true do
    local m = last:get()
    if not m then return total end
    total = total + value(m)
  end
end
