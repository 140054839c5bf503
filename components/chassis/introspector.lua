local kam = require "kam"

-- A text as Kamaelia's commands have it: in quotes, what stands between blanks.
local function quoted(text)
  return '"' .. text:gsub('[\\"]', "\\%0") .. '"'
end

-- The text of each node and link, in the order of making, and the same by their keys.
local function texts(topology)
  local list, known = {}, {}
  local function add(key, text)
    if known[key] then return end
    known[key] = true
    list[#list + 1] = { key = key, text = text }
  end
  for _, node in ipairs(topology.nodes) do
    add(node.id, ("NODE %s %s auto component"):format(quoted(node.id), quoted(node.name)))
    for _, box in ipairs(node.boxes) do
      local id = ("%s.%s.%s"):format(node.id, box.way, box.name)
      add(id, ("NODE %s %s auto %s"):format(quoted(id), quoted(box.name), box.way))
      add(id .. " own", ("LINK %s %s"):format(quoted(node.id), quoted(id)))
    end
  end
  for _, link in ipairs(topology.links) do
    add(link.from .. " " .. link.to, ("LINK %s %s"):format(quoted(link.from), quoted(link.to)))
  end
  return list, known
end

-- Does anything live but this one, those that get what it sends, and chassis?
local function others_live(topology, own)
  local fed = {}
  for _, node in ipairs(topology.nodes) do fed[node.id] = node.component == own end
  repeat
    local more = false
    for _, link in ipairs(topology.links) do
      local from, to = link.from:match "^(.*)%.%a+box%.", link.to:match "^(.*)%.%a+box%."
      if fed[from] and not fed[to] then fed[to], more = true, true end
    end
  until not more
  for _, node in ipairs(topology.nodes) do
    if not fed[node.id] and not node.passive and node.state ~= "made" then return true end
  end
  return false
end

return kam.component "Introspector" {
  summary = "Tells of components and links as they come and go, in Kamaelia's commands.",
  doc = 'Sends a line for each node and link that is there, "ADD NODE id name auto component" or '
    .. '"ADD LINK id id", and from then on one for each that has come or gone, what has gone first. Nodes '
    .. "are components and their boxes. It looks every so many seconds.",
  ends = "When nothing is left but it, those that it feeds, and chassis; or when told.",
  endsEarly = true,
  inboxes = { inbox = false },
  outboxes = { outbox = "commands, a line each" },
  options = { seconds = { 1.0, "from one look to the next", min = 0.01 } },
  main = function(self)
    local before, known = {}, {}
    repeat
      local topology = kam.topology()
      local now, there = texts(topology)
      for i = #before, 1, -1 do
        if not there[before[i].key] then self:send("DEL " .. before[i].text) end
      end
      for _, item in ipairs(now) do
        if not known[item.key] then self:send("ADD " .. item.text) end
      end
      before, known = now, there
    until not others_live(topology, self) or not self:sleep(self.seconds)
  end,
  example = [[
kam.Pipeline {
  kam.Introspector(),
  kam.filter(function(line) return line:find "component" and line:find "Echoer" end),
  kam.FirstOnly(), kam.ConsoleEchoer(),
}:run()
--> ADD NODE "ConsoleEchoer" "ConsoleEchoer" auto component
]],
}
