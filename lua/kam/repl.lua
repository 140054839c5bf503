-- repl: the prompt, which is itself a system.
--
--     EDITOR ──────────────> line: ordinary code runs it
--       ^  └─ complete ──> COMPLETER ──┐
--       └───────── completions ────────┘
--
-- What is typed is run between two lines, while no component runs: the system moves only
-- while the prompt waits, or in what a line calls (run, try, a handle).

local component = require "kam.component"
local core = require "kam.core"
local report = require "kam.report"

local names = {} -- kinds that the prompt has to know: its editor, and who else reads keys
names.editor, names.reader = "LineEditor", "ConsoleReader"

-- --- components of the prompt ---

-- Fields are read-only outside main: what a component was given lies behind it, and what
-- is written is looked at.
local function protect(c)
  local meta, given = getmetatable(c), {}
  for key, v in next, c do
    if type(key) == "string" and key ~= "name" and key ~= "children" then given[key] = v end
  end
  for key in next, given do rawset(c, key, nil) end
  local own = {}
  for key, v in next, meta do own[key] = v end
  own.__index = setmetatable(given, meta)
  own.__newindex = function(self, key, v)
    if core.running() or type(key) ~= "string" then
      rawset(self, key, v)
      return
    end
    local d, options = component.declaration(self.constructor), {}
    for i, o in ipairs(d and d.options or {}) do options[i] = o.name end
    report.raise("E0731", core.name(self) or self.name, key, require "kam.near".best(key, options))
  end
  return setmetatable(c, own)
end

component.finish = protect

local kam = require "kam"
local complete = require "kam.complete"
local doc = require "kam.doc"
local library = require "kam.library"
local methods = require "kam.methods"
local near = require "kam.near"
local prompt_line = require "kam.prompt_line"
local run = require "kam.run"
local script = require "kam.script"
local syntax = require "kam.syntax"
local tree = require "kam.tree"

-- Changed options are kept where those lie that were given.
local set = methods.set
function methods.set(c, given)
  set(c, given)
  local behind = getmetatable(c).__index
  for key in pairs(given) do
    behind[key] = rawget(c, key)
    rawset(c, key, nil)
  end
  return c
end

local session = prompt_line.new "prompt"
local pending = {} -- the lines of a statement that is not yet whole
local handle -- of the prompt's own system, while it lives

-- --- the prompt's own system ---

local commands = { "exit", "help" }
local scope = { session = session, kam = kam, commands = commands }

