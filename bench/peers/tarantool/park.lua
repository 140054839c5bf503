-- Makes count fibers that wait, each on a channel of its own.
local fiber = require "fiber"

return function(count)
  for _ = 1, count do
    local box = fiber.channel(1)
    fiber.create(function()
      while box:get() do end
    end)
  end
end
