-- note: running a script so that its graph is made and nothing moves: run, activate
-- and handles only note what they were given (run.noting). What the script prints is
-- dropped, and it changes nothing outside: files are not written, no program starts.

local run = require "kam.run"

local note = {}

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

-- Calls f: true and the roots that it would have run, in order; or false, the error and
-- its traceback. handler makes of an error what is given back.
function note.roots(f, handler, ...)
  local before = {}
  for library, functions in pairs(harmless()) do
    before[library] = {}
    for name, g in pairs(functions) do before[library][name], library[name] = library[name], g end
  end
  run.noting, run.noted, run.held = true, {}, {}
  local ok, err = xpcall(f, function(e) return e == EXIT and e or handler(e) end, ...)
  run.noting = false
  for library, functions in pairs(before) do
    for name, g in pairs(functions) do library[name] = g end
  end
  if not ok and err ~= EXIT then return false, err end
  return true, run.noted
end

return note
