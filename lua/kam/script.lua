-- script: running a script as the command does.

local core = require "kam.core"
local report = require "kam.report"
local run = require "kam.run"

local script = {}

-- What is said for an error that nobody in the script caught; gives the status.
local function tell(err, trace)
  if report.is_error(err) then
    report.say(tostring(err))
    return err.exit
  end
  report.say(("error: %s"):format(core.show(err, true)))
  trace = report.users_trace(trace)
  if trace then report.say(trace) end
  return 1
end

-- The components that were made for nothing.
local function tell_unrun()
  for _, c in ipairs(core.children()) do
    local state, file, line = core.state(c), core.place(c)
    local kind = select(2, core.name(c))
    if state == "made" then
      report.say(tostring(report.new("E0601", kind, file, line)))
      run.failed()
    elseif state == "active" and kind ~= "handle" then
      report.say(tostring(report.new("E0604", kind, file, line)))
      run.failed()
    end
  end
end

-- Lua's words for the commonest mistakes of syntax, in ours.
local function syntax_hint(message)
  if message:find "'}' expected .- near" then
    return "a comma is probably missing at the end of the line before"
  elseif message:find "unfinished string" then
    return "a quote is not closed on this line"
  elseif message:find "'end' expected" then
    return "an end is missing"
  elseif message:find "unexpected symbol near '='" or message:find "near '='" then
    return "to compare, write =="
  end
end

local function tell_syntax(message)
  local file, line, rest = message:match "^(.-):(%d+): (.*)$"
  if not file then return tell(message) end
  local e = report.new("E0400", rest)
  e.code, e.file, e.line = "E0001", file, tonumber(line)
  local hint = syntax_hint(rest)
  if hint then e.notes = { hint } end
  report.say(tostring(e))
  return 1
end

-- Runs a chunk with its arguments; gives the exit status of the script.
function script.run(chunk, ...)
  local trace
  local ok, err = xpcall(chunk, function(e)
    if not report.is_error(e) then trace = debug.traceback(nil, 2) end
    return e
  end, ...)
  if not ok then
    local status = tell(err, trace)
    core.kill()
    local signal = core.signal()
    return signal and 128 + signal or status
  end
  tell_unrun()
  run.tell_losses()
  return run.status()
end

-- Loads text under a name; nil and the exit status if it cannot be read.
function script.load(text, name)
  local chunk, err = load(text, name, "t")
  if chunk then return chunk end
  return nil, tell_syntax(err)
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
