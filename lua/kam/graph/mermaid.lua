-- mermaid: a drawing as a flowchart of Mermaid, as in Markdown files.

local mermaid = {}

-- Texts stand in quotes; what would end them is written by its number.
local function quoted(s)
  return '"' .. s:gsub('[#"&<>]', function(c) return ("#%d;"):format(c:byte()) end) .. '"'
end

local function label(edge)
  local parts = {}
  if edge.box ~= (edge.from.plain and "inbox" or "outbox") then parts[#parts + 1] = edge.box end
  if edge.tobox ~= (edge.to.usual or "inbox") then parts[#parts + 1] = "to " .. edge.tobox end
  return #parts > 0 and ("|%s|"):format(quoted(table.concat(parts, " "))) or ""
end

local function add(out, drawing, indent, id)
  local ids = {}
  for i, node in ipairs(drawing.nodes) do
    ids[node] = ("%s_%d"):format(id, i)
    if node.of then
      out[#out + 1] = ("%ssubgraph %s [%s]"):format(indent, ids[node], quoted(node.name))
      add(out, node.of, indent .. "  ", ids[node])
      out[#out + 1] = indent .. "end"
    else
      local shape = node.plain and "%s%s([%s])" or "%s%s[%s]"
      out[#out + 1] = shape:format(indent, ids[node], quoted(node.name))
    end
  end
  for _, edge in ipairs(drawing.edges) do
    out[#out + 1] = ("%s%s -->%s %s"):format(indent, ids[edge.from], label(edge), ids[edge.to])
  end
end

function mermaid.draw(drawing)
  local out = { "flowchart LR" }
  add(out, drawing, "  ", "n")
  return table.concat(out, "\n")
end

return mermaid
