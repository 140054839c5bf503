-- dot: a drawing in the language of graphviz.

local dot = {}

local function quoted(s)
  return '"' .. s:gsub('[\\"]', "\\%0"):gsub("\n", "\\n") .. '"'
end

-- A chassis is a cluster; links to it go to a point of its own in it.
local function add(out, drawing, indent, id)
  local ids = {}
  for i, node in ipairs(drawing.nodes) do
    ids[node] = ("%s_%d"):format(id, i)
    if node.of then
      out[#out + 1] = ("%ssubgraph cluster%s {"):format(indent, ids[node])
      out[#out + 1] = ("%s  label=%s;"):format(indent, quoted(node.name))
      out[#out + 1] = ("%s  %s [label=%s];"):format(indent, ids[node], quoted(node.name))
      add(out, node.of, indent .. "  ", ids[node])
      out[#out + 1] = indent .. "}"
    else
      out[#out + 1] = ("%s%s [label=%s%s];"):format(indent, ids[node], quoted(node.name),
        node.plain and ", shape=plaintext" or "")
    end
  end
  for _, edge in ipairs(drawing.edges) do
    out[#out + 1] = ("%s%s -> %s [taillabel=%s, headlabel=%s];"):format(indent, ids[edge.from],
      ids[edge.to], quoted(edge.box ~= (edge.from.plain and "inbox" or "outbox") and edge.box or ""),
      quoted(edge.tobox ~= (edge.to.usual or "inbox") and edge.tobox or ""))
  end
end

function dot.draw(drawing)
  local out = { "digraph kam {", "  rankdir=LR;",
    '  node [shape=box, style=rounded, fontname="sans-serif"];',
    '  edge [fontname="sans-serif", fontsize=10];' }
  add(out, drawing, "  ", "n")
  out[#out + 1] = "}"
  return table.concat(out, "\n")
end

return dot
