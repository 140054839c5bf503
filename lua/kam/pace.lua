-- pace: a person looks on while a system runs: slow motion, steps, and choosing who runs
-- next. The binding calls paced before each line of the trace, and choose when several
-- components can run; time stands still meanwhile.

local core = require "kam.core"
local tree = require "kam.tree"

local pace = { seconds = nil, steps = false, choices = {}, given = {} }

local function say(text)
  io.stdout:flush()
  io.stderr:write(text)
end

-- --- what a person may look at ---

local function show_boxes()
  local lines = tree.boxes()
  say((#lines > 0 and table.concat(lines, "\n") or "  all boxes are empty") .. "\n")
end

-- --- steps ---

local help = "  Enter: the next message   n: the next component   g: go   t: tree   b: boxes   q: end\n"
local keys = {}
local skipped -- the component whose messages are not stopped at

keys["\n"] = function() return true end
keys["\r"] = keys["\n"]
keys.n = function()
  skipped = core.running()
  return true
end
keys.g = function()
  core.pace(false)
  return true
end
keys.q = function()
  core.pace(false)
  core.stopall "stop"
  return true
end
keys.b = show_boxes
keys.t = function() say(tree.text() .. "\n") end

local function step()
  if skipped and skipped == core.running() then return end
  skipped = nil
  repeat
    local key = core.key()
    if not key then -- there is nobody, or the system is to end
      core.pace(false)
      return
    end
    local act = keys[key]
    if not act then say(help) end
  until act and act()
end

-- Called before each line of the trace; is_message: it is a message that moves.
function pace.paced(is_message)
  if pace.seconds then core.rest(pace.seconds) end
  if pace.steps and is_message then step() end
end

-- --- choosing ---

-- The words of the command, with these choices.
local function words_with(choices)
  local words = { "--choose=" .. table.concat(choices, ",") }
  for _, word in ipairs(pace.words) do
    if not word:find "^%-%-choose" then words[#words + 1] = word end
  end
  return words
end

local function undo()
  local earlier = table.move(pace.choices, 1, #pace.choices - 1, 1, {})
  local err = core.again(words_with(earlier))
  say("kam: cannot begin anew: " .. err .. "\n")
end

local function ask(names)
  local parts = {}
  for i, name in ipairs(names) do parts[i] = ("%d %s"):format(i, name) end
  say(("who runs?  %s   (u: take back, g: go) "):format(table.concat(parts, "  ")))
  while true do
    local key = core.key()
    local number = key and tonumber(key)
    if not key or key == "g" then
      core.configure { seed = false }
      say "\n"
      return 1
    elseif key == "u" then
      say "\n"
      undo()
    elseif key == "\n" or key == "\r" then
      number = 1
    end
    if number and names[number] then
      say(names[number] .. "\n")
      return number
    end
  end
end

-- Which of the components of these names is to run: a choice given before, or a person's.
function pace.choose(names)
  local n = table.remove(pace.given, 1) or ask(names)
  pace.choices[#pace.choices + 1] = n
  return n
end

-- --- beginning ---

-- Slow motion: so many seconds before each line.
function pace.slow(seconds)
  pace.seconds = seconds
  core.pace(true)
end

-- Waits for a key before each message.
function pace.step()
  pace.steps = true
  say(help)
  core.pace(true)
end

-- Asks who is to run; choices is a list of numbers that are not asked for again, words are
-- those of the command.
function pace.begin_choosing(choices, words)
  pace.given, pace.words = choices, words
  core.choose()
end

return pace
