-- methods: what every component has, beside what waits (lua/binding/box.c).

local boxes = require "kam.boxes"
local core = require "kam.core"
local report = require "kam.report"

-- drawn: components made to be drawn need not be run.
-- indexes: the tables in which those of each kind find them.
local methods = { all = {}, reserved = {}, drawn = setmetatable({}, { __mode = "k" }),
  indexes = setmetatable({}, { __mode = "k" }) }
local all = methods.all

for name, f in pairs(core.methods) do all[name] = f end

-- From here on f is the method of that name, of components of all kinds.
function methods.replace(name, f)
  local before = all[name]
  all[name] = f
  for index in pairs(methods.indexes) do
    if index[name] == before then index[name] = f end
  end
end

-- Fields of self that are ours.
for _, name in ipairs { "name", "inboxes", "outboxes", "children" } do
  methods.reserved[name] = true
end

local function check_self(self, name)
  if not core.isself(self) then report.raise("E0305", name) end
end

-- Names it; children of a Graphline have the names of their keys.
function methods.rename(c, name)
  core.rename(c, name)
  rawset(c, "name", name)
end

-- The system drawn: form is "text" (as it is without), "dot", "svg" or "mermaid".
function all:graph(form)
  check_self(self, "graph")
  methods.drawn[self] = true
  return methods.draw({ self }, form)
end

-- Starts it, with its children, without running the system.
function all:activate()
  check_self(self, "activate")
  methods.activate(self)
  return self
end

-- Says what does not fail it, and whoever runs it should know: once, then as a sum.
function all:warn(text)
  check_self(self, "warn")
  if type(text) ~= "string" then report.raise("E0206", "warn", "text", "string", text) end
  core.warn(self, text)
end

-- Tells it to end now.
function all:stop()
  check_self(self, "stop")
  core.stop(self)
  return self
end

-- Starts it and runs the system until all has ended: true; or nil and a report.
function all:run()
  check_self(self, "run")
  return methods.run(self)
end

-- Changes options while it lives.
function all:set(given)
  check_self(self, "set")
  return methods.set(self, given)
end

all.link = core.linkmethod

-- Takes away a link, given by what link gave or by its text, or all links of a
-- component.
all.unlink = core.unlinkmethod

-- Makes components its children: they start with it, and end with it.
all.addChildren = core.addchildren

local function own_table(self, field)
  if rawget(self, field) == nil then
    local copy = {}
    for key, v in pairs(self[field]) do copy[key] = v end
    rawset(self, field, copy)
  end
  return self[field]
end

local function add_box(self, name, given, out)
  local box = boxes.normal(self.name, name, given or "")
  local actual, n = name, 1
  while not core.addbox(self, actual, box.doc, box.kinds, box.limit, box.policy, box.optional,
    box.open, out) do
    n = n + 1
    actual = ("%s_%d"):format(name, n)
  end
  own_table(self, out and "outboxes" or "inboxes")[actual] = box.doc or ""
  return actual
end

-- Adds a box: gives its actual name, which has a suffix if the name is taken.
function all:addInbox(name, given)
  check_self(self, "addInbox")
  return add_box(self, name, given, false)
end

function all:addOutbox(name, given)
  check_self(self, "addOutbox")
  return add_box(self, name, given, true)
end

local function remove_box(self, name, out)
  if not core.removebox(self, name, out) then report.raise("E0314", self, name) end
  own_table(self, out and "outboxes" or "inboxes")[name] = nil
end

function all:removeInbox(name)
  check_self(self, "removeInbox")
  remove_box(self, name, false)
end

function all:removeOutbox(name)
  check_self(self, "removeOutbox")
  remove_box(self, name, true)
end

-- What the field children shows: those that live, by numbers in the order in which they
-- were added, and those that have names by these. It is asked for when it is read, so
-- that children who come and go cost nothing, and none is kept.
local Children = {}
local views = setmetatable({}, { __mode = "k" }) -- view to { owner =, moves =, list = }
local removed = setmetatable({}, { __mode = "k" })

