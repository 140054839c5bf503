-- text: a drawing as text that can be pasted into a letter.
--
--     A ─┐
--     B ─┴─> SUM ─> (unlinked)

local layers = require "kam.graph.layers"

local text = {}

local WIDTH = 100

local UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
local lines = { [3] = "│", [12] = "─", [5] = "┘", [6] = "┐", [9] = "└", [10] = "┌",
  [7] = "┤", [11] = "├", [13] = "┴", [14] = "┬", [15] = "┼" }

local function new_canvas()
  return { width = 0, height = 0, rows = {} }
end

local function put(canvas, row, x, cell)
  canvas.rows[row] = canvas.rows[row] or {}
  local old = canvas.rows[row][x]
  if type(cell) == "number" and type(old) == "number" then cell = cell | old end
  canvas.rows[row][x] = cell
  canvas.width, canvas.height = math.max(canvas.width, x), math.max(canvas.height, row)
end

local function write(canvas, row, x, words)
  for i = 1, #words do put(canvas, row, x + i - 1, words:sub(i, i)) end
end

local function across(canvas, row, from, to)
  for x = from, to do put(canvas, row, x, LEFT | RIGHT) end
end

local function canvas_lines(canvas, indent)
  local out = {}
  for row = 1, canvas.height do
    local cells = canvas.rows[row] or {}
    for x = 1, canvas.width do
      local cell = cells[x]
      cells[x] = type(cell) == "number" and lines[cell] or cell or " "
    end
    out[row] = (indent .. table.concat(cells, "", 1, canvas.width)):gsub("%s+$", "")
  end
  return out
end

-- Names of boxes that are not the usual ones stand at the arrows.
local function out_label(p) return p.name ~= p.usual and "." .. p.name or "" end
local function in_label(p) return p.name ~= p.usual and " " .. p.name .. " " or "" end

-- The widest of a column's nodes with their outboxes' names.
local function width_of(column)
  local width = 0
  for _, node in ipairs(column) do
    width = math.max(width, #node.name)
    for i, p in ipairs(node.outs) do
      local name = i == 1 and #node.name or 1
      width = math.max(width, name + #out_label(p))
    end
  end
  return width
end

local function draw_nodes(canvas, column, x, width)
  for _, node in ipairs(column) do
    write(canvas, node.row, x, node.name)
    if node.bend then across(canvas, node.row, x, x + width) end
    for i, p in ipairs(node.outs) do
      local at = i == 1 and x + #node.name or x + 1
      write(canvas, p.row, at, out_label(p))
      at = at + #out_label(p)
      across(canvas, p.row, at + (node.bend and 0 or 1), x + width)
    end
  end
end

-- One inbox's arrow: from the rows of those that feed it to its own, on track x.
local function draw_arrow(canvas, p, start, x, stop, is_bend)
  local low, high = p.row, p.row
  for _, edge in ipairs(p.edges) do
    local row = edge.out.row
    low, high = math.min(low, row), math.max(high, row)
    across(canvas, row, start, x - 1)
    put(canvas, row, x, LEFT)
  end
  for row = low, high do
    if low < high then
      put(canvas, row, x, (row > low and UP or 0) | (row < high and DOWN or 0))
    end
  end
  put(canvas, p.row, x, RIGHT)
  if is_bend then
    across(canvas, p.row, x + 1, stop)
    return
  end
  local label = in_label(p)
  across(canvas, p.row, x + 1, stop - #label - 2)
  write(canvas, p.row, stop - #label - 1, label .. "> ")
end

-- The arrows into a column: the place where it begins.
local function draw_arrows(canvas, column, start)
  local bent, straight, labels = {}, {}, 0
  for _, node in ipairs(column) do
    for _, p in ipairs(node.ins) do
      local one = #p.edges == 1 and p.edges[1].out.row == p.row
      table.insert(one and straight or bent, { p, node.bend })
      labels = math.max(labels, #in_label(p))
    end
  end
  if #bent + #straight == 0 then return start + 2 end
  local stop = start + #bent * 2 + labels + 2
  for i, b in ipairs(bent) do draw_arrow(canvas, b[1], start, start + i * 2 - 1, stop, b[2]) end
  for _, s in ipairs(straight) do draw_arrow(canvas, s[1], start, start, stop, s[2]) end
  return stop + 1
end

local function as_list(drawing, indent, out)
  for _, edge in ipairs(drawing.edges) do
    local from = out_label { name = edge.box, usual = edge.from.plain and "inbox" or "outbox" }
    local to = in_label { name = edge.tobox, usual = edge.to.usual or "inbox" }
    out[#out + 1] = ("%s%s%s ─%s> %s"):format(indent, edge.from.name, from, to, edge.to.name)
  end
end

local function add(drawing, indent, out)
  local canvas, x = new_canvas(), 1
  for i, column in ipairs(layers.of(drawing)) do
    if i > 1 then x = draw_arrows(canvas, column, x) end
    local width = width_of(column)
    draw_nodes(canvas, column, x, width)
    x = x + width + 1
  end
  if canvas.width + #indent > WIDTH then
    as_list(drawing, indent, out)
  else
    table.move(canvas_lines(canvas, indent), 1, canvas.height, #out + 1, out)
  end
  for _, node in ipairs(drawing.nodes) do
    if node.of then
      out[#out + 1] = ""
      out[#out + 1] = ("%s%s%s:"):format(indent, node.name,
        node.kind ~= node.name and (" (%s)"):format(node.kind) or "")
      add(node.of, indent .. "  ", out)
    end
  end
end

-- A model as text.
function text.draw(drawing)
  if #drawing.nodes == 0 then return drawing.name end
  local out = {}
  add(drawing, "", out)
  return table.concat(out, "\n")
end

return text
