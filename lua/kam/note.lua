-- note: running a script so that its graph is made and nothing moves: run, activate
-- and handles only note what they were given (run.noting). What the script prints is
-- dropped, and it changes nothing outside: files are not written, no program starts.
-- Lines that do not come to their end are left after a time.

local report = require "kam.report"
local run = require "kam.run"

local OFTEN = 1000000 -- instructions between two looks at the clock

local note = { patience = 5 } -- seconds of the processor's time

local EXIT = {} -- what os.exit raises meanwhile

local function done() return true, "exit", 0 end

-- Functions of the library that would reach outside, as they are meanwhile.
local function harmless()
  local open = io.open
  return {
    [_G] = { print = function() end },
    [os] = { exit = function() error(EXIT, 0) end, execute = done, remove = done, rename = done },
    [io] = {
      write = function() return io.stdout end,
      read = function() return nil end,
      popen = function() return open("/dev/null", "r+") end,
      open = function(path, mode)
        if (mode or "r"):find "[wa+]" then return open("/dev/null", "r+") end
        return open(path, mode)
      end,
    },
  }
end

-- Raises an error in what has run for too long.
local function impatient()
  local ends = os.clock() + note.patience
  return function()
    if os.clock() < ends then return end
    local e = report.new("E0150", note.patience)
    local info = debug.getinfo(2, "Sl")
    if info and report.is_users(info) then e.file, e.line = info.short_src, info.currentline end
    error(e, 0)
  end
end

-- Calls f: true and the roots that it would have run, in order; or false and the error.
-- handler makes of an error what is given back. The third is a list of the errors that did
-- not stop it.
function note.roots(f, handler, ...)
  local before = {}
  for library, functions in pairs(harmless()) do
    before[library] = {}
    for name, g in pairs(functions) do before[library][name], library[name] = library[name], g end
  end
  local gathered = {}
  run.noting, run.noted, run.held, run.functions, report.gathered = true, {}, {}, {}, gathered
  debug.sethook(impatient(), "", OFTEN)
  local ok, err = xpcall(f, function(e) return e == EXIT and e or handler(e) end, ...)
  debug.sethook()
  run.noting, report.gathered = false, nil
  for library, functions in pairs(before) do
    for name, g in pairs(functions) do library[name] = g end
  end
  if not ok and err ~= EXIT then return false, err, gathered end
  return true, run.noted, gathered
end

return note
