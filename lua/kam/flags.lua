-- flags: the options of the command that go with any run.
--
-- Each is { usage =, doc =, value = true if it takes one, set = function(flags, value) },
-- where set gives a text if the value makes no sense, and apply(flags), called before a
-- script runs, gives a text if it cannot be done.

local core = require "kam.core"
local near = require "kam.near"

local flags = { values = {}, all = {}, words = {} } -- words: those of the command

local function define(name, flag)
  flag.name = name
  flags.all[name] = flag
end

define("--seed", {
  usage = "--seed N", doc = "another order of runs, the same for the same N", value = true,
  set = function(values, n)
    values.seed = math.tointeger(tonumber(n))
    return not values.seed and "--seed needs a whole number, got " .. tostring(n) or nil
  end,
  apply = function(values)
    core.configure { seed = values.seed }
    math.randomseed(values.seed)
  end,
})

define("--trace", {
  usage = "--trace[=FILE]", doc = "a line for each message that moves",
  set = function(values, file) values.trace = file or true end,
  apply = function(values)
    local ok, err = core.trace(values.trace ~= true and values.trace or nil, values.json)
    return not ok and "cannot write the trace: " .. tostring(err) or nil
  end,
})

-- What is looked at in slow motion or in steps is traced, if it is not already.
local function traced(values)
  if values.trace then return nil end
  core.trace(nil, values.json)
end

define("--slow", {
  usage = "--slow S", doc = "the trace in slow motion: S seconds for each line", value = true,
  set = function(values, s)
    values.slow = tonumber(s)
    return not (values.slow and values.slow >= 0 and values.slow < 1e6)
      and "--slow needs a number of seconds, got " .. tostring(s) or nil
  end,
  apply = function(values)
    traced(values)
    require "kam.pace".slow(values.slow)
  end,
})

define("--step", {
  usage = "--step", doc = "one message at a time: a key for each",
  set = function(values) values.step = true end,
  apply = function(values)
    traced(values)
    require "kam.pace".step()
  end,
})

define("--choose", {
  usage = "--choose", doc = "you are the scheduler: who of those that can run is next",
  set = function(values, list)
    values.choose = {}
    for n in (list or ""):gmatch "[^,]+" do
      n = math.tointeger(tonumber(n))
      if not n then return "--choose takes numbers with commas between, got " .. list end
      table.insert(values.choose, n)
    end
  end,
  apply = function(values) require "kam.pace".begin_choosing(values.choose, flags.words) end,
})

define("--careful", {
  usage = "--careful", doc = "name a table that is changed after it was sent",
  set = function(values) values.careful = true end,
  apply = function() require "kam.careful".begin() end,
})

define("--json", {
  usage = "--json", doc = "the trace, or what a command says, as JSON",
  set = function(values) values.json = true end,
})

-- Is the word one of these? Then it is kept, with its value from rest if it needs one:
-- true; or nil and what is wrong with it, or nil alone if there is no such flag.
function flags.take(word, rest)
  local name, value = word:match "^(%-%-%w+)=(.*)$"
  local flag = flags.all[name or word]
  if not flag then return nil end
  if flag.value and not value then value = table.remove(rest, 1) end
  local err = flag.set(flags.values, value)
  if err then return nil, err end
  flags.values[flag.name] = true
  return true
end

-- Does what was taken, the trace first; nil, or what cannot be done.
function flags.apply()
  local names = near.names(flags.all)
  table.sort(names, function(a, b)
    if (a == "--trace") ~= (b == "--trace") then return a == "--trace" end
    return a < b
  end)
  for _, name in ipairs(names) do
    local flag = flags.all[name]
    local err = flags.values[name] and flag.apply and flag.apply(flags.values)
    if err then return err end
  end
end

return flags
