-- json: values as JSON text, for --json. Reading JSON is not needed here.

local json = {}

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r" }

local function text(s)
  return '"' .. s:gsub('[%c"\\]', function(c)
    return escapes[c] or ("\\u%04x"):format(c:byte())
  end) .. '"'
end

-- A table with a first item, or none at all, is a list.
function json.encode(v)
  local t = type(v)
  if t == "string" then return text(v) end
  if t == "number" then return v == v and math.abs(v) < math.huge and ("%.14g"):format(v) or "null" end
  if t ~= "table" then return t == "boolean" and tostring(v) or "null" end
  local parts = {}
  if v[1] ~= nil or next(v) == nil then
    for i, item in ipairs(v) do parts[i] = json.encode(item) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  local names = require "kam.near".names(v)
  for i, name in ipairs(names) do parts[i] = text(name) .. ":" .. json.encode(v[name]) end
  return "{" .. table.concat(parts, ",") .. "}"
end

return json
