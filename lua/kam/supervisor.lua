-- supervisor: a Graphline of makers, whose components are made anew when they fail.
--
--     Supervisor
--       FEED  (a keeper) ── inbox ──> the instance
--       STORE (a keeper)               made by the maker, again and again
--
-- Links lead to the keepers, which live on. What waits in the inbox of an instance that
-- fails goes back to its keeper's, and from there to the next one.

local chassis = require "kam.chassis"
local component = require "kam.component"
local core = require "kam.core"
local methods = require "kam.methods"
local near = require "kam.near"
local report = require "kam.report"
local wiring = require "kam.wiring"

local Keeper = component.declare("Keeper", {
  inboxes = { inbox = false, ended = "the end of the instance", orders = "make it anew" },
  outboxes = { outbox = false, failed = { "what has failed", optional = true } },
  options = {
    maker = { type = "maker", "gives an instance" },
    always = { false, "made anew also when it ends well" },
  },
  init = function(self)
    self.instance = self:instantiate()
    self:addChildren(self.instance)
    self:lend(self.instance, true)
  end,
  instantiate = function(self)
    local c = self.maker()
    if not core.isself(c) then report.raise("E0224", "what the maker gave", c) end
    return c
  end,
  -- Ends the instance that is there, and makes a new one with the same boxes.
  renew = function(self)
    self.instance = self:instantiate()
    self:lend(self.instance, true)
    self:watch(self.instance, "ended")
    self:addChildren(self.instance)
  end,
  main = function(self)
    self:watch(self.instance, "ended")
    local stopping = false
    for box, msg in self:messagesAny { "ended", "orders" } do
      if box == "orders" then
        if core.state(self.instance) == "ended" then
          self:renew()
        else
          stopping = true
          self.instance:stop()
        end
      elseif stopping then
        stopping = false
        self:renew()
      elseif msg.ok and not self.always then
        return
      else
        self:send({ name = self.name, error = msg.error or "it ended" }, "failed")
      end
    end
  end,
})

-- The names of keepers in the order in which the linkages name them, then the others.
local function in_order(linkages, names)
  local list, seen = {}, {}
  local function add(name)
    if names[name] and not seen[name] then
      seen[name] = true
      list[#list + 1] = name
    end
  end
  for _, linkage in ipairs(linkages or {}) do
    local text = type(linkage) == "table" and linkage[1] or linkage
    for name in tostring(text):gmatch "[%w_]+" do add(name) end
  end
  for _, name in ipairs(near.names(names)) do add(name) end
  return list
end

-- The usual boxes of its own are there if a linkage names them.
local function add_usual(self, linkage)
  local text = tostring(type(linkage) == "table" and linkage[1] or linkage)
  local left = ("," .. text):match "^(.-)%->" or ""
  if (left .. ","):find ",%s*self%s*," and not self.inboxes.inbox then
    self:addInbox("inbox", "what is for its components")
  end
  if text:find "%->%s*self%s*$" and not self.outboxes.outbox then
    self:addOutbox("outbox", "what they send")
  end
end

-- Who is made anew when one has failed.
local strategies = {}

function strategies.oneForOne(_, failed) return { failed } end

function strategies.oneForAll(order) return order end

function strategies.restForOne(order, failed)
  local rest, found = {}, false
  for _, name in ipairs(order) do
    found = found or name == failed
    if found then rest[#rest + 1] = name end
  end
  return rest
end

return component.declare("Supervisor", {
  family = "chassis",
  summary = "A graph of makers, whose components are made anew when they fail.",
  doc = "Takes makers by name, and linkages as a Graphline does, with boxes of its own (`self`). Links and the "
    .. "messages that wait survive; the message that was being handled is lost, and counted. With `oneForOne` "
    .. "only the failed one is made anew, with `oneForAll` all are, with `restForOne` those that come after it in "
    .. "the linkages too. After `restarts` times `within` so many seconds it gives up, and fails. Each time is "
    .. "said on the standard error.",
  ends = "When all its components have ended well, or when told.",
  example = "local fails = 1\nlocal function Shaky()\n  return kam.map(function(n)\n"
    .. '    if n == 2 and fails == 1 then fails = 0 error "oh" end\n    return n\n  end)\nend\n\n'
    .. "kam.Supervisor {\n  SRC = function() return kam.DataSource { 1, 2, 3 } end,\n  SHAKY = Shaky,\n"
    .. '  OUT = kam.ConsoleEchoer,\n  linkages = { "SRC -> SHAKY -> OUT" },\n}:run()\n'
    .. "--> 1\n--> 3\n--! SHAKY has failed and is made anew (1 of 3 in 60 s)\n--! exit 0\n",
  inboxes = { inbox = false, failed = "what has failed" },
  outboxes = { outbox = false },
  options = {
    linkages = { type = "list", "strings, or { string, limit =, whenFull = }", optional = true },
    strategy = { "oneForOne", "who is made anew", oneOf = { "oneForOne", "oneForAll", "restForOne" } },
    restarts = { 3, "so many times", min = 0 },
    within = { 60.0, "in so many seconds", min = 0 },
    restart = { "onFailure", "when one is made anew", oneOf = { "onFailure", "always" } },
  },
  first = {},
  init = function(self)
    local makers = {}
    for key, v in pairs(self) do
      if type(key) == "string" and key:find "^%u" then makers[key] = v end
    end
    chassis.own_boxes(self)
    self.keepers, self.times = {}, {}
    self.order = in_order(self.linkages, makers)
    if #self.order == 0 then report.raise("E0111", "Supervisor") end
    for _, name in ipairs(self.order) do
      local maker = makers[name]
      if core.isself(maker) then report.raise("E0225", name, maker) end
      if type(maker) ~= "function" then report.raise("E0224", name, maker) end
      self[name] = nil
      local keeper = Keeper { maker = maker, always = self.restart == "always" }
      methods.rename(keeper, name)
      self:addChildren(keeper)
      self.keepers[name] = keeper
      self:link({ keeper, "failed" }, { self, "failed" })
      self:link({ self, self:addOutbox("orders to " .. name) }, { keeper, "orders" })
    end
    rawset(self, "children", methods.children(self, self.keepers))
    for _, linkage in ipairs(self.linkages or {}) do
      add_usual(self, linkage)
      report.attempt(wiring.link, self, self.keepers, linkage)
    end
  end,
  -- Has it happened too often? Keeps the times that count.
  too_often = function(self)
    local now, recent = core.now(), {}
    for _, at in ipairs(self.times) do
      if now - at < self.within then recent[#recent + 1] = at end
    end
    recent[#recent + 1] = now
    self.times = recent
    return #recent > self.restarts
  end,
  main = function(self)
    for failure in self:messages "failed" do
      if self:too_often() then
        error(("%s has failed %d times within %g s: %s"):format(failure.name, #self.times, self.within,
          failure.error), 0)
      end
      report.say(("%s: %s has failed and is made anew (%d of %d in %g s): %s"):format(
        core.name(self), failure.name, #self.times, self.restarts, self.within, failure.error))
      for _, name in ipairs(strategies[self.strategy](self.order, failure.name)) do
        self:send("renew", "orders to " .. name)
      end
    end
  end,
}, true)
