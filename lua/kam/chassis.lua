-- chassis: components that are made of components.

local core = require "kam.core"
local component = require "kam.component"
local methods = require "kam.methods"
local near = require "kam.near"
local report = require "kam.report"
local wiring = require "kam.wiring"

local chassis = {}

-- Chassis whose first child takes nothing, or whose last one sends nothing.
local no_inbox = setmetatable({}, { __mode = "k" })
local no_outbox = setmetatable({}, { __mode = "k" })

local function check_item(where, c)
  if core.isself(c) then return end
  local d = component.declaration(c)
  report.raise("E0112", where, c, d and d.name)
end

-- Does it take messages by its inbox? A chassis does if its first component does.
function chassis.takes(c) return c.inboxes.inbox ~= nil and not no_inbox[c] end

-- Does it send by its outbox?
function chassis.sends(c) return c.outboxes.outbox ~= nil and not no_outbox[c] end

local takes, sends = chassis.takes, chassis.sends

local function join(left, right)
  if not sends(left) then return end
  if not takes(right) then report.raise("E0110", left, right) end
  core.link(left, "outbox", right, "inbox", { pipe = true })
end

chassis.Pipeline = component.declare("Pipeline", {
  family = "chassis",
  summary = "Links components one after another.",
  doc = "What comes to its inbox goes to the first component, each one's outbox to the next one's "
    .. "inbox, and what the last one sends leaves by its outbox. A component in the middle that takes "
    .. "nothing is refused. When one ends, the one before it is told to end now, and so on back to the "
    .. "first that has effects; when one fails, the others are stopped, and the Pipeline fails.",
  ends = "When all its components have ended.",
  example = 'kam.Pipeline {\n  kam.DataSource { "a", "b" },\n  kam.map(string.upper),\n'
    .. "  kam.ConsoleEchoer(),\n}:run()\n--> A\n--> B\n",
  options = {
    components = { type = "list", "the components, in order", optional = true },
    circular = { false, "links the last one back to the first" },
  },
  first = "components",
  init = function(self)
    local items = self.components or {}
    local n = items.n or #items
    if n == 0 then report.raise("E0111", "Pipeline") end
    for i = 1, n do check_item(n > 1 and ("item %d of %d"):format(i, n) or "item 1", items[i]) end
    self:addChildren(table.unpack(items, 1, n))
    for i = 2, n do report.attempt(join, items[i - 1], items[i]) end
    if self.circular then
      join(items[n], items[1])
    else
      if takes(items[1]) then core.link(self, "inbox", items[1], "inbox", nil, true) end
      if sends(items[n]) then core.link(items[n], "outbox", self, "outbox", nil, false, true) end
      no_inbox[self] = not takes(items[1]) or nil
      no_outbox[self] = not sends(items[n]) or nil
    end
    core.link(items[n], "signal", self, "signal", nil, false, true)
  end,
})

local function add_boxes(self, given, add)
  for key, value in pairs(given or {}) do
    if math.type(key) == "integer" then add(self, value) else add(self, key, value) end
  end
end

-- Gives it the boxes of its own that were given to it as inboxes and outboxes.
function chassis.own_boxes(self)
  local own_in, own_out = rawget(self, "inboxes"), rawget(self, "outboxes")
  self.inboxes, self.outboxes = nil, nil
  add_boxes(self, own_in, self.addInbox)
  add_boxes(self, own_out, self.addOutbox)
end

local function add_child(self, name, c)
  check_item(name, c)
  methods.rename(c, name)
  self:addChildren(c)
end

local reserved_keys = { linkages = true, inboxes = true, outboxes = true }

chassis.Graphline = component.declare("Graphline", {
  family = "chassis",
  summary = "Links named components as its linkages say.",
  doc = 'Takes components by name, and linkages as strings: "A -> B", "A.debug -> B.log", chains '
    .. '"A -> B -> C", several to one "A, B -> C". `self` is its own inbox on the left and its own '
    .. 'outbox on the right; other boxes of its own are named in `inboxes` and '
    .. '`outboxes`. "A -> null" discards on purpose. A linkage may be { "A -> B", limit = 10, '
    .. 'whenFull = "dropOldest" }. When a component fails, the others are stopped, and the Graphline '
    .. "fails.",
  ends = "When all its components have ended.",
  example = "kam.Graphline {\n  A = kam.DataSource { 1 }, B = kam.DataSource { 2 },\n"
    .. '  OUT = kam.ConsoleEchoer(),\n  linkages = { "A, B -> OUT" },\n}:run()\n--> 1\n--> 2\n',
  options = {
    linkages = { type = "list", "strings, or { string, limit =, whenFull = }", optional = true },
  },
  first = {},
  init = function(self)
    local children, given = {}, {}
    for key, v in pairs(self) do
      if type(key) == "string" and not reserved_keys[key] then given[key] = v end
    end
    for _, name in ipairs(near.names(given)) do
      check_item(name, given[name])
      self[name] = nil
    end
    local names = near.names(given)
    if #names == 0 then report.raise("E0111", "Graphline") end
    table.sort(names, function(a, b) return core.order(given[a]) < core.order(given[b]) end)
    for _, name in ipairs(names) do
      add_child(self, name, given[name])
      children[name] = given[name]
    end
    self.children = methods.children(self, children)
    chassis.own_boxes(self)
    for _, linkage in ipairs(self.linkages or {}) do
      report.attempt(wiring.link, self, children, linkage)
    end
  end,
  -- Adds named components to one that lives.
  add = function(self, given)
    for _, name in ipairs(near.names(given)) do
      add_child(self, name, given[name])
      self.children[name] = given[name]
    end
    return self
  end,
}, true)

return chassis
