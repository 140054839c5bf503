-- Makes count coroutines that wait, each on a queue of its own.
local queue = require "queue"

return function(system, count)
  for _ = 1, count do
    local box = queue.new(256)
    system:wrap(function()
      for _ in box.take, box do end
    end)
  end
  system:step(0)
end
