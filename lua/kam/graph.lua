-- graph: a system as nodes and edges, and as DOT and Mermaid.
--
-- Nodes are the components that work; a box that a chassis passes on is followed to
-- where it leads. What leaves the system stands as a node of its own: self, null,
-- (unlinked).

local core = require "kam.core"

local graph = {}

-- --- the model ---

local function key(c, out, box)
  return ("%s %s %s"):format(core.order(c), out and "out" or "in", box)
end

-- What leaves each port, by key(): the link.
local function leaving()
  local map = {}
  for _, link in ipairs(core.links()) do
    map[key(link.from, link.kind ~= "in", link.box)] = link
  end
  return map
end

-- Where a port leads in the end: component, box, "in" | "null" | "out" (an outbox that is
-- not linked any further).
local function follow(map, c, out, box)
  local link = map[key(c, out, box)]
  while link do
    if link.kind == "null" then return nil, nil, "null" end
    c, box, out = link.to, link.tobox, link.kind == "out"
    link = map[key(c, out, box)]
  end
  return c, box, out and "out" or "in"
end

local Graph = {}
Graph.__index = Graph

function Graph:add(node)
  self.nodes[#self.nodes + 1] = node
  if node.component then self.of[node.component] = node end
  return node
end

-- The nodes below a component; groups are the chassis around them, outermost first.
function Graph:collect(c, groups)
  local look = core.look(c)
  if not look then return end
  local children = core.children(c)
  if look.passive and #children == 1 and #core.children(children[1]) == 0 and groups[1] then
    self:add { component = children[1], name = core.name(c), group = groups[#groups] }
  elseif look.passive and #children > 0 then
    local group = { name = core.name(c), component = c, outer = groups[#groups] }
    self.groups[#self.groups + 1] = group
    local inner = table.move(groups, 1, #groups, 1, {})
    inner[#inner + 1] = group
    for _, child in ipairs(children) do self:collect(child, inner) end
  else
    self:add { component = c, name = core.name(c), group = groups[#groups] }
    for _, child in ipairs(children) do self:collect(child, groups) end
  end
end

-- A node that is no component, one for each use of it.
function Graph:pseudo(name) return self:add { name = name, pseudo = true } end

function Graph:edge(from, box, to, tobox)
  self.edges[#self.edges + 1] = { from = from, box = box, to = to, tobox = tobox }
end

local usual = { inbox = true, outbox = true }

local function label(box) return not usual[box] and box or nil end

function Graph:link_node(map, node)
  local _, outs = core.boxes(node.component)
  for _, box in ipairs(outs) do
    local c, to, kind = follow(map, node.component, true, box.name)
    if kind == "in" and self.of[c] then
      if box.name ~= "signal" or to ~= "control" or box.linked then
        self:edge(node, label(box.name), self.of[c], label(to))
      end
    elseif kind == "null" then
      self:edge(node, label(box.name), self:pseudo "null")
    elseif kind == "out" and self.root_of[c] and box.name ~= "signal" then
      local own = usual[to] and "self" or "self." .. to
      if not box.optional then self:edge(node, label(box.name), self:pseudo(own)) end
    elseif kind == "out" and box.name ~= "signal" and not box.optional then
      self:edge(node, label(box.name), self:pseudo "(unlinked)")
    end
  end
end

-- The system below some components: { nodes = { { name =, component =, group = } },
-- edges = { { from =, box =, to =, tobox = } }, groups = {} }.
function graph.of(roots)
  local g = setmetatable({ nodes = {}, edges = {}, groups = {}, of = {}, root_of = {} }, Graph)
  local map = leaving()
  for _, root in ipairs(roots) do
    if core.look(root) and core.look(root).passive then g.root_of[root] = true end
    g:collect(root, {})
  end
  local leaves = table.move(g.nodes, 1, #g.nodes, 1, {})
  for _, root in ipairs(roots) do
    for _, box in ipairs((core.boxes(root))) do
      local c, to, kind = follow(map, root, false, box.name)
      if g.root_of[root] and kind == "in" and g.of[c] then
        g:edge(g:pseudo(usual[box.name] and "self" or "self." .. box.name), nil, g.of[c], label(to))
      end
    end
  end
  for _, node in ipairs(leaves) do g:link_node(map, node) end
  return g
end

-- --- as text for other programs ---

local function ids(g)
  local map = {}
  for i, node in ipairs(g.nodes) do map[node] = "n" .. i end
  return map
end

local function edge_label(edge)
  if edge.box and edge.tobox then return edge.box .. " → " .. edge.tobox end
  return edge.box or edge.tobox and "→ " .. edge.tobox
end

-- Writes the nodes of a group and the groups in it.
local function nested(g, group, depth, open, close, one)
  local pad = ("  "):rep(depth)
  for _, node in ipairs(g.nodes) do
    if node.group == group then one(pad, node) end
  end
  for i, inner in ipairs(g.groups) do
    if inner.outer == group then
      open(pad, i, inner)
      nested(g, inner, depth + 1, open, close, one)
      close(pad)
    end
  end
end

local function dot_quoted(text) return '"' .. text:gsub('[\\"]', "\\%0") .. '"' end

function graph.dot(g)
  local id, out = ids(g), { "digraph system {", "  rankdir=LR;", "  node [shape=box];" }
  local function add(...) out[#out + 1] = (...):format(select(2, ...)) end
  nested(g, nil, 1,
    function(pad, i, group) add("%ssubgraph cluster_%d {\n%s  label=%s;", pad, i, pad, dot_quoted(group.name)) end,
    function(pad) add("%s}", pad) end,
    function(pad, node)
      add("%s%s [label=%s%s];", pad, id[node], dot_quoted(node.name), node.pseudo and ", shape=plaintext" or "")
    end)
  for _, edge in ipairs(g.edges) do
    local text = edge_label(edge)
    add("  %s -> %s%s;", id[edge.from], id[edge.to], text and (" [label=%s]"):format(dot_quoted(text)) or "")
  end
  out[#out + 1] = "}"
  return table.concat(out, "\n")
end

local entities = { ['"'] = "#quot;", ["<"] = "#lt;", [">"] = "#gt;" }

local function mermaid_quoted(text) return '"' .. text:gsub('["<>]', entities) .. '"' end

function graph.mermaid(g)
  local id, out = ids(g), { "flowchart LR" }
  local function add(...) out[#out + 1] = (...):format(select(2, ...)) end
  nested(g, nil, 1,
    function(pad, i, group) add("%ssubgraph g%d[%s]", pad, i, mermaid_quoted(group.name)) end,
    function(pad) add("%send", pad) end,
    function(pad, node)
      add(node.pseudo and "%s%s([%s])" or "%s%s[%s]", pad, id[node], mermaid_quoted(node.name))
    end)
  for _, edge in ipairs(g.edges) do
    local text = edge_label(edge)
    add("  %s -->%s %s", id[edge.from], text and "|" .. mermaid_quoted(text) .. "|" or "", id[edge.to])
  end
  return table.concat(out, "\n")
end

return graph