local function completions(line)
  local before = table.concat(pending, "\n") .. (#pending > 0 and "\n" or "")
  local ok, word, list = pcall(complete.words, scope, before, line)
  if not ok then return "" end
  return word .. "\n" .. table.concat(list, "\n")
end

-- Where earlier lines are kept; "" if there is no place for them.
local function history_file()
  local state, home = os.getenv "XDG_STATE_HOME", os.getenv "HOME"
  if state and state:find "^/" then return state .. "/kam/history" end
  return home and home ~= "" and home .. "/.local/state/kam/history" or ""
end

local Completer = kam.component "Completer" {
  main = function(self)
    for line in self:messages() do self:send(completions(line)) end
  end,
}

local Prompt = kam.component "Prompt" {
  inboxes = { prompt = { "the prompt of the next line", open = true } },
  init = function(self)
    local editor, completer = self:addChildren(
      kam[names.editor] { asked = true, history = history_file() }, Completer())
    self:link({ self, "prompt" }, { editor, "prompt" })
    self:link({ editor, "complete" }, completer)
    self:link(completer, { editor, "completions" })
    self:link(editor, { self, "outbox" })
  end,
}

local function open_prompt()
  if handle then return end
  local own = Prompt()
  tree.hidden[own] = true
  handle = kam.handle(own)
end

local function close_prompt()
  if not handle then return end
  handle:close()
  handle = nil
end

-- The next line that is typed; false if it was given up, nil at the end.
local function read_line()
  open_prompt()
  if not handle:put(#pending > 0 and ">> " or "> ", "prompt") then return nil end
  return (handle:get())
end

-- --- running what a line asks for ---

local function reads_keys(c)
  if select(2, core.name(c)) == names.reader then return c end
  for _, child in ipairs(core.children(c)) do
    local found = reads_keys(child)
    if found then return found end
  end
end

local function refuse_reader(c)
  local reader = reads_keys(c)
  if reader then report.raise("E0730", core.name(reader)) end
end

local activate = methods.activate
function methods.activate(c)
  if not core.running() then refuse_reader(c) end
  activate(c)
end

-- What goes on beside the prompt may not be given one later either.
local add_children = methods.all.addChildren
methods.replace("addChildren", function(self, ...)
  if handle and core.isself(self) and core.state(self) ~= "made" then
    for _, c in ipairs { ... } do
      if core.isself(c) then refuse_reader(c) end
    end
  end
  return add_children(self, ...)
end)

local told = setmetatable({}, { __mode = "k" }) -- reports that have been read

-- Starts components and runs until they have ended; the keyboard is theirs meanwhile, and
-- ^C stops them. What was started before goes on.
local function run_here(...)
  local all = table.pack(...)
  close_prompt()
  for i = 1, all.n do core.activate(all[i]) end
  local how = core.run(...)
  local lines = how == "stalled" and core.stall() or {}
  if #lines > 0 then report.say(table.concat(lines, "\n")) end
  if how == "interrupted" then print "" end
  if how ~= "over" then
    for i = 1, all.n do core.close(nil, all[i]) end
  end
  local losses = run.tell_losses()
  if how == "over" and #losses == 0 then return true end
  local what = how ~= "over" and { kind = how, lines = lines } or { kind = "lost", losses = losses }
  told[what] = true
  return nil, what
end

methods.run = run_here
kam.run = function(...)
  if select("#", ...) > 0 then return run_here(...) end
  local all = {}
  for _, c in ipairs(core.children()) do
    if not tree.hidden[c] and core.state(c) == "active" then all[#all + 1] = c end
  end
  if #all == 0 then return true end
  return run_here(table.unpack(all))
end

-- Asks all to end but the prompt.
function kam.stop()
  for _, c in ipairs(core.children()) do
    if not tree.hidden[c] and core.state(c) ~= "made" then core.stop(c) end
  end
end

local function print_values(values)
  if values.n == 0 or told[values[2]] then return end
  local texts = {}
  for i = 1, values.n do texts[i] = core.show(values[i], true) end
  print(table.concat(texts, "\t"))
end

-- The calls that led to an error, without the line itself and what is below it.
local function trace_of()
  return (debug.traceback(nil, 3):gsub("\n[^\n]*in function 'xpcall'.*$", "")
    :gsub("\n[^\n]*tail calls[^\n]*$", ""):gsub("\n[^\n]*in function <prompt:%d+>$", ""))
end

local function evaluate(f)
  local trace
  local results = table.pack(core.guarded(xpcall, f, function(err)
    if not report.is_error(err) then trace = trace_of() end
    return err
  end))
  if results[1] and results[2] then
    -- a value may fail to show itself
    local ok, err = core.guarded(print_values, table.pack(table.unpack(results, 3, results.n)))
    if not ok then script.tell(err) end
  else
    local err = results[3]
    if not results[1] then err = results[2] end
    script.tell(err, trace)
  end
  core.forget()
end

-- --- what a line may be, beside Lua ---

local help = [[
An expression shows its value; a statement is run; what is not yet whole goes on in the next line.
Locals live on. Components go on running while you type.

  kam.Pipeline { kam.PeriodicTick(1), kam.ConsoleEchoer() }:activate()   runs beside the prompt
  kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }:run()        has the keyboard until ^C
  g.children.NAME:set { … }   g:add { … }   g:link "A -> B"   g:unlink "A -> B"   g:stop()
  kam.tree()                  what all components are doing
  ?NAME                       what a component does; TAB completes names, options and boxes
  ^C                          gives the line up, or stops what runs
  ^D, exit                    ends]]

local function tell_about(word)
  word = word:gsub("^kam%.", "")
  local v = session:get(word)
  local make, needs = library.find(word)
  local d = make and component.declaration(make) or v and component.declaration(v)
    or component.declaration(rawget(_G, word))
  if d then
    io.write(doc.page(d))
  elseif needs then
    report.say(("%s is not in this build: it needs %s"):format(word, needs))
  else
    local best = near.best(word, library.names())
    report.say(("there is no component %s%s"):format(word,
      best and ("; did you mean %s?"):format(best) or ""))
  end
end

-- Does what is no Lua: true if it was that; "exit" if the prompt is to end.
local function command(line)
  local word = line:match "^%s*%?%s*(.-)%s*$"
  if word == "" then
    print(help)
  elseif word then
    tell_about(word)
  end
  if word then return true end
  word = line:match "^%s*(%a+)%s*$"
  local is_name = word and (select(2, session:get(word)) or rawget(_G, word) ~= nil)
  if is_name then return nil end
  if word == "exit" then return "exit" end
  if word == "help" then
    print(help)
    return true
  end
end

-- One more line of a statement, or a whole one. True: the prompt is to end.
local function take(line)
  if #pending == 0 then
    if not line:find "%S" then return nil end
    local did = command(line)
    if did then return did == "exit" end
  end
  pending[#pending + 1] = line
  local text = table.concat(pending, "\n")
  local f, err, is_part = session:load(text)
  if is_part then return nil end
  pending = {}
  report.sources[session.name] = session.text .. text
  session:passed(text)
  if f then
    evaluate(f)
  else
    script.tell(syntax.error(err, report.sources[session.name]) or err)
  end
  run.tell_losses()
end

-- Asks what still runs to end, and waits for it.
local function finish()
  close_prompt()
  core.prompts(false)
  local signal = core.signal()
  core.stopall "end"
  if core.run() == "stalled" then core.kill() end
  run.tell_losses()
  return signal and 128 + signal or 0
end

-- The prompt, from its first line to its last: the exit status.
return function(version)
  _G.kam = kam
  core.prompts(true)
  print(("kam %s   ? for help, ^D to end"):format(version))
  while true do
    local line = read_line()
    if line == nil then break end
    if line == false then
      pending = {}
    elseif take(line) or core.signal() then
      break
    end
  end
  return finish()
end
