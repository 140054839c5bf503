-- script: running a script as the command does.

local core = require "kam.core"
local globals = require "kam.globals"
local methods = require "kam.methods"
local note = require "kam.note"
local report = require "kam.report"
local run = require "kam.run"
local syntax = require "kam.syntax"

local script = {}

-- What is said for an error that nobody in the script caught; gives the status.
function script.tell(err, trace)
  if report.is_error(err) then
    report.say(tostring(err))
    return err.exit
  end
  report.say(("error: %s"):format(core.show(err, true)))
  trace = report.users_trace(trace)
  if trace then report.say(trace) end
  return 1
end

-- The components that were made for nothing; after a failure some were made for what did
-- not come.
local function tell_unrun()
  for _, c in ipairs(core.children()) do
    local state, file, line = core.state(c), core.place(c)
    local kind = select(2, core.name(c))
    if state == "made" and not methods.drawn[c] and run.failures == 0 then
      report.say(tostring(report.new("E0601", kind, file, line)))
      run.failed()
    elseif state == "active" and kind ~= "handle" then
      report.say(tostring(report.new("E0604", kind, file, line)))
      run.failed()
    end
  end
end

-- Says which names nobody defines; gives how many of them are errors.
local function tell_undefined(chunk)
  local list, sure = globals.undefined(chunk)
  local n = 0
  for _, found in ipairs(sure and list or {}) do
    if not found.tested then
      n = n + 1
      report.say(tostring(script.undefined(chunk, found)))
    end
  end
  return n
end

-- The error of a name that nobody defines.
function script.undefined(chunk, found)
  local e = found.name == "kam" and report.new "E0141"
    or report.new("E0140", found.name, found.near, found.is_local)
  e.file, e.line = debug.getinfo(chunk, "S").short_src, found.line
  return e
end

-- Runs a chunk only to see what it would run: the components; or nil and the exit status.
function script.note(chunk, ...)
  local ok, found, gathered = note.roots(chunk, function(e)
    return report.is_error(e) and e or debug.traceback(core.show(e, true), 2)
  end, ...)
  if gathered[1] then ok, found = false, gathered[1] end
  if ok then return found end
  report.say(report.is_error(found) and tostring(found) or "error: " .. found)
  return nil, report.is_error(found) and found.exit or 1
end

-- Runs a chunk with its arguments; gives the exit status of the script.
function script.run(chunk, ...)
  local trace
  local ok, err = xpcall(chunk, function(e)
    if not report.is_error(e) then trace = debug.traceback(nil, 2) end
    return e
  end, ...)
  if not ok then
    local status = script.tell(err, trace)
    core.kill()
    local signal = core.signal()
    return signal and 128 + signal or status
  end
  tell_unrun()
  run.tell_losses()
  return run.status()
end

-- Loads text under a name; nil and what is wrong with it, an error or a text.
function script.compile(text, name)
  local chunk, err = load(text, name, "t")
  if chunk then return chunk end
  return nil, syntax.error(err, text) or err
end

-- The same, and nothing that it names is undefined; nil and the exit status, after what
-- is wrong was said.
function script.load(text, name)
  local chunk, err = script.compile(text, name)
  if not chunk then
    report.say(tostring(err))
    return nil, 2
  end
  if tell_undefined(chunk) > 0 then return nil, 2 end
  return chunk
end

-- The text of a file, a line of #! left out of sight.
function script.read(path)
  local f, err = path == "-" and io.stdin or nil, nil
  if not f then f, err = io.open(path, "rb") end
  if not f then return nil, err end
  local text, why = f:read "a"
  if path ~= "-" then f:close() end
  if not text then return nil, ("%s: %s"):format(path, why or "cannot be read") end
  return (text:gsub("^#[^\n]*", ""))
end

return script
