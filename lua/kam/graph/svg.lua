-- svg: a drawing as a picture, on the columns and rows of the text.

local layers = require "kam.graph.layers"

local svg = {}

local ROW, LETTER, PAD, MARGIN, TRACK = 40, 8, 12, 16, 14

local head = [[
<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"
 orient="auto"><path d="M0 0 8 4 0 8z" fill="#445"/></marker></defs>
<style>text { font: 13px monospace; fill: #112 } .box { fill: #eef3fb; stroke: #468 }
 .frame { fill: none; stroke: #99a; stroke-dasharray: 4 3 } .small { font-size: 11px; fill: #556 }
 .link { fill: none; stroke: #445; stroke-width: 1.3 }</style>
<rect width="100%%" height="100%%" fill="#fff"/>]]

local function escaped(s)
  return (s:gsub('[&<>"]', { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function words(out, x, y, text, class)
  if text == "" then return end
  out[#out + 1] = ('<text x="%d" y="%d"%s>%s</text>'):format(x, y,
    class and (' class="%s"'):format(class) or "", escaped(text))
end

local function port_name(p) return p.name ~= p.usual and p.name or "" end

-- Where a row is.
local function row_y(top, row) return top + (row - 1) * ROW + ROW // 2 end

local function node_width(node) return node.bend and 0 or #node.name * LETTER + 2 * PAD end

local function draw_nodes(out, column, x, top)
  for _, node in ipairs(column) do
    node.x, node.width = x, node_width(node)
    if not node.bend then
      if not node.plain then
        out[#out + 1] = ('<rect class="box" x="%d" y="%d" width="%d" height="%d" rx="5"/>'):format(x,
          row_y(top, node.row) - 14, node.width, (node.height - 1) * ROW + 28)
      end
      words(out, x + PAD, row_y(top, node.row) + 4, node.name)
    end
  end
end

local function draw_arrows(out, column, x, top, stop)
  local track = x
  for _, node in ipairs(column) do
    for _, p in ipairs(node.ins) do
      for _, edge in ipairs(p.edges) do
        local from = edge.from
        local y, to_y = row_y(top, edge.out.row), row_y(top, p.row)
        out[#out + 1] = ('<path class="link" d="M%d %dH%dV%dH%d"%s/>'):format(from.x + from.width, y, track,
          to_y, stop, node.bend and "" or ' marker-end="url(#tip)"')
        if not from.bend then
          words(out, from.x + from.width + 4, y - 5, port_name(edge.out), "small")
        end
      end
      words(out, stop - 10 - #port_name(p) * 7, row_y(top, p.row) - 5, port_name(p), "small")
      track = track + TRACK
    end
  end
end

-- The room that a channel needs: names of boxes on both sides, and its tracks between.
local function channel(before, column)
  local left, right, tracks = 0, 0, 0
  for _, node in ipairs(before) do
    for _, p in ipairs(node.outs) do left = math.max(left, #port_name(p) * 7) end
  end
  for _, node in ipairs(column) do
    tracks = tracks + #node.ins
    for _, p in ipairs(node.ins) do right = math.max(right, #port_name(p) * 7) end
  end
  return left + 12, tracks * TRACK + right + 18
end

-- Draws one chassis from top on, then below it those in it; gives width and bottom.
local function draw(out, drawing, left, top)
  local x, bottom, list = left, top, layers.of(drawing)
  for i, column in ipairs(list) do
    if i > 1 then
      local before, after = channel(list[i - 1], column)
      draw_arrows(out, column, x + before, top, x + before + after)
      x = x + before + after
    end
    draw_nodes(out, column, x, top)
    local width = 0
    for _, node in ipairs(column) do
      width = math.max(width, node.width)
      bottom = math.max(bottom, top + (node.row + node.height - 1) * ROW)
    end
    x = x + width
  end
  for _, node in ipairs(drawing.nodes) do
    if node.of then
      words(out, left + 8, bottom + 24, node.name, "small")
      local wide, low = draw(out, node.of, left + MARGIN, bottom + 34)
      out[#out + 1] = ('<rect class="frame" x="%d" y="%d" width="%d" height="%d" rx="6"/>'):format(left,
        bottom + 8, wide - left + MARGIN, low - bottom)
      x, bottom = math.max(x, wide + MARGIN), low + 8
    end
  end
  return x, bottom
end

function svg.draw(drawing)
  local out = {}
  local width, height = draw(out, drawing, MARGIN, MARGIN)
  width, height = width + MARGIN, height + MARGIN
  table.insert(out, 1, head:format(width, height, width, height))
  out[#out + 1] = "</svg>"
  return table.concat(out, "\n")
end

return svg
