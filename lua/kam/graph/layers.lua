-- layers: which column and which rows each node of a drawing has.
--
-- A node is in the column after the last of those that feed it. An edge that leads back
-- becomes one to an end of its own, "(back to NAME)". One that skips a column passes
-- through it as a bend. Rows are chosen so that an arrow's row in front of a column is
-- no other arrow's row behind the column before it: lines may cross, and never share.

local layers = {}

-- Takes the edges that lead back out of the way.
local function without_loops(drawing)
  local out, state, nodes, edges = {}, {}, {}, {}
  for i, node in ipairs(drawing.nodes) do nodes[i] = node end
  for _, edge in ipairs(drawing.edges) do
    out[edge.from] = out[edge.from] or {}
    table.insert(out[edge.from], edge)
  end
  local function visit(node)
    state[node] = "open"
    for _, edge in ipairs(out[node] or {}) do
      local to = edge.to
      if state[to] == "open" then
        to = { name = ("(back to %s)"):format(to.name), plain = true }
        nodes[#nodes + 1] = to
      elseif not state[to] then
        visit(to)
      end
      edges[#edges + 1] = { from = node, box = edge.box, to = to, tobox = edge.tobox }
    end
    state[node] = "done"
  end
  for _, node in ipairs(drawing.nodes) do
    if not state[node] then visit(node) end
  end
  return nodes, edges
end

local function columns_of(nodes, edges)
  local column, fed = {}, {}
  for _, node in ipairs(nodes) do column[node] = 1 end
  local changed = true
  while changed do
    changed = false
    for _, edge in ipairs(edges) do
      fed[edge.to] = true
      if column[edge.to] <= column[edge.from] then
        column[edge.to], changed = column[edge.from] + 1, true
      end
    end
  end
  for _, node in ipairs(nodes) do -- who is fed by nobody stands by whom it feeds
    local least
    for _, edge in ipairs(edges) do
      if edge.from == node then least = math.min(least or math.huge, column[edge.to]) end
    end
    if not fed[node] and least then column[node] = least - 1 end
  end
  return column
end

-- Edges from one column to the next, with bends in the columns that are skipped; those
-- to one inbox share their bends.
local function bend(nodes, edges, column)
  local bends, short = {}, {}
  for _, edge in ipairs(edges) do
    local from, box = edge.from, edge.box
    for at = column[edge.from] + 1, column[edge.to] - 1 do
      bends[edge.to] = bends[edge.to] or {}
      local key = ("%d %s"):format(at, edge.tobox)
      local b, known = bends[edge.to][key], true
      if not b then
        b, known = { name = "", bend = true }, false
        bends[edge.to][key], column[b] = b, at
        nodes[#nodes + 1] = b
      end
      short[#short + 1] = { from = from, box = box, to = b, tobox = "inbox" }
      from, box = b, "outbox"
      if known then
        from = nil
        break
      end
    end
    if from then short[#short + 1] = { from = from, box = box, to = edge.to, tobox = edge.tobox } end
  end
  return short
end

-- The ports of nodes: lists of { name =, edges = { edge } }; an edge knows its two.
local function ports_of(nodes, edges)
  for _, node in ipairs(nodes) do node.ins, node.outs = {}, {} end
  local function port(list, name, usual)
    for _, p in ipairs(list) do
      if p.name == name then return p end
    end
    list[#list + 1] = { name = name, usual = usual, edges = {} }
    return list[#list]
  end
  for _, edge in ipairs(edges) do
    edge.out = port(edge.from.outs, edge.box, edge.from.plain and "inbox" or "outbox")
    edge.into = port(edge.to.ins, edge.tobox, edge.to.usual or "inbox")
    table.insert(edge.out.edges, edge)
    table.insert(edge.into.edges, edge)
  end
end

-- Where a node would like to be: by those that feed it.
local function wish(node)
  local sum, n = 0, 0
  for _, p in ipairs(node.ins) do
    for _, edge in ipairs(p.edges) do sum, n = sum + edge.out.row, n + 1 end
  end
  return n > 0 and sum / n or nil
end

local function fits(node, row, taken)
  for i, p in ipairs(node.ins) do
    local other = taken[row + i - 1]
    if other and other ~= p then return false end
  end
  return true
end

local function place(list, before)
  local taken, next_row = {}, 1
  for _, node in ipairs(before) do
    for _, p in ipairs(node.outs) do
      for _, edge in ipairs(p.edges) do taken[p.row] = edge.into end
    end
  end
  for i, node in ipairs(list) do node.wish, node.index = wish(node) or i, i end
  table.sort(list, function(a, b)
    if a.wish ~= b.wish then return a.wish < b.wish end
    return a.index < b.index
  end)
  for _, node in ipairs(list) do
    local row = math.max(next_row, #node.ins > 0 and math.ceil(node.wish) or 1)
    while not fits(node, row, taken) do row = row + 1 end
    node.row, node.height = row, math.max(1, #node.ins, #node.outs)
    for i, p in ipairs(node.ins) do p.row = row + i - 1 end
    for i, p in ipairs(node.outs) do p.row = row + i - 1 end
    next_row = row + node.height
  end
end

-- The columns of a drawing: lists of nodes with row, height, ins and outs.
function layers.of(drawing)
  local nodes, edges = without_loops(drawing)
  local column = columns_of(nodes, edges)
  edges = bend(nodes, edges, column)
  ports_of(nodes, edges)
  local list = {}
  for _, node in ipairs(nodes) do
    list[column[node]] = list[column[node]] or {}
    table.insert(list[column[node]], node)
  end
  local last = 0
  for i in pairs(list) do last = math.max(last, i) end
  for i = 1, last do
    list[i] = list[i] or {}
    place(list[i], list[i - 1] or {})
  end
  return list
end

return layers
