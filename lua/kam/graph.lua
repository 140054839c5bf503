-- graph: a system as a drawing, in one of several forms.

local graph = { forms = { text = true, dot = true, mermaid = true, svg = true } }

-- Draws c as it is linked now; form is "text" unless it is another.
function graph.draw(c, form)
  local model = require "kam.graph.model".of(c)
  return require("kam.graph." .. (form or "text")).draw(model)
end

-- Draws several systems as one drawing, in which each is a frame.
function graph.draw_all(list, form)
  local all = { name = "", kind = "", nodes = {}, edges = {} }
  for i, c in ipairs(list) do
    local model = require "kam.graph.model".of(c)
    all.nodes[i] = { name = model.name, kind = model.kind, of = #model.nodes > 0 and model or nil }
  end
  return require("kam.graph." .. form).draw(all)
end

return graph
