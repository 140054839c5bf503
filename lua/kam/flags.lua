-- flags: the options of the command that go with any run.
--
-- Each is { usage =, doc =, value = true if it takes one, set = function(flags, value) },
-- where set gives a text if the value makes no sense, and apply(flags), called before a
-- script runs, gives a text if it cannot be done.

local core = require "kam.core"
local near = require "kam.near"

local flags = { values = {}, all = {} }

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

-- Does what was taken, in the order of their names; nil, or what cannot be done.
function flags.apply()
  for _, name in ipairs(near.names(flags.all)) do
    local flag = flags.all[name]
    local err = flags.values[name] and flag.apply and flag.apply(flags.values)
    if err then return err end
  end
end

return flags
