-- MiniAxon, step 4: a postman carries what is in one box to another.
local Microprocess = require "docs.tutorial.miniaxon.solutions.microprocess"

local Postman = {}

-- A microprocess that carries messages from an outbox of one component to an inbox of
-- another, for ever.
function Postman.new(from, outbox, to, inbox)
  return Microprocess.new("postman", function()
    -- Yours to write: for ever, take all that is in from.boxes[outbox], oldest first, put
    -- it at the end of to.boxes[inbox], and yield.
    error("a hole: Postman.new in docs/tutorial/miniaxon/4/postman.lua", 0)
  end)
end

return Postman
