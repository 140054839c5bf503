-- report: what the system says when something is wrong, in one voice.
--
--     error[E0102]: there is no component "SKN" in this graph; did you mean "SNK"?
--       --> chat.lua:7
--        7 |  "SRC -> SKN",
--          |          ^^^
--       mend: "SRC -> SNK"
--
-- An error is a table of code, message, file, line, mark, mend and notes, which
-- shows itself in this form. Texts are lower case and without a full stop.

local core = require "kam.core"
local codes = require "kam.codes"
local near = require "kam.near"

-- mark: what in the script is being read, for an error that comes of it.
local report = { sources = {}, quiet = false, mark = nil }

local Error = { __name = "kam.error" }
Error.__index = Error

-- The lines of a text as Lua counts them: one ends with \n or \r, or with both.
function report.lines(text)
  local lines, at = {}, 1
  repeat
    local to = text:find("[\r\n]", at)
    lines[#lines + 1] = text:sub(at, (to or 0) - 1)
    local both = to and text:find("^[\r\n]", to + 1) and text:byte(to) ~= text:byte(to + 1)
    at = to and to + (both and 2 or 1)
  until not to
  return lines
end

-- The lines of a source by its short name: kept text first, then the file.
local function lines_of(file)
  local text = report.sources[file]
  if not text then
    local f = io.open(file, "r")
    if not f then return {} end
    text = f:read "a"
    f:close()
  end
  return report.lines(text)
end

-- Where from line on the mark stands: line, column; a call is reported on the
-- line of its brace, and what is wrong is often some lines below.
local function find_mark(lines, line, mark)
  for n = line, math.min(line + 60, #lines) do
    local column = lines[n]:find(mark, 1, true)
    if column then return n, column end
  end
  return line, nil
end

local function excerpt(e, out)
  local lines = lines_of(e.file)
  local line, column = e.line, nil
  if e.mark then line, column = find_mark(lines, e.line, e.mark) end
  out[#out + 1] = ("  --> %s:%d"):format(e.file, line)
  local text = lines[line]
  if not text then return end
  local number = ("%4d"):format(line)
  out[#out + 1] = ("%s |  %s"):format(number, text)
  if column then
    local before = text:sub(1, column - 1):gsub("[^\t]", " ")
    local under = e.under or e.mark
    local offset = e.mark:find(under, 1, true) or 1
    out[#out + 1] = ("%s |  %s%s%s"):format((" "):rep(#number), before, (" "):rep(offset - 1),
      ("^"):rep(utf8.len(under) or #under))
  end
end

function Error.__tostring(e)
  local out = { ("%s[%s]: %s"):format(e.code:find "^W" and "warning" or "error", e.code, e.message) }
  if e.file then excerpt(e, out) end
  if e.mend then out[#out + 1] = "  mend: " .. e.mend end
  for _, note in ipairs(e.notes or {}) do out[#out + 1] = "  " .. note end
  return table.concat(out, "\n")
end

-- Is the function of that level one of the user's?
function report.is_users(info)
  local source = info.source
  if source == "=[C]" or source == "=?" then return false end
  return not source:find("lua/kam/", 1, true) and not source:find("/components/", 1, true)
end

-- The place in the user's own code that called us: file, line.
local function place()
  for level = 3, 40 do
    local info = debug.getinfo(level, "Sl")
    if not info then return nil end
    if report.is_users(info) and info.currentline > 0 then return info.short_src, info.currentline end
  end
end

-- An error of a code, with what its entry in codes.lua makes of the arguments.
function report.new(code, ...)
  local entry = codes.all[code] or { make = function(...) return { message = table.concat({ ... }, " ") } end }
  local e = entry.make(...)
  e.code, e.exit = code, entry.exit or 2
  e.mark, report.mark = e.mark or report.mark, nil
  if not e.file then e.file, e.line = place() end
  return setmetatable(e, Error)
end

function report.raise(code, ...)
  error(report.new(code, ...), 0)
end

function report.is_error(e)
  return getmetatable(e) == Error
end

-- Calls f; what it raises goes on, but while errors are gathered (a list) it goes there,
-- so that one mistake does not hide the next.
report.gathered = nil
function report.attempt(f, ...)
  if not report.gathered then return f(...) end
  local result = table.pack(pcall(f, ...))
  if result[1] then return table.unpack(result, 2, result.n) end
  if not report.is_error(result[2]) then error(result[2], 0) end
  table.insert(report.gathered, result[2])
end

-- Writes a text to the standard error, what was printed before it first.
function report.say(text)
  if report.quiet then return end
  io.stdout:flush()
  io.stderr:write(text, "\n")
end

local function plural(n, one, many)
  return n == 1 and one or (many or one .. "s")
end

-- A traceback without the frames that are ours; nil if nothing is left.
function report.users_trace(trace)
  local lines = {}
  for line in (trace or ""):gmatch "[^\n]+" do
    if not (line:find("lua/kam/", 1, true) or line:find "%[C%]: in function 'error'"
      or line:find "%[C%]: in function 'kam%." or line:find "%[C%]: in %?") then
      lines[#lines + 1] = line
    end
  end
  return #lines > 1 and table.concat(lines, "\n") or nil
end

-- The method that may be meant, if Lua says that one was called which is not there.
local function method_near(said)
  local called = said:match "^attempt to call a nil value %(method '([%w_]+)'%)"
  return called and near.best(called, near.names(core.methods))
end

-- A component has failed; info is what the binding knows of it.
function report.failed(info)
  local message, out = info.message, {}
  local structured = message:match "^error%[(E%d+)%]: "
  local file, line, rest = message:match "^(.-):(%d+): (.*)$"
  if structured then
    local first, more = message:match "^error%[E%d+%]: ([^\n]*)(.*)$"
    out[1] = ("error[%s]: %s: %s%s"):format(structured, info.name, first, more)
    if info.file and not more:find("-->", 1, true) then
      out[#out + 1] = ("  made at %s:%d"):format(info.file, info.line)
    end
  elseif file and #file < 200 and not file:find "\n" then
    out[1] = ("error[E0400]: %s failed at %s:%s: %s"):format(info.name, file, line, rest)
    excerpt({ file = file, line = tonumber(line) }, out)
    local best = method_near(rest)
    if best then out[#out + 1] = ("  mend: self:%s(…)"):format(best) end
  else
    out[1] = ("error[E0400]: %s failed: %s"):format(info.name, message)
    if info.file then out[#out + 1] = ("  made at %s:%d"):format(info.file, info.line) end
  end
  if info.handling then
    out[#out + 1] = ("  it was handling message %d: %s"):format(info.number, info.handling)
  end
  for _, box in ipairs(info.boxes or {}) do
    out[#out + 1] = ("  in its %s %d %s waited"):format(box.name, box.waiting,
      plural(box.waiting, "message"))
  end
  if info.owner and info.siblings > 0 then
    out[#out + 1] = info.siblings == 1 and ("  so the %s stopped its other child"):format(info.owner)
      or ("  so the %s stopped its other %d children"):format(info.owner, info.siblings)
  end
  local trace = report.users_trace(info.traceback)
  if trace then out[#out + 1] = trace end
  report.say(table.concat(out, "\n"))
end

-- A component has warned; more is how often again since that was told, or nil the first time.
function report.warned(code, name, text, more, file, line)
  local again = more and ("%d more since then, the last: "):format(more) or ""
  local out = ("warning[%s]: %s: %s%s"):format(code, name, again, text)
  if file then out = ("%s\n  made at %s:%d"):format(out, file, line) end
  report.say(out)
end

-- Functions of Lua that wait, and the component that waits instead.
local waiting = {
  { "io%.read", "kam.ConsoleReader()" }, { "io%.lines", "kam.ConsoleReader(), or kam.FileReader" },
  { "io%.stdin", "kam.ConsoleReader()" }, { "os%.execute", "kam.UnixProcess" }, { "io%.popen", "kam.UnixProcess" },
}

-- Says who holds up the others; gives whether it is by waiting, which is a mistake.
function report.overrun(name, place_, others, ms)
  local file, line = place_:match "^(.*):(%d+)$"
  local text = file and lines_of(file)[tonumber(line)] or ""
  for _, w in ipairs(waiting) do
    local call = text:match(w[1])
    if call then
      local e = report.new("E0403", name, call, w[2])
      e.file, e.line = file, tonumber(line)
      report.say(tostring(e))
      return true
    end
  end
  report.say(("%s has not given way for %s (%s), and %d %s for it: self:yield() in its loop")
    :format(name, ms >= 1000 and ("%g s"):format(ms / 1000) or ms .. " ms", place_, others,
      plural(others, "component waits", "components wait")))
end

function report.deaf(name)
  report.say(("%s was told to end now and went on for 1,000 calls: it has been ended"):format(name))
end

local function messages(n) return ("%d %s"):format(n, plural(n, "message")) end

local function are(n) return plural(n, "it is", "they are") end

-- What is said of a loss, by its reason; where is who lost it, and its place.
local told = {}

function told.refused(loss)
  return ("error[E0606]: trySend of %s (%s) refused %s because %s.%s was full, and %s lost; to wait "
    .. "instead: [self:send(x)]; to drop them on purpose, look at what it gives"):format(loss.name,
    loss.place, messages(loss.count), loss.to, loss.to_box, are(loss.count))
end

function told.unlinked(loss, where)
  return ('error[E0602]: %s sent %s to %s and nobody is linked to it: %s lost; link it, or say that '
    .. 'you mean it: kam.NullSink() after it, or ["%s%s -> null"] in a Graphline'):format(where,
    messages(loss.count), loss.box, are(loss.count), loss.name,
    loss.box == "outbox" and "" or "." .. loss.box)
end

function told.late(loss, where)
  return ("error[E0602]: %s sent %s to %s before anybody was linked to it: %s lost; unlink and link "
    .. "in one step, with nothing between that waits"):format(where, messages(loss.count), loss.box,
    are(loss.count))
end

function told.error(loss, where)
  return ("error[E0607]: %s failed, and %s that waited in %s %s lost; somebody who watches it may let "
    .. "another one take them"):format(where, messages(loss.count), loss.box,
    plural(loss.count, "is", "are"))
end

-- The loop that goes on until the end of that box.
local function loop_over(box)
  return ("a loop that goes on until the end: [for m in self:messages(%s) do]"):format(
    box ~= "inbox" and ('"%s"'):format(box) or "")
end

function told.stopped(loss, where)
  if loss.left then
    return ("error[E0603]: %s ended when its %s was empty for a moment, so %s, which feeds it, was stopped; %s")
      :format(where, loss.box, loss.stopped, loop_over(loss.box))
  end
  return ("error[E0603]: %s ended before its first message, so %s, which feeds it, was stopped before "
    .. "it sent one; a loop that goes on until the end: [for m in self:messages() do]"):format(where,
    loss.stopped)
end

function told.first(loss, where)
  if loss.box ~= "inbox" then
    return ('error[E0603]: %s ended and never took the %s in %s, which %s lost; to take %s: '
      .. '[self:recv "%s"]'):format(where, messages(loss.count), loss.box, plural(loss.count, "is", "are"),
      plural(loss.count, "it", "them"), loss.box)
  end
  return ("error[E0603]: %s ended before its first message and %s sent to it %s lost; a loop that goes "
    .. "on until the end: [for m in self:messages() do]"):format(where, messages(loss.count),
    plural(loss.count, "was", "were"))
end

function told.left(loss, where)
  return ("error[E0603]: %s ended when its %s was empty for a moment, and %s sent to it later %s lost; %s")
    :format(where, loss.box, messages(loss.count), plural(loss.count, "was", "were"), loop_over(loss.box))
end

function told.gone(loss, where)
  return ("error[E0603]: %s sent %s to %s, and who was to receive %s had ended")
    :format(where, messages(loss.count), loss.box, plural(loss.count, "it", "them"))
end

local function kind_of(loss)
  if loss.stopped then return "stopped" end
  if loss.reason == "unlinked" and loss.linked then return "late" end
  if told[loss.reason] then return loss.reason end
  return loss.left and "left" or loss.inside and "first" or "gone"
end

-- Losses of one kind, of components made at one place, as one.
local function together(losses)
  local list, by_key = {}, {}
  for _, loss in ipairs(losses) do
    local kind = kind_of(loss)
    local key = loss.file and ("%s %s %s %d"):format(kind, loss.box, loss.file, loss.line)
    local group = key and by_key[key]
    if group then
      group.loss.count, group.others = group.loss.count + loss.count, group.others + 1
    else
      group = { kind = kind, others = 0, loss = setmetatable({ count = loss.count }, { __index = loss }) }
      list[#list + 1] = group
      if key then by_key[key] = group end
    end
  end
  return list
end

-- The losses of a run, one line for each box, or for those of all that were made at one
-- place. Gives how many were told.
function report.losses(losses, forced)
  for _, group in ipairs(together(losses)) do
    local loss, where = group.loss, group.loss.name
    if group.others > 0 then
      where = ("%s and %d %s"):format(where, group.others, plural(group.others, "other"))
    end
    if loss.file then where = ("%s (%s:%d)"):format(where, loss.file, loss.line) end
    report.say(told[group.kind](loss, where))
  end
  if forced > 0 then
    report.say(("%s lost, because components were ended by force"):format(
      ("%d %s"):format(forced, plural(forced, "message was", "messages were"))))
  end
  return #losses
end

report.show = core.show
report.plural = plural

return report
