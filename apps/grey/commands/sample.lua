-- sample: a configuration with all keys, each with what it is for and its default.
local sections = require "keys"

local sample = { usage = {
  { "kam grey sample", "a configuration to begin with: all keys, and what they are for" },
} }

local WIDTH = 92

local function wrapped(text)
  local lines, line = {}, "#"
  for word in text:gmatch "%S+" do
    if #line + #word + 1 > WIDTH then
      lines[#lines + 1] = line
      line = "#"
    end
    line = line .. " " .. word
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n")
end

local lists = { list = true, addresses = true, files = true }
local units = { { 604800, "w" }, { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } }
local sizes = { { 1 << 20, "MB" }, { 1 << 10, "KB" }, { 1, "" } }

local function in_units(n, list)
  if n == 0 then return "0" end
  for _, unit in ipairs(list) do
    if n % unit[1] == 0 then return (("%d %s"):format(n // unit[1], unit[2]):gsub(" $", "")) end
  end
end

local function shown(key)
  if key.kind == "flag" then return key.default and "yes" or "no" end
  if key.kind == "time" then return in_units(key.default, units) end
  if key.kind == "size" then return in_units(key.default, sizes) end
  return tostring(key.default)
end

-- A key as lines, not in force.
local function lines_of(key)
  local doc = key.doc:gsub("^%l", string.upper, 1)
  if lists[key.kind] then
    local example = key.default[1] or key.example or "…"
    return ("%s\n#%s:\n#    %s\n"):format(wrapped(doc .. "."), key.name, example)
  end
  return ("%s\n#%s = %s\n"):format(wrapped(doc .. "."), key.name, shown(key)):gsub(" +\n", "\n")
end

-- The whole text.
function sample.text()
  local out = { "# Grey: greylisting in front of a mail server. All keys, with their defaults; take the # off\n"
    .. "# those that you set. `kam grey check` says what is wrong, kill -HUP has it read again.\n" }
  for _, section in ipairs(sections) do
    out[#out + 1] = ("\n# --- %s ---\n"):format(section.title)
    for _, key in ipairs(section) do
      if not key.old then out[#out + 1] = "\n" .. (lines_of(key)) end
    end
  end
  out[#out + 1] = "\n# --- What must be set ---\n\nallowed_domains:\n    example.org\n"
  return table.concat(out)
end

function sample.main(words)
  if words[1] then
    io.stderr:write "error: sample takes no words\n"
    return 2
  end
  io.write(sample.text())
end

return sample
