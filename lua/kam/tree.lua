-- tree: what all components of a living system are doing, one line each.
--
--     Graphline (chat.lua:3)  runs until its 3 children have ended
--       SRC                   waits for room in SLOW.inbox, since 2.1 s
--       SLOW                  waits for time to pass; inbox 3 of 3
--       OUT                   waits for a message in inbox, which SLOW feeds

local core = require "kam.core"

local tree = { hidden = setmetatable({}, { __mode = "k" }) } -- hidden: those that it leaves out

-- All links, by the component that they lead to.
local function links_by_end()
  local links = {}
  for _, link in ipairs(core.links()) do
    if link.to then
      links[link.to] = links[link.to] or {}
      table.insert(links[link.to], link)
    end
  end
  return links
end

-- Names of those whose links lead into a box, or whom a chassis passes it through for.
local function feeders(links, c, box)
  local names = {}
  for _, link in ipairs(links[c] or {}) do
    if link.tobox == box then
      if link.kind == "link" then
        names[#names + 1] = core.name(link.from)
      else
        for _, name in ipairs(feeders(links, link.from, link.box)) do names[#names + 1] = name end
      end
    end
  end
  return names
end

local function box_text(links, c, box)
  local names = feeders(links, c, box)
  if #names == 0 then return ("%s, which nobody feeds"):format(box) end
  return ("%s, which %s %s"):format(box, table.concat(names, " and "), #names == 1 and "feeds" or "feed")
end

local sentences = {}

function sentences.box(links, c, look)
  if look.box:find "^answer from " then return "waits for an " .. look.box end
  return "waits for a message in " .. box_text(links, c, look.box)
end

function sentences.any(links, c)
  local parts = {}
  for _, box in ipairs((core.boxes(c))) do
    if box.name ~= "control" and box.fed then parts[#parts + 1] = box_text(links, c, box.name) end
  end
  if #parts == 0 then return "waits, and nothing is linked to it" end
  return "waits for a message in " .. table.concat(parts, ", or in ")
end

function sentences.room(_, _, look)
  return ("waits for room in %s.%s"):format(core.name(look.to), look.box)
end

function sentences.time() return "waits for time to pass" end

function sentences.turn() return "can run, and waits for its turn" end

function sentences.outside(_, _, look)
  return look.timed and "waits for time to pass" or "waits for something outside"
end

function sentences.children(_, c)
  local n = #core.children(c)
  return n == 1 and "waits for its child to end" or ("waits for its %d children to end"):format(n)
end

-- What c does, in one sentence.
local function sentence(links, c)
  local state, look = core.state(c), core.look(c)
  local n = #core.children(c)
  local text
  if state == "made" then
    text = "is made, and not yet started"
  elseif look.passive then
    text = n == 1 and "runs until its child has ended" or ("runs until its %d children have ended"):format(n)
  elseif c == core.running() then
    text = "runs"
  else
    text = sentences[look.waits](links, c, look)
    if look.timed and (look.waits == "box" or look.waits == "any") then
      text = text .. ", or for time to pass"
    end
  end
  if look.told then text = text .. "; it was told " .. look.told end
  if look.since >= 0.1 and state ~= "made" and not look.passive and look.waits ~= "turn"
    and c ~= core.running() then
    text = text .. (", since %.1f s"):format(look.since)
  end
  return text
end

-- " of 8" messages, or how much of its bytes, whichever fills it more.
local function bound(box)
  if box.limit >= 0x7fffffff then return "" end
  if box.bytes / box.maxBytes > box.waiting / box.limit then
    return (" with %.1f of %.0f MiB"):format(box.bytes / 2 ^ 20, box.maxBytes / 2 ^ 20)
  end
  return (" of %d"):format(box.limit)
end

local function fills(c)
  local parts = {}
  for _, box in ipairs((core.boxes(c))) do
    if box.waiting > 0 then
      parts[#parts + 1] = ("%s holds %d%s"):format(box.name, box.waiting, bound(box))
    end
  end
  return #parts > 0 and "; " .. table.concat(parts, ", ") or ""
end

local function add(rows, links, c, depth)
  local name, kind = core.name(c)
  if kind == "handle" or tree.hidden[c] then return end
  local file, line = core.place(c)
  local where = file and depth == 0 and (" (%s:%d)"):format(file, line) or ""
  rows[#rows + 1] = { ("  "):rep(depth) .. name .. where, sentence(links, c) .. fills(c) }
  for _, child in ipairs(core.children(c)) do add(rows, links, child, depth + 1) end
end

-- What lives, as data: { nodes = { { id =, name =, kind =, component =, state =, passive =,
-- boxes = { { name =, way = } } } }, links = { { from = "NODE.outbox.BOX", to = … } } }.
function tree.topology()
  local nodes, links, ids = {}, {}, {}
  local function visit(c)
    local name, kind = core.name(c)
    if kind == "handle" then return end
    local id, n = name, 2
    while ids[id] do
      id, n = ("%s.%d"):format(name, n), n + 1
    end
    ids[c], ids[id] = id, true
    local node = { id = id, name = name, kind = kind, boxes = {}, component = c }
    local ins, outs = core.boxes(c)
    for _, box in ipairs(ins) do node.boxes[#node.boxes + 1] = { name = box.name, way = "inbox" } end
    for _, box in ipairs(outs) do node.boxes[#node.boxes + 1] = { name = box.name, way = "outbox" } end
    nodes[#nodes + 1] = node
    node.passive, node.state = core.look(c).passive, core.state(c)
    for _, child in ipairs(core.children(c)) do visit(child) end
  end
  for _, root in ipairs(core.children()) do visit(root) end
  for _, link in ipairs(core.links()) do
    local from, to = ids[link.from], link.to and ids[link.to]
    if from and to then
      links[#links + 1] = {
        from = ("%s.%s.%s"):format(from, link.kind == "in" and "inbox" or "outbox", link.box),
        to = ("%s.%s.%s"):format(to, link.kind == "out" and "outbox" or "inbox", link.tobox),
      }
    end
  end
  return { nodes = nodes, links = links }
end

-- What lies in boxes now: a list of lines.
function tree.boxes()
  local lines = {}
  local function visit(c)
    local name, kind = core.name(c)
    for _, box in ipairs((core.boxes(c))) do
      if box.waiting > 0 then
        lines[#lines + 1] = kind == "handle"
          and ("  what came from %s: %d"):format(box.name:gsub(" $", ""), box.waiting)
          or ("  %s.%s holds %d%s"):format(name, box.name, box.waiting, bound(box))
      end
    end
    for _, child in ipairs(core.children(c)) do visit(child) end
  end
  for _, c in ipairs(core.children()) do visit(c) end
  return lines
end

-- The tree below c, or of all that lives, as a text.
function tree.text(c)
  local rows, links, width, lines = {}, links_by_end(), 0, {}
  for _, root in ipairs(c and { c } or core.children()) do add(rows, links, root, 0) end
  for _, row in ipairs(rows) do width = math.max(width, utf8.len(row[1]) or #row[1]) end
  for i, row in ipairs(rows) do
    lines[i] = row[1] .. (" "):rep(width - (utf8.len(row[1]) or #row[1]) + 2) .. row[2]
  end
  return #lines > 0 and table.concat(lines, "\n") or "nothing lives"
end

return tree
