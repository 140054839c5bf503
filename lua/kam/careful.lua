-- careful: a table that is changed after it was sent is found, and who sent it is named.
--
-- What is sent belongs to who receives it. Each table that a component in Lua sends is
-- remembered with a print of what is in it. Before anybody else has run, the sender's next
-- call looks whether it is still the same; and so does the call that takes it. Whoever has
-- taken a table may do with it what it likes.

local core = require "kam.core"
local methods = require "kam.methods"
local report = require "kam.report"

local careful = { on = false }

local DEEPEST, LARGEST = 8, 2000 -- tables in one another, and items, that are looked at
local LONGEST = 100 -- characters that are compared; what is longer is known by its place in memory

-- A text that is the same as long as nothing in v changes.
local function print_of(v, depth, seen, left)
  if type(v) == "userdata" or type(v) == "string" and #v > LONGEST then return ("%p"):format(v) end
  if type(v) ~= "table" then return tostring(v) end
  if seen[v] or depth > DEEPEST or core.isself(v) then return "…" end
  seen[v] = true
  local keys = {}
  for key in next, v do
    left.n = left.n - 1
    if left.n < 0 then break end
    keys[#keys + 1] = key
  end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  for i, key in ipairs(keys) do
    keys[i] = tostring(key) .. "=" .. print_of(rawget(v, key), depth + 1, seen, left)
  end
  return "{" .. table.concat(keys, ",") .. "}"
end

local function print_now(v) return print_of(v, 0, {}, { n = LARGEST }) end

-- Table to what is known of its sending; and each sender's last ones.
local sent = setmetatable({}, { __mode = "k" })
local last = setmetatable({}, { __mode = "k" })

-- Where in a script the call was made.
local function place()
  for level = 3, 12 do
    local info = debug.getinfo(level, "Sl")
    if not info then return nil end
    if info.currentline > 0 and not info.source:find("lua/kam/", 1, true) then
      return ("%s:%d"):format(info.short_src, info.currentline)
    end
  end
end

local function complain(record)
  sent[record.msg] = nil
  report.raise("E0502", record.name, record.box, record.place)
end

-- What self sent in this step, which nobody else can have touched.
local function check_own(self)
  local list = last[self]
  if not list then return end
  last[self] = nil
  if list.step ~= core.steps() then return end
  for _, record in ipairs(list) do
    if sent[record.msg] == record and print_now(record.msg) ~= record.print then complain(record) end
  end
end

local function remember(self, msg, box)
  local step = core.steps()
  local record = { msg = msg, print = print_now(msg), name = core.name(self), box = box or "outbox",
    place = place() }
  sent[msg] = record
  local list = last[self]
  if not list or list.step ~= step then
    list = { step = step }
    last[self] = list
  end
  list[#list + 1] = record
end

local function taken(msg)
  local record = type(msg) == "table" and sent[msg]
  if not record then return end
  sent[msg] = nil
  if print_now(msg) ~= record.print then complain(record) end
end

local function sending(send)
  return function(self, msg, box)
    check_own(self)
    if type(msg) == "table" and not core.isself(msg) and getmetatable(msg) == nil then
      remember(self, msg, box)
    end
    return send(self, msg, box)
  end
end

local function passed(...)
  for i = 1, select("#", ...) do taken((select(i, ...))) end
  return ...
end

local function taking(take)
  return function(self, ...)
    check_own(self)
    return passed(take(self, ...))
  end
end

local function iterating(iterate)
  return function(self, ...)
    local next_message, state = iterate(self, ...)
    return function(own)
      check_own(own)
      return passed(next_message(own))
    end, state
  end
end

local function looking(look)
  return function(self, ...)
    if core.isself(self) then check_own(self) end
    return look(self, ...)
  end
end

-- From here on, for components of all kinds.
function careful.begin()
  if careful.on then return end
  careful.on = true
  local wraps = {
    send = sending, trySend = sending, recv = taking, recvAny = taking, messages = iterating,
    messagesAny = iterating, pause = looking, sleep = looking, yield = looking,
  }
  for name, wrap in pairs(wraps) do methods.replace(name, wrap(methods.all[name])) end
end

return careful
