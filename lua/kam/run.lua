-- run: running systems from ordinary code, and what is said when they end.

local core = require "kam.core"
local methods = require "kam.methods"
local near = require "kam.near"
local refusals = require "kam.refusals"
local report = require "kam.report"
local options = require "kam.options"
local component = require "kam.component"

local run = {}

local status = { failed = false, stalled = false, usage = false }

-- The exit status so far: a signal's, else a failure's, else a stall's.
function run.status()
  local signal = core.signal()
  if signal then return 128 + signal end
  if status.failed then return 1 end
  return status.stalled and 3 or 0
end

function run.failed() status.failed = true end

-- Tells of what was warned of, or lost, so far and not yet told.
function run.tell_losses()
  core.tellwarnings()
  local losses, forced = core.losses()
  for _, refused in ipairs(refusals.take()) do
    refused.reason = "refused"
    losses[#losses + 1] = refused
  end
  if report.losses(losses, forced) > 0 then status.failed = true end
  return losses
end

-- --- noting: what would be run is noted, and nothing moves (see note.lua) ---

-- held: by a handle or by try; functions: those that are components (kam.map), by these
run.noting, run.noted, run.held, run.functions = false, {}, {}, {}

local function note(c)
  if not core.isself(c) then report.raise("E0211", c) end
  for _, other in ipairs(run.noted) do
    if other == c then return end
  end
  table.insert(run.noted, c)
end

-- A handle through which nothing comes.
local Noted = { __name = "kam.handle" }
Noted.__index = Noted

function Noted.put() return true end
function Noted.get() return nil, "ended" end
function Noted.messages() return function() end end
function Noted.finish() end
Noted.stop, Noted.close, Noted.__close = Noted.finish, Noted.finish, Noted.finish

local function note_handle(c)
  note(c)
  run.held[c] = true
  return setmetatable({ component = c }, Noted)
end

-- Starts it, without running the system.
function methods.activate(c)
  if run.noting then return note(c) end
  core.activate(c)
end

-- Runs what is active until all has ended: true; or nil and a report, a table of
-- kind ("failed", "stalled" or "lost") and lines.
function run.run(...)
  if run.noting then
    for i = 1, select("#", ...) do note((select(i, ...))) end
    return true
  end
  for i = 1, select("#", ...) do core.activate((select(i, ...))) end
  local how = core.run()
  local lines = how == "stalled" and core.stall() or {}
  if how == "stalled" then
    status.stalled = true
    report.say(table.concat(lines, "\n"))
    core.kill()
  end
  if how == "failed" then status.failed = true end
  local losses = run.tell_losses()
  if how ~= "over" then return nil, { kind = how, lines = lines } end
  if #losses > 0 then return nil, { kind = "lost", losses = losses } end
  return true
end

methods.run = run.run

local settings = { grace = true, stopAfter = true }

-- Times in seconds: grace, from being told to end now until force; stopAfter, until
-- one that does not give way while others wait is stopped.
function run.configure(given)
  if type(given) ~= "table" then report.raise("E0605", given) end
  for _, name in ipairs(near.names(given)) do
    if not settings[name] then report.raise("E0205", "kam.configure", name, near.names(settings)) end
    local v = given[name]
    if type(v) ~= "number" or not (v >= 0 and v <= 1e6) then
      report.raise("E0208", "kam.configure", name, "a number of seconds from 0 to 1e6", v)
    end
  end
  core.configure(given)
end

-- Asks all components to end.
function run.stop()
  core.stopall "ask"
end

-- Options of a living component, checked as when it was made.
function methods.set(c, given)
  local make = getmetatable(c).__index.constructor
  local d = component.declaration(make)
  for name, v in pairs(given) do
    local o = d and d.options[name]
    if not o then
      local names = {}
      for i, other in ipairs(d and d.options or {}) do names[i] = other.name end
      report.raise("E0205", c.name, name, names)
    end
    v = options.check(d.name, o, v)
    if d.in_c and not core.set(c, name, v) then report.raise("E0219", d.name, name) end
    rawset(c, o.as, v)
  end
  return c
end

-- The binding tells of one that does not give way.
function run.on_overrun(...)
  if report.overrun(...) then status.failed = true end
end

-- The binding tells of one that gives way again and again and takes nothing.
function run.on_spins(...)
  report.say(tostring(report.new("E0404", ...)))
  status.failed = true
end

-- --- handles ---

local Handle = { __name = "kam.handle" }
Handle.__index = Handle

-- An open end of all boxes of c, which it starts. Close it, or let it be closed
-- at the end of its block: local h <close> = kam.handle(c).
function run.handle(c)
  if not core.isself(c) then report.raise("E0211", c) end
  if run.noting then return note_handle(c) end
  return setmetatable({ own = core.handle(c), component = c, failures = run.failures }, Handle)
end

-- Puts a message into an inbox: true; or false and why. Waits while it is full.
function Handle:put(msg, box)
  if self.finished then return false, "finished" end
  return core.put(self.own, msg, box)
end

-- Gets a message from an outbox: it; or nil and "ended", "timeout" or "stalled";
-- or nil, "failed" and what has failed.
function Handle:get(box, seconds)
  local msg, why = core.get(self.own, box, seconds)
  if msg ~= nil then return msg end
  if why ~= "timeout" and run.failures > self.failures then return nil, "failed", run.last_failure end
  return nil, why
end

-- for msg in h:messages() do
function Handle:messages(box)
  return function() return (core.get(self.own, box)) end
end

-- No more will be put.
function Handle:finish()
  core.finish(self.own)
  self.finished = true
end

-- Tells the component to end now.
function Handle:stop() core.stop(self.component) end

function Handle:__close()
  core.close(self.own, self.component)
end

Handle.close = Handle.__close

-- What comes out of c when the messages of a list are put into it; a failure of
-- c is raised.
function run.try(c, list)
  if run.noting then
    note_handle(c)
    return {}
  end
  local h <close> = run.handle(c)
  local before, out = run.trying, {}
  local ends <close> = setmetatable({}, { __close = function() run.trying = before end })
  run.trying = true
  for _, msg in ipairs(list or {}) do
    if not h:put(msg) then break end
  end
  h:finish()
  for msg in h:messages() do out[#out + 1] = msg end
  core.tellwarnings()
  if run.failures ~= h.failures then error(run.last_failure, 2) end
  return out
end

-- The binding tells of each failure.
run.failures = 0
function run.on_failed(info)
  run.failures = run.failures + 1
  run.last_failure = ("%s failed: %s"):format(info.name, info.message)
  local ins = core.boxes(info.component)
  info.boxes = {}
  for _, box in ipairs(ins) do
    if box.waiting > 0 then info.boxes[#info.boxes + 1] = box end
  end
  if not run.trying then report.failed(info) end
end

return run