local function living(view)
  local v, moves = views[view], core.moves()
  if v.moves ~= moves then
    v.moves, v.list = moves, {}
    for _, c in ipairs(core.children(v.owner)) do
      if not removed[c] then v.list[#v.list + 1] = c end
    end
  end
  return v.list
end

function Children.__index(view, key)
  return math.type(key) == "integer" and living(view)[key] or nil
end

function Children.__len(view) return #living(view) end

function Children.__pairs(view)
  local all_of, named = {}, {}
  for name, c in next, view do
    all_of[name], named[c] = c, true
  end
  for i, c in ipairs(living(view)) do
    if not named[c] then all_of[i] = c end
  end
  return next, all_of
end

-- The view of the children of c; names: those that have one.
function methods.children(c, names)
  local view = setmetatable(names or {}, Children)
  views[view] = { owner = c }
  return view
end

-- Ends a child, and forgets it.
function all:removeChild(c)
  check_self(self, "removeChild")
  core.stop(c)
  removed[c] = true
  local view = self.children
  if views[view] then views[view].moves = nil end
  for name, child in next, view do
    if child == c then
      view[name] = nil
      return
    end
  end
end

-- Passes boxes of its own on to those of c, and those of c that send out through its
-- own; boxes that it lacks are added. keep: what c leaves unread when it ends comes
-- back, for the next one.
function all:lend(c, keep)
  check_self(self, "lend")
  local ins, outs = core.boxes(c)
  for _, box in ipairs(ins) do
    if box.name ~= "control" then
      if not self.inboxes[box.name] then all.addInbox(self, box.name, { box.doc }) end
      core.link(self, box.name, c, box.name, nil, true)
    end
  end
  for _, box in ipairs(outs) do
    if box.name ~= "signal" then
      if not self.outboxes[box.name] then
        all.addOutbox(self, box.name, { box.doc, optional = box.optional })
      end
      core.link(c, box.name, self, box.name, nil, false, true)
    end
  end
  if keep then core.returns(c) end
end

-- Whose end is to come as a message: component to { watcher, box }.
local watched = setmetatable({}, { __mode = "k" })

-- c's end comes as { component =, ok =, error = } in box.
function all:watch(c, box)
  check_self(self, "watch")
  box = box or "inbox"
  if not self.inboxes[box] then report.raise("E0308", self, box, "watch") end
  core.watch(c, self, box)
  watched[c] = { self, box }
end

-- Waits until c has ended, also when nothing more comes: { component =, ok =, error = }; or
-- nil, "told" when it is told to end now. A failure of one that has ended was told to who watched it, or owns it.
function all:join(c)
  check_self(self, "join")
  if core.isself(c) and core.state(c) == "ended" then return { component = c, ok = true } end
  if not self.inboxes.joined then all.addInbox(self, "joined", { "the end of what is joined" }) end
  all.watch(self, c, "joined")
  core.joins(self, c)
  local over, why = all.recv(self, "joined")
  core.joins(self, nil)
  return over, why
end

-- Called by the binding when a watched component has ended.
function methods.watched(c, ok, err)
  local who = watched[c]
  if not who then return end
  watched[c] = nil
  core.inject(who[1], who[2], { component = c, ok = ok, error = err })
end

-- Called by the binding: does c's end come in that box of self?
function methods.comes(c, self, box)
  local who = watched[c]
  return who and who[1] == self and who[2] == box or false
end

-- Says something on the standard error, with its name before it.
function all:log(...)
  check_self(self, "log")
  local parts = table.pack(...)
  for i = 1, parts.n do
    parts[i] = type(parts[i]) == "string" and parts[i] or core.show(parts[i])
  end
  report.say(("%s: %s"):format(core.name(self) or self.name, table.concat(parts, " ")))
end

-- Its boxes now: two lists of { name =, doc =, waiting =, taken =, … }.
function all:boxes()
  check_self(self, "boxes")
  return core.boxes(self)
end

-- Does a component hear what is sent to this outbox, or is it discarded on purpose?
function all:isHeard(name)
  check_self(self, "isHeard")
  local _, outboxes = core.boxes(self)
  for _, box in ipairs(outboxes) do
    if box.name == name then return box.heard end
  end
  report.raise("E0307", self, name, "isHeard")
end

for name in pairs(all) do methods.reserved[name] = true end

return methods
