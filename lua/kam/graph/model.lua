-- model: what a drawing shows: a component, its children, and the links among them.
--
--     { name =, kind =, nodes = { node }, edges = { { from =, box =, to =, tobox = } } }
--
-- A node is { name =, kind =, of = a model if it has children }, or an end that is none:
-- { name = "self" | "null" | "(unlinked)", plain = true }.

local core = require "kam.core"

local model = {}

local told = { control = true, signal = true }

-- Where a link of c's boxes, or of a child's, leads to in the drawing of c.
local function ends_of(c, link, node_of, plain)
  if link.kind == "in" and link.from == c and node_of[link.to] then
    return plain("self", "from", link.box), node_of[link.to]
  elseif link.kind == "out" and link.to == c and node_of[link.from] then
    return node_of[link.from], plain("self", "to", link.tobox)
  elseif link.kind == "null" and node_of[link.from] then
    return node_of[link.from], plain("null", "to", link.from, link.box)
  elseif link.kind == "link" and node_of[link.from] then
    return node_of[link.from], node_of[link.to] or link.to == c and plain("self", "back", link.tobox)
      or plain(core.name(link.to), "to", link.from, link.box)
  elseif link.kind == "link" and link.from == c and node_of[link.to] then
    return plain("self", "own", link.box), node_of[link.to]
  end
end

-- The outboxes that nobody reads: only `outbox`, and those that must not be unlinked.
local function add_unlinked(drawing, c, node, linked, plain)
  local _, outs = core.boxes(c)
  for _, box in ipairs(outs) do
    local key = ("%s of %d"):format(box.name, core.order(c))
    if box.name ~= "signal" and not box.optional and not linked[key] then
      drawing.edges[#drawing.edges + 1] =
        { from = node, box = box.name, to = plain("(unlinked)", "to", c, box.name), tobox = "inbox" }
    end
  end
end

local function draw(c, links)
  local name, kind = core.name(c)
  local drawing = { name = name, kind = kind, nodes = {}, edges = {} }
  local node_of, made = {}, {}
  for _, child in ipairs(core.children(c)) do
    local child_name, child_kind = core.name(child)
    local node = { name = child_name, kind = child_kind }
    node.of = #core.children(child) > 0 and draw(child, links) or nil
    drawing.nodes[#drawing.nodes + 1], node_of[child] = node, node
  end
  local function plain(label, ...)
    local key = label
    for _, part in ipairs { ... } do
      key = key .. " " .. (core.isself(part) and core.order(part) or part)
    end
    if not made[key] then
      made[key] = { name = label, plain = true, usual = label == "self" and "outbox" or "inbox" }
      drawing.nodes[#drawing.nodes + 1] = made[key]
    end
    return made[key]
  end
  local linked = {}
  for _, link in ipairs(links) do
    linked[("%s of %d"):format(link.box, core.order(link.from))] = true
    local hidden = link.kind ~= "link" and told[link.box] and (not link.tobox or told[link.tobox])
    local from, to
    if not hidden then from, to = ends_of(c, link, node_of, plain) end
    if from and to then
      drawing.edges[#drawing.edges + 1] = { from = from, box = link.box, to = to, tobox = link.tobox or "inbox" }
    end
  end
  for _, child in ipairs(core.children(c)) do
    add_unlinked(drawing, child, node_of[child], linked, plain)
  end
  return drawing
end

-- The drawing of c.
function model.of(c)
  return draw(c, core.links())
end

return model
