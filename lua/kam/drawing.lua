-- drawing: a graph laid out in columns from left to right, as text and as SVG.
--
-- Each node has a row for each of its boxes that is used. Between two columns lies a
-- channel with an upright track for each row that is entered there. An edge that would
-- lead back to the left is written below the drawing instead.

local drawing = {}

-- --- columns ---

-- Edges that lead forward, and those that close a circle.
local function split_edges(g)
  local outgoing, state, forward, back = {}, {}, {}, {}
  for _, node in ipairs(g.nodes) do outgoing[node] = {} end
  for _, edge in ipairs(g.edges) do table.insert(outgoing[edge.from], edge) end
  local function visit(node)
    state[node] = "open"
    for _, edge in ipairs(outgoing[node]) do
      if state[edge.to] == "open" then
        back[#back + 1] = edge
      else
        forward[#forward + 1] = edge
        if not state[edge.to] then visit(edge.to) end
      end
    end
    state[node] = "done"
  end
  local entered = {}
  for _, edge in ipairs(g.edges) do entered[edge.to] = true end
  for _, node in ipairs(g.nodes) do
    if not entered[node] and not state[node] then visit(node) end
  end
  for _, node in ipairs(g.nodes) do
    if not state[node] then visit(node) end
  end
  return forward, back
end

-- The column of each node: one behind the last of those that feed it.
local function columns_of(g, edges)
  local column, into = {}, {}
  for _, edge in ipairs(edges) do
    into[edge.to] = into[edge.to] or {}
    table.insert(into[edge.to], edge.from)
  end
  local function place(node)
    if not column[node] then
      local most = 0
      for _, from in ipairs(into[node] or {}) do most = math.max(most, place(from)) end
      column[node] = most + 1
    end
    return column[node]
  end
  local columns = {}
  for _, node in ipairs(g.nodes) do
    local i = place(node)
    columns[i] = columns[i] or {}
    table.insert(columns[i], node)
  end
  for _, edge in ipairs(edges) do -- a long edge goes through empty places
    local from = edge.from
    for i = column[edge.from] + 1, column[edge.to] - 1 do
      local way = { name = "", way = true, edge = edge }
      columns[i] = columns[i] or {}
      table.insert(columns[i], way)
      edge[#edge + 1] = { from = from, to = way, box = from == edge.from and edge.box or nil }
      from = way
    end
    edge[#edge + 1] = { from = from, to = edge.to, tobox = edge.tobox,
      box = from == edge.from and edge.box or nil }
  end
  return columns
end

-- --- rows ---

-- The rows of a node: which box stands in which.
local function ports(node, segments)
  node.ins, node.outs = {}, {}
  local function add(list, box)
    for i, other in ipairs(list) do
      if other == box then return i end
    end
    list[#list + 1] = box
    return #list
  end
  for _, s in ipairs(segments) do
    if s.to == node then s.to_row = add(node.ins, s.tobox or "") end
    if s.from == node then s.from_row = add(node.outs, s.box or "") end
  end
  node.rows = math.max(1, #node.ins, #node.outs)
end

-- Orders a column by the mean row of what feeds it.
local function order(column, segments)
  for i, node in ipairs(column) do
    local sum, n = 0, 0
    for _, s in ipairs(segments) do
      if s.to == node and s.from.y then sum, n = sum + s.from.y + s.from_row - 1, n + 1 end
    end
    node.want = n > 0 and sum / n or nil
    node.index = i
  end
  table.sort(column, function(a, b)
    local x, y = a.want or a.index - 1, b.want or b.index - 1
    if x ~= y then return x < y end
    return a.index < b.index
  end)
end

local function lay_out(g)
  local edges, back = split_edges(g)
  local columns, segments = columns_of(g, edges), {}
  for _, edge in ipairs(edges) do table.move(edge, 1, #edge, #segments + 1, segments) end
  for _, column in ipairs(columns) do
    for _, node in ipairs(column) do ports(node, segments) end
  end
  for _, column in ipairs(columns) do
    order(column, segments)
    local free = 0
    for _, node in ipairs(column) do
      node.y = math.max(free, node.want and math.floor(node.want) or free)
      free = node.y + node.rows
    end
  end
  return columns, segments, back
end

-- --- text ---

local LEFT, RIGHT, UP, DOWN = 1, 2, 4, 8
local lines = {
  [LEFT | RIGHT] = "─", [UP | DOWN] = "│", [RIGHT | DOWN] = "┌", [LEFT | DOWN] = "┐",
  [RIGHT | UP] = "└", [LEFT | UP] = "┘", [LEFT | RIGHT | DOWN] = "┬", [LEFT | RIGHT | UP] = "┴",
  [UP | DOWN | RIGHT] = "├", [UP | DOWN | LEFT] = "┤", [LEFT | RIGHT | UP | DOWN] = "┼",
  [LEFT] = "─", [RIGHT] = "─", [UP] = "│", [DOWN] = "│",
}

local Canvas = {}
Canvas.__index = Canvas

local function new_canvas() return setmetatable({ rows = {}, last = -1 }, Canvas) end

function Canvas:row(y)
  self.last = math.max(self.last, y)
  self.rows[y] = self.rows[y] or {}
  return self.rows[y]
end

function Canvas:join(x, y, bits)
  local row = self:row(y)
  if type(row[x]) ~= "string" then row[x] = (row[x] or 0) | bits end
end

function Canvas:write(x, y, text)
  local row = self:row(y)
  for _, code in utf8.codes(text) do
    row[x] = utf8.char(code)
    x = x + 1
  end
end

-- A level line from x1 to x2, both included.
function Canvas:level(x1, x2, y)
  for x = x1, x2 do self:join(x, y, LEFT | RIGHT) end
end

-- From where one comes in at x on row y1, up or down to row y2, and out to the right.
function Canvas:track(x, y1, y2)
  if y1 == y2 then
    self:join(x, y1, LEFT | RIGHT)
    return
  end
  local towards, from = y2 > y1 and DOWN or UP, y2 > y1 and UP or DOWN
  self:join(x, y1, LEFT | towards)
  for y = math.min(y1, y2) + 1, math.max(y1, y2) - 1 do self:join(x, y, UP | DOWN) end
  self:join(x, y2, RIGHT | from)
end

function Canvas:text()
  local out = {}
  for y = 0, self.last do
    local row, text, most = self.rows[y] or {}, {}, -1
    for x in pairs(row) do most = math.max(most, x) end
    for x = 0, most do
      local cell = row[x]
      text[#text + 1] = type(cell) == "string" and cell or cell and lines[cell] or " "
    end
    out[#out + 1] = table.concat(text):gsub("%s+$", "")
  end
  return table.concat(out, "\n")
end

local function width(text) return utf8.len(text) or #text end

-- What stands in a row of a node: before its name, its name, and after it.
local function cell(node, row)
  local into, out = node.ins[row] or "", node.outs[row] or ""
  return (into ~= "" and "(" .. into .. ") " or "") .. (row == 1 and node.name or ""),
    out ~= "" and "." .. out or ""
end

local function node_width(node)
  local left, right = 0, 0
  for row = 1, node.rows do
    local a, b = cell(node, row)
    left, right = math.max(left, width(a)), math.max(right, width(b))
  end
  node.left = left
  return left + right
end

-- The tracks of a channel: one for each row that is entered by a bent edge, so ordered
-- that as few level lines as can be run into each other.
local function tracks_of(segments)
  local targets, list = {}, {}
  for _, s in ipairs(segments) do
    if s.y1 ~= s.y2 and not targets[s.y2] then
      targets[s.y2] = { y = s.y2, from = {} }
      list[#list + 1] = targets[s.y2]
    end
    if s.y1 ~= s.y2 then table.insert(targets[s.y2].from, s.y1) end
  end
  -- A row that is left by an edge to one target and entered by another's: the one that is
  -- entered has to have its track further to the right.
  local function before(a, b)
    for _, y in ipairs(a.from) do
      if y == b.y then return true end
    end
    return false
  end
  table.sort(list, function(a, b) return a.y < b.y end)
  for _ = 1, #list do
    for i = 1, #list - 1 do
      if before(list[i + 1], list[i]) and not before(list[i], list[i + 1]) then
        list[i], list[i + 1] = list[i + 1], list[i]
      end
    end
  end
  for i, track in ipairs(list) do targets[track.y] = i end
  return targets, #list
end

local function edge_text(edge)
  return ("%s%s ─> %s%s"):format(edge.from.name, edge.box and "." .. edge.box or "",
    edge.tobox and "(" .. edge.tobox .. ") " or "", edge.to.name)
end

-- Where each column begins, and the segments that leave it with their tracks.
local function measure(columns, segments)
  local x, channels = 0, {}
  for i, column in ipairs(columns) do
    local wide, leaving = 0, {}
    for _, node in ipairs(column) do
      node.x, node.column = x, i
      wide = math.max(wide, node_width(node))
    end
    for _, s in ipairs(segments) do
      if s.from.column == i then
        s.y1, s.y2 = s.from.y + s.from_row - 1, s.to.y + s.to_row - 1
        leaving[#leaving + 1] = s
      end
    end
    local tracks, n = tracks_of(leaving)
    channels[i] = { x = x + wide, segments = leaving, tracks = tracks, n = n }
    x = x + wide + (n > 0 and n * 2 + 4 or 4)
  end
  return channels
end

local function drawn(g)
  local columns, segments, back = lay_out(g)
  local channels, canvas = measure(columns, segments), new_canvas()
  for i, column in ipairs(columns) do
    local channel, next_x = channels[i], channels[i + 1] and columns[i + 1][1].x
    for _, s in ipairs(channel.segments) do
      local text, out = cell(s.from, s.from_row)
      local from = s.from.way and s.from.x or s.from.x + s.from.left + width(out) + 1
      if s.from_row > #s.from.ins and out ~= "" then from = s.from.x + s.from.left + width(out) + 1 end
      if out == "" and not s.from.way then from = s.from.x + width(text) + 1 end
      local at = s.y1 ~= s.y2 and channel.x + channel.tracks[s.y2] * 2
      local to = next_x - 2
      if s.to.way then to = next_x - 1 end
      if at then
        canvas:level(from, at - 1, s.y1)
        canvas:track(at, s.y1, s.y2)
        canvas:level(at + 1, to - 1, s.y2)
      else
        canvas:level(from, to - 1, s.y1)
      end
      if not s.to.way then canvas:write(to, s.y2, ">") else canvas:level(to, to, s.y2) end
    end
    for _, node in ipairs(column) do
      if node.way then canvas:level(node.x, channel.x, node.y) end
    end
  end
  for _, column in ipairs(columns) do
    for _, node in ipairs(column) do
      for row = 1, node.way and 0 or node.rows do
        local text, out = cell(node, row)
        canvas:write(node.x, node.y + row - 1, text)
        canvas:write(node.x + node.left, node.y + row - 1, out)
      end
    end
  end
  local parts = { canvas:text() }
  for _, edge in ipairs(back) do parts[#parts + 1] = "and back: " .. edge_text(edge) end
  return table.concat(parts, "\n")
end

local WIDEST = 100 -- columns; what is wider is written as a list of its edges

-- The graph as text for people.
function drawing.text(g)
  local text = drawn(g)
  for line in text:gmatch "[^\n]+" do
    if width(line) > WIDEST then
      local list = {}
      for i, edge in ipairs(g.edges) do list[i] = edge_text(edge) end
      return table.concat(list, "\n")
    end
  end
  return text
end

-- --- SVG ---

local CHAR, ROW, GAP, MARGIN = 8, 44, 70, 16

local function escaped(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local style = [[<style>
  rect { fill: #eef3fb; stroke: #33527a; } text { font: 13px sans-serif; fill: #1b2733; }
  .pseudo rect { fill: none; stroke: none; } .box { font-size: 11px; fill: #5a6b7d; }
  path { fill: none; stroke: #33527a; stroke-width: 1.5; } .back { stroke-dasharray: 5 3; }
</style>]]

local function svg_node(node)
  return ('<g%s><rect x="%d" y="%d" width="%d" height="%d" rx="5"/>'
    .. '<text x="%d" y="%d" text-anchor="middle">%s</text></g>'):format(node.pseudo and ' class="pseudo"' or "",
      node.px, node.py, node.pw, node.ph, node.px + node.pw // 2, node.py + node.ph // 2 + 5, escaped(node.name))
end

local function port_y(node, row) return node.way and node.py or node.py + 15 + (row - 1) * ROW end

local function svg_edge(s, last)
  local x1, y1 = s.from.px + s.from.pw, port_y(s.from, s.from_row)
  local x2, y2 = s.to.px, port_y(s.to, s.to_row)
  local mid = (x1 + x2) // 2
  local out = { ('<path d="M%d %d C%d %d %d %d %d %d"%s/>'):format(x1, y1, mid, y1, mid, y2,
    x2 - (last and 7 or 0), y2, last and ' marker-end="url(#arrow)"' or "") }
  if s.box then
    out[2] = ('<text class="box" x="%d" y="%d">%s</text>'):format(x1 + 5, y1 - 5, escaped(s.box))
  end
  if s.tobox then
    out[#out + 1] = ('<text class="box" x="%d" y="%d" text-anchor="end">%s</text>'):format(x2 - 9,
      y2 - 5, escaped(s.tobox))
  end
  return table.concat(out)
end

local function svg_back(edge, bottom)
  local a, b = edge.from, edge.to
  local x1, x2 = a.px + a.pw // 2, b.px + b.pw // 2
  return ('<path class="back" d="M%d %d C%d %d %d %d %d %d" marker-end="url(#arrow)"/>'):format(x1, a.py + a.ph,
    x1, bottom, x2, bottom, x2, b.py + b.ph + 7)
end

-- The graph as an SVG picture.
function drawing.svg(g)
  local columns, segments, back = lay_out(g)
  local x, height, body = MARGIN, 0, {}
  for i, column in ipairs(columns) do
    local wide = 0
    for _, node in ipairs(column) do
      node.column = i
      node.px, node.py = x, MARGIN + node.y * ROW
      node.pw = node.way and 0 or width(node.name) * CHAR + 20
      node.ph = node.way and 0 or 30 + (node.rows - 1) * ROW
      if node.way then node.py = node.py + 15 end
      wide, height = math.max(wide, node.pw), math.max(height, node.py + node.ph)
    end
    for _, node in ipairs(column) do
      if node.way then node.pw = wide end
    end
    x = x + wide + GAP
  end
  for _, s in ipairs(segments) do
    body[#body + 1] = svg_edge(s, not s.to.way)
    if s.to.way then
      body[#body + 1] = ('<path d="M%d %d h%d"/>'):format(s.to.px, s.to.py, s.to.pw)
    end
  end
  for _, edge in ipairs(back) do body[#body + 1] = svg_back(edge, height + 40) end
  for _, column in ipairs(columns) do
    for _, node in ipairs(column) do
      if not node.way then body[#body + 1] = svg_node(node) end
    end
  end
  local w, h = x - GAP + MARGIN, height + MARGIN + (#back > 0 and 40 or 0)
  return ([[<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">
%s
<defs><marker id="arrow" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0 L8 4 L0 8 z" style="fill:#33527a;stroke:none"/></marker></defs>
%s
</svg>]]):format(w, h, w, h, style, table.concat(body, "\n"))
end

return drawing
