-- Two pass one number to and fro, counting up, until it is count (even).
local fiber = require "fiber"
local bench = require "bench"

local function rally(count)
  local to, fro, i = fiber.channel(0), fiber.channel(0), 0
  fiber.new(function()
    while true do
      local number = to:get()
      if not number then break end
      fro:put(number + 1)
    end
  end)
  while i < count do
    to:put(i + 1)
    i = fro:get()
  end
  to:put(false)
  return i
end

local count = tonumber(arg[2])
rally(count / 5)
bench.measure(count, function() return rally(count) == count end)
