-- services: inboxes by name, questions that get an answer, and what they need.
--
--     ASKER ── request { msg =, reply() } ──> NAMES
--       ^ "answer from NAMES" <── reply(value) ──┘
--
-- A request is put straight into the other's inbox, behind what waits there: who asks
-- waits for the answer, so there is one from each at the most. A component that sends
-- one message for each that it takes (its declaration says `answers`) knows nothing of
-- requests; for it a desk puts the questions, and hands out the answers in turn.

local component = require "kam.component"
local core = require "kam.core"
local methods = require "kam.methods"
local near = require "kam.near"
local report = require "kam.report"

local services = {}

-- --- names ---

local registered = {} -- name to { component, box, is it open?, its name }
local ended = {} -- the same of those that have ended, without the component

-- What is known under a name, if it lives.
local function living(name)
  local service = registered[name]
  if service and core.state(service[1]) == "ended" then
    ended[name], service[1] = service, false
    registered[name], service = nil, nil
  end
  return service
end

local function living_names()
  local names = {}
  for _, name in ipairs(near.names(registered)) do
    if living(name) then names[#names + 1] = name end
  end
  return names
end

local function check_name(name)
  if type(name) ~= "string" or name == "" then report.raise("E0315", name) end
end

local function is_open(c, name)
  for _, box in ipairs((core.boxes(c))) do
    if box.name == name then return box.open end
  end
end

local function missing(name)
  local was = ended[name]
  report.raise("E0317", name, living_names(), was and was[4], was and not was[3] and was[2])
end

-- Makes an inbox of c (inbox, if nothing else is said) known under a name, until c ends.
function services.register(name, c, box)
  check_name(name)
  if not core.isself(c) then report.raise("E0211", c) end
  local taken = living(name)
  if taken then report.raise("E0316", name, taken[1]) end
  box = box or "inbox"
  if not c.inboxes[box] then report.raise("E0103", c, box, "inbox") end
  registered[name] = { c, box, is_open(c, box), core.name(c) }
  return c
end

-- The component and the inbox of that name.
function services.retrieve(name)
  check_name(name)
  local service = living(name) or missing(name)
  return service[1], service[2]
end

-- The component of that name; if there is none, make(), if it is given, gives one,
-- which is started.
function services.get(name, make)
  check_name(name)
  if not living(name) then
    if not make then missing(name) end
    local c = make():activate()
    if not living(name) then services.register(name, c) end -- else it has done so itself
  end
  return registered[name][1]
end

-- Has a component a name here?
function services.has(c)
  for _, service in pairs(registered) do
    if service[1] == c then return true end
  end
  return false
end

-- The name is free again.
function services.deregister(name)
  services.retrieve(name)
  registered[name] = nil
end

-- --- requests ---

local Request = { __name = "kam.request" }
Request.__index = Request

local dropped = {} -- the answer that says that there is none

-- How many requests to a component have no answer yet: as long as there is one, a
-- collection at its end looks for those that nobody can answer any more.
local open = setmetatable({}, { __mode = "k" })

-- Gives value to who asked: true; or false if it waits for it no longer.
local function answer(request, value)
  local asker, to = request.asker, request.to
  if to then
    open[to] = open[to] - 1
    if open[to] == 0 then core.answered(to) end
  end
  if asker.waits ~= request.serial then return false end
  asker.waits = nil
  return core.inject(asker.component, request.box, value) ~= nil
end

-- Answers: true; or false if who asked no longer waits.
function Request:reply(value)
  if value == nil then report.raise "E0301" end
  if self.answered then report.raise("E0318", self.msg) end
  self.answered = true
  return answer(self, value)
end

function Request:__gc()
  if not self.answered then answer(self, dropped) end
end

-- Puts a request into a box; who asks must not hold it, so that it is seen when the
-- other one drops it.
local function put(c, box, request)
  local to = core.inject(c, box, setmetatable(request, Request), true)
  if to then
    request.to, open[to] = to, (open[to] or 0) + 1
  end
  return to ~= nil
end

-- Who asks: component to { component =, serial = of its last request, waits = of the
-- one that it waits for }.
local askers = setmetatable({}, { __mode = "k" })

local function asker_of(c)
  local asker = askers[c]
  if not asker then
    asker = { component = c, serial = 0 }
    askers[c] = asker
  end
  return asker
end

-- --- desks ---

local desks = setmetatable({}, { __mode = "k" })

local Desk = component.declare("Desk", {
  inboxes = { inbox = "answers, in the order of the questions",
    requests = { "requests", open = true } },
  main = function(self)
    local pending, first = {}, 1
    for box, msg in self:messagesAny { "inbox", "requests" } do
      if box == "requests" then
        pending[#pending + 1] = msg
        if not self:send(msg.msg) then return end
      else
        if pending[first] then pending[first]:reply(msg) end
        pending[first] = false
        first = first + 1
        if first > #pending then pending, first = {}, 1 end
      end
    end
  end,
})

-- The desk before a component that answers one message by one.
local function desk_of(c)
  local desk = desks[c]
  if desk and core.state(desk) ~= "ended" then return desk end
  local taken = core.sink(c, "outbox")
  if taken then report.raise("E0319", c, taken) end
  desk = Desk()
  methods.rename(desk, "desk of " .. core.name(c))
  core.link(desk, "outbox", c, "inbox")
  core.link(c, "outbox", desk, "inbox", { limit = 0x7fffffff })
  core.activate(desk)
  desks[c] = desk
  return desk
end

-- --- asking ---

-- Where a question goes: a component and its inbox, and what it is called.
local function target(to)
  if type(to) == "string" then
    local c, box = services.retrieve(to)
    return c, box, to
  end
  local c, box = to, "inbox"
  if type(to) == "table" and not core.isself(to) then c, box = to[1], to[2] or "inbox" end
  if not core.isself(c) then report.raise("E0211", c) end
  if core.state(c) == "ended" then return nil end
  if not c.inboxes[box] then report.raise("E0103", c, box, "inbox") end
  return c, box, (core.name(c))
end

local function answers(c)
  local make = getmetatable(c).__index.constructor
  local d = make and component.declaration(make)
  return d and d.answers or getmetatable(c).__index.answers, not d or d.in_c
end

-- Does a request that is put into that box come to somebody who can know what it is?
local function understands(c, box)
  local to, to_box = core.sink(c, box, true)
  while to do
    c, box = to, to_box
    to, to_box = core.sink(c, box, true)
  end
  local one_by_one, is_ours = answers(c)
  return not one_by_one and not is_ours
end

local check_waits = core.methods.ask

-- Asks a component, { component, "box" } or a service by its name, and waits for the
-- answer: it; or nil and "timeout", "receiverGone" or "told".
function methods.all:ask(to, msg, seconds)
  if not core.isself(self) then report.raise("E0305", "ask") end
  if msg == nil then report.raise "E0301" end
  check_waits(self)
  local c, box, name = target(to)
  if not c then return nil, "receiverGone" end
  local one_by_one = answers(c)
  if one_by_one and box == "inbox" then
    c, box = desk_of(c), "requests"
  elseif not understands(c, box) then
    report.raise("E0320", c)
  end
  local own = "answer from " .. name
  if not self.inboxes[own] then methods.all.addInbox(self, own, "what was asked for") end
  local asker = asker_of(self)
  asker.serial = asker.serial + 1
  asker.waits = asker.serial
  if not put(c, box, { msg = msg, asker = asker, serial = asker.serial, box = own }) then
    return nil, "receiverGone"
  end
  local value, why = self:recv(own, seconds)
  asker.waits = nil
  if value == dropped then return nil, "receiverGone" end
  if value ~= nil then return value end
  return nil, why
end

return services
