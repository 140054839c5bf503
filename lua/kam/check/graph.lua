-- graph: what will go wrong in a graph that can be built, read from its links.

local bytecode = require "kam.bytecode"
local component = require "kam.component"
local core = require "kam.core"

local graph = {}

local sends = { send = true, trySend = true }
local waits = { send = true }
local takes = { recv = true, messages = true }

local function declares(list, name)
  for _, box in ipairs(list) do
    if box.name == name then return true end
  end
  return false
end

-- The box that a call takes from, if that can be read: recv "name", or recv().
local function taken_box(f, pc, a)
  local o, a2, b2 = bytecode.parts(f.code[pc + 1])
  if o == bytecode.ops.CALL and a2 == a and b2 == 2 then return "inbox" end
  return o == bytecode.ops.LOADK and f.constants[bytecode.bx(f.code[pc + 1])] or nil
end

-- The box that a call sends to, if that can be read: send(message), or send(message, "name").
local function sent_box(f, pc, a)
  local name
  for at = pc + 1, #f.code do
    local o, a2, b2 = bytecode.parts(f.code[at])
    if o == bytecode.ops.LOADK and a2 == a + 3 then name = f.constants[bytecode.bx(f.code[at])] end
    local calls = o == bytecode.ops.CALL or o == bytecode.ops.TAILCALL
    if calls and a2 == a then return b2 == 3 and "outbox" or b2 == 4 and name or nil end
  end
end

-- Does a component use a box: by its declaration if it is in C, else by a call of one
-- of the methods in its main, or in the function that is all of it (kam.main). A function
-- (kam.map) uses those that it has.
local function uses(c, names, side, box)
  local d = component.declaration(getmetatable(c).__index.constructor)
  if not d then return true end
  if d.in_c then return declares(d[side], box) and not (side == "outboxes" and d.effects) end
  local own = d.name == "main" and rawget(c, "work")
  local main = d.main and bytecode.read(own or d.main)
  if not main then return false end
  local found = false
  bytecode.walk(main, function(f, pc, op, a, _, constant)
    if op == bytecode.ops.SELF and names[f.constants[constant]] then
      local named = side == "outboxes" and sent_box or taken_box
      if (named(f, pc, a) or box) == box then found = true end
    end
  end)
  return found
end

-- --- boxes that lead nowhere, or that nothing comes to ---

-- An outbox whose messages reach nobody: of a component, not of a chassis that passes it
-- on. Only outbox itself: whether others are sent to depends on what arrives. One that
-- writes to the outside is a last one, and sends only on request.
function graph.unlinked(links, c, warn)
  local _, outs = core.boxes(c)
  for _, box in ipairs(outs) do
    if not box.linked and not box.heard and not box.optional and box.name == "outbox" then
      local source, name = c, box.name
      local passed = true
      while passed do
        passed = false
        for _, link in ipairs(links) do
          if link.kind == "out" and link.to == source and link.tobox == name then
            source, name, passed = link.from, link.box, true
            break
          end
        end
      end
      if not core.look(source).passive and uses(source, sends, "outboxes", name) then
        warn("W0001", source, name)
      end
    end
  end
end

-- An inbox that is waited on and that nothing feeds.
function graph.unfed(c, warn)
  if core.look(c).passive then return end
  for _, box in ipairs((core.boxes(c))) do
    if box.name == "inbox" and not box.fed and not box.linked and not box.optional
      and uses(c, takes, "inboxes", box.name) then
      warn("W0002", c, box.name)
    end
  end
end

-- --- who sends to whom ---

-- Links by what they come from: out[c][box] and into[c][box], a box passed through among them.
local function by_source(links)
  local sources = { out = {}, into = {} }
  for _, link in ipairs(links) do
    local side = link.kind == "in" and sources.into or sources.out
    side[link.from] = side[link.from] or {}
    side[link.from][link.box] = link
  end
  return sources
end

-- The last inbox that what leaves by a link arrives in: the last link on the way, and
-- whether one on the way says what is dropped.
local function last(sources, link)
  local drops = false
  for _ = 1, 1000 do
    drops = drops or link.drops
    local side = link.kind == "out" and sources.out or sources.into
    local on = link.to and side[link.to] and side[link.to][link.tobox]
    if not on then return link.kind ~= "out" and link.to and link or nil, drops end
    link = on
  end
end

local function is_optional(c, name)
  local _, outs = core.boxes(c)
  for _, box in ipairs(outs) do
    if box.name == name then return box.optional end
  end
end

