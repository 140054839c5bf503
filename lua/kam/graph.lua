-- graph: a system as a drawing, in one of several forms.

local graph = { forms = { text = true, dot = true, mermaid = true, svg = true } }

-- Draws c as it is linked now; form is "text" unless it is another.
function graph.draw(c, form)
  local model = require "kam.graph.model".of(c)
  return require("kam.graph." .. (form or "text")).draw(model)
end

return graph
