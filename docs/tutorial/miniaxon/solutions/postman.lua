-- MiniAxon, step 4, solved: a postman carries what is in one box to another.
local Microprocess = require "docs.tutorial.miniaxon.solutions.microprocess"

local Postman = {}

-- A microprocess that carries messages from an outbox of one component to an inbox of
-- another, for ever.
function Postman.new(from, outbox, to, inbox)
  return Microprocess.new("postman", function()
    while true do
      local messages = from.boxes[outbox]
      while #messages > 0 do
        table.insert(to.boxes[inbox], table.remove(messages, 1))
      end
      coroutine.yield()
    end
  end)
end

return Postman
