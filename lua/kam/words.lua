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

-- The kinds of messages of a box: list of names, in which each name is a key too.
function words.kinds(c, box, out)
  local ins, outs = core.boxes(c)
  local kinds = {}
  for _, b in ipairs(out and outs or ins) do
    if b.name == box then
      for i, name in ipairs { "bytes", "line", "number", "table", "picture", "sound" } do
        if b.kinds & 1 << (i - 1) ~= 0 then kinds[#kinds + 1], kinds[name] = name, true end
      end
    end
  end
  return kinds
end

local many = { line = "lines", number = "numbers", table = "tables", picture = "pictures" }

-- "bytes or lines", of a list of kinds.
function words.any_of(kinds)
  local list = {}
  for i, name in ipairs(kinds) do list[i] = many[name] or name end
  return #list > 0 and table.concat(list, " or ") or "other things"
end

function words.did_you_mean(name, names)
  local best = near.best(tostring(name), names)
  return best and ("; did you mean %s?"):format(words.quoted(best)) or "", best
end

local lists = { components = "a list of components", functions = "a table of functions by name",
  strings = "a list of strings" }

function words.a(noun)
  return lists[noun] or (noun:find "^[aeiouAEIOU]" and "an " or "a ") .. noun
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
