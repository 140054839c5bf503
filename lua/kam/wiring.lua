-- wiring: linkages as text.
--
--     linkage = stage { "->" stage }      chains are links one after another
--     stage   = end { "," end }           several to one
--     end     = NAME [ "." box ]          NAME: a key of the graph, self, null

local core = require "kam.core"
local near = require "kam.near"
local report = require "kam.report"
local boxes = require "kam.boxes"

local wiring = {}

local function trim(s)
  return s:match "^%s*(.-)%s*$"
end

local function parse_end(text, part)
  part = trim(part)
  local name, box = part:match "^([%w_]+)%.([%w_]+)$"
  if not name then name = part:match "^[%w_]+$" end
  if not name then report.raise("E0101", text, part ~= "" and part or nil) end
  return { name = name, box = box, text = part }
end

-- The stages of a linkage, each a list of ends { name =, box = }.
function wiring.parse(text)
  local stages, at = {}, 1
  repeat
    local from, to = text:find("->", at, true)
    local ends = {}
    for part in (text:sub(at, (from or #text + 1) - 1) .. ","):gmatch "(.-)," do
      ends[#ends + 1] = parse_end(text, part)
    end
    stages[#stages + 1] = ends
    at = to and to + 1
  until not from
  if #stages < 2 then report.raise("E0101", text) end
  return stages
end

-- Terms of a link as the core wants them.
function wiring.terms(given)
  for _, name in ipairs(near.names(given)) do
    if name ~= "limit" and name ~= "whenFull" and name ~= "pipe" then
      report.raise("E0205", "a link", name, { "limit", "whenFull" })
    end
  end
  local terms = { limit = given.limit, pipe = given.pipe }
  if given.limit == "unbounded" then
    terms.limit = 0x7fffffff
  elseif given.limit ~= nil and (math.type(given.limit) ~= "integer" or given.limit < 1) then
    report.raise("E0208", "a link", "limit", "a whole number from 1 on", given.limit)
  end
  if given.whenFull ~= nil then
    terms.policy = boxes.policies[given.whenFull]
      or report.raise("E0208", "a link", "whenFull", "one of dropNewest, dropOldest, wait", given.whenFull)
  end
  return terms
end

local function names_of(children)
  local names = {}
  for _, name in ipairs(near.names(children)) do names[#names + 1] = name end
  return names
end

-- The component that an end names; own is what self means.
local function find(own, children, e, text)
  if e.name == "self" then return own end
  return children[e.name] or report.raise("E0102", e.name, names_of(children), text)
end

-- Do both boxes that are named lie on the wrong side?
local function backwards(left, box, right, to_box)
  return left.inboxes[box] and not left.outboxes[box] and right.outboxes[to_box] and not right.inboxes[to_box]
end

-- The linkage, and whether there was none before.
local function link(own, children, from, to, terms, text)
  if from.name == "null" then report.raise("E0115", text, "comes from null, which sends nothing") end
  local left = find(own, children, from, text)
  if to.name == "null" then return nil, core.null(left, from.box) end
  local right = find(own, children, to, text)
  if from.name == "self" and from.box and not own.inboxes[from.box] then
    report.raise("E0114", own.name, from.box, near.names(own.inboxes), text, "inbox")
  end
  if to.name == "self" and to.box and not own.outboxes[to.box] then
    report.raise("E0114", own.name, to.box, near.names(own.outboxes), text, "outbox")
  end
  if from.box and to.box and left ~= own and right ~= own and backwards(left, from.box, right, to.box) then
    report.raise("E0104", left, from.box, right, to.box, text)
  end
  report.mark = text
  local linkage = core.link(left, from.box, right, to.box, terms, from.name == "self", to.name == "self")
  report.mark = nil
  return linkage, true
end

-- Takes a link away again.
local function unlink(own, children, from, to, text)
  local left = find(own, children, from, text)
  if to.name == "null" then
    core.null(left, from.box, true)
  else
    core.unlinkbox(left, from.box, from.name == "self")
  end
end

-- In the middle of a chain an end is where messages arrive, and its outbox is
-- where they leave.
local function as_source(e, chained)
  if chained and e.name ~= "self" then return { name = e.name, text = e.text } end
  return e
end

-- Links what a text, or { text, limit =, whenFull = }, says. Gives the linkages. log: a
-- list to which functions that unlink them again are added.
function wiring.link(own, children, linkage, log)
  local text, terms = linkage, nil
  if type(linkage) == "table" then
    text, terms = linkage[1], wiring.terms(linkage)
  end
  if type(text) ~= "string" then report.raise("E0101", tostring(text)) end
  local stages, made = wiring.parse(text), {}
  for i = 1, #stages - 1 do
    local lefts, rights = stages[i], stages[i + 1]
    if #rights > 1 then
      local names = {}
      for k, e in ipairs(rights) do names[k] = e.text end
      report.raise("E0113", text, lefts[1].text, names)
    end
    for _, from in ipairs(lefts) do
      local source = as_source(from, i > 1)
      local one, new = link(own, children, source, rights[1], terms, text)
      made[#made + 1] = one
      if log and new then
        log[#log + 1] = function() unlink(own, children, source, rights[1], text) end
      end
    end
  end
  return made
end

local undo = { __close = function(log, err)
  if err == nil then return end
  for i = #log, 1, -1 do log[i]() end
end }

-- The same in a system that goes on after an error: a text that is refused has linked
-- nothing.
function wiring.link_whole(own, children, linkage)
  local log <close> = setmetatable({}, undo)
  return wiring.link(own, children, linkage, log)
end

-- Takes the links of a text away again.
function wiring.unlink(own, children, text)
  local stages = wiring.parse(text)
  for i = 1, #stages - 1 do
    for _, from in ipairs(stages[i]) do
      unlink(own, children, as_source(from, i > 1), stages[i + 1][1], text)
    end
  end
end

-- "NAME.box" among the named children of c: the child, the box.
function wiring.resolve(c, text)
  local e = parse_end(text, text)
  return find(c, c.children, e, text), e.box
end

return wiring