-- The data links between components that do something: a list of { from =, box =, to =,
-- tobox =, limit =, drops = }.
function graph.edges(links)
  local sources, edges = by_source(links), {}
  for _, link in ipairs(links) do
    if link.kind ~= "in" and link.box ~= "signal" and not core.look(link.from).passive then
      local on, drops = last(sources, link)
      if on and on.tobox ~= "control" then
        edges[#edges + 1] = { from = link.from, box = link.box, to = on.to, tobox = on.tobox,
          limit = on.limit, drops = drops }
      end
    end
  end
  return edges
end

-- --- rings ---

local DEFAULT_LIMIT = 256

-- Can a sender have to wait for room there, when it cannot be meant: a larger bound, and a
-- box that drops, were asked for, and what may stay unlinked asks and reports, no more.
local function can_fill(edge)
  return not edge.drops and edge.limit <= DEFAULT_LIMIT and not is_optional(edge.from, edge.box)
    and uses(edge.from, waits, "outboxes", edge.box)
end

-- A shortest way along edges from one component to another, as a list of edges; nil if
-- there is none.
local function way(nexts, from, to)
  local came, queue, at = {}, { from }, 1
  while queue[at] do
    for _, edge in ipairs(nexts[queue[at]] or {}) do
      if not came[edge.to] then
        came[edge.to] = edge
        queue[#queue + 1] = edge.to
      end
      if edge.to == to then
        local list, c = { edge }, edge.from
        while c ~= from do
          table.insert(list, 1, came[c])
          c = came[c].from
        end
        return list
      end
    end
    at = at + 1
  end
end

local function answers(c)
  local index = getmetatable(c).__index
  local d = component.declaration(index.constructor)
  return d and d.answers or index.answers
end

-- One message for each that comes, and none from outside: as many as there were.
local function keeps_count(ring, edges)
  local within = {}
  for _, edge in ipairs(ring) do
    if not answers(edge.from) then return false end
    within[edge.from] = true
  end
  for _, edge in ipairs(edges) do
    if within[edge.to] and not within[edge.from] then return false end
  end
  return true
end

-- Components that send to each other in a ring, where each may wait for the next; of
-- rings of the same kinds only the first.
function graph.rings(edges, warn)
  local nexts, told = {}, {}
  for _, edge in ipairs(edges) do
    if can_fill(edge) then
      nexts[edge.from] = nexts[edge.from] or {}
      table.insert(nexts[edge.from], edge)
    end
  end
  for _, edge in ipairs(edges) do
    local ring = not told[edge.from] and nexts[edge.from] and way(nexts, edge.from, edge.from)
    if ring then
      local like = {}
      for i, e in ipairs(ring) do
        told[e.from] = true
        like[i] = ("%s.%s"):format(select(2, core.name(e.from)), e.box)
      end
      like = table.concat(like, " ")
      if not told[like] and not keeps_count(ring, edges) then
        told[like] = true
        warn("W0005", ring[1].from, ring)
      end
    end
  end
end

-- --- an end that comes too early ---

local function reaches(nexts, from, to, seen)
  for _, c in ipairs(nexts[from] or {}) do
    if c == to then return true end
    if not seen[c] then
      seen[c] = true
      if reaches(nexts, c, to, seen) then return true end
    end
  end
  return false
end

-- A component whose control is wired by hand to one that sends to it, straight or through
-- others, while what another feeds it is not waited for.
function graph.overtaken(links, warn)
  local wired, feeders, nexts = {}, {}, {}
  for _, link in ipairs(links) do
    if link.kind == "link" then
      if link.tobox == "control" then
        if link.box == "signal" then
          wired[#wired + 1] = link.to
          wired[link.to] = wired[link.to] or {}
          wired[link.to][#wired[link.to] + 1] = link.from
          wired[link.to][link.from] = true
        end
      else
        feeders[link.to] = feeders[link.to] or {}
        table.insert(feeders[link.to], link.from)
        nexts[link.from] = nexts[link.from] or {}
        table.insert(nexts[link.from], link.to)
      end
    end
  end
  local told = {}
  for _, c in ipairs(wired) do
    for _, feeder in ipairs(not told[c] and feeders[c] or {}) do
      for _, from in ipairs(wired[c][feeder] and {} or wired[c]) do
        if not told[c] and (reaches(nexts, from, c, { [feeder] = true })
          or reaches(nexts, from, feeder, {})) then
          told[c] = true
          warn("W0006", c, from, feeder)
        end
      end
    end
  end
end

return graph
