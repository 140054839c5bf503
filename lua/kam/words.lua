-- words: names, values and guesses as the texts of errors have them.

local core = require "kam.core"
local near = require "kam.near"

local words = {}

function words.quoted(s) return ('"%s"'):format(tostring(s)) end

function words.name_of(c)
  local name, kind = core.name(c)
  if not name then return c and c.name or "a component that has ended" end
  return name, kind
end

-- "B", or "B (FileWriter)" if its name is not its kind's.
function words.full_name(c)
  local name, kind = words.name_of(c)
  if not kind or name == kind then return name end
  return ("%s (%s)"):format(name, kind)
end

function words.box_names(c, out)
  local ins, outs = core.boxes(c)
  local names = {}
  for _, box in ipairs(out and outs or ins) do names[#names + 1] = box.name end
  return names
end

function words.did_you_mean(name, names)
  local best = near.best(tostring(name), names)
  return best and ("; did you mean %s?"):format(words.quoted(best)) or "", best
end

function words.a(noun)
  return (noun:find "^[aeiouAEIOU]" and "an " or "a ") .. noun
end

-- "an integer", "the string \"3\"".
function words.value_text(v)
  local t = type(v)
  if t == "nil" then return "nil" end
  if t == "string" then return "the string " .. core.show({ v }):sub(3, -3) end
  if t == "table" then return core.isself(v) and "a component" or "a table" end
  if t == "function" or t == "thread" or t == "userdata" then return words.a(t) end
  return ("the %s %s"):format(t, tostring(v))
end

return words
