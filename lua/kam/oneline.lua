-- oneline: a system in one line: 'ConsoleReader | ./shout.lua marks=3 | ConsoleEchoer'.
--
--     system = component { "|" component }
--     component = NAME or ./file.lua, then options: name=value, or a value
--     value = a Lua number, true, false, "text", 'text', or a bare word

local component = require "kam.component"
local report = require "kam.report"

local oneline = {}

-- Splits at blanks and at |, but not inside quotes.
local function tokens(text)
  local list, at = {}, 1
  while true do
    at = text:find("%S", at)
    if not at then return list end
    local c = text:sub(at, at)
    if c == "|" then
      list[#list + 1] = "|"
      at = at + 1
    else
      local token = ""
      while at <= #text and not text:find("^[%s|]", at) do
        local quote = text:match("^[\"']", at)
        local to = quote and text:find(quote, at + 1, true)
        if quote and not to then report.raise("E0701", "a quote is not closed: " .. text:sub(at)) end
        to = to or at
        token = token .. text:sub(at, to)
        at = to + 1
      end
      list[#list + 1] = token
    end
  end
end

local function value(word)
  local quoted = word:match '^"(.*)"$' or word:match "^'(.*)'$"
  if quoted then return quoted end
  if word == "true" or word == "false" then return word == "true" end
  return tonumber(word) or word
end

-- A constructor by name, or what a file returns.
local function maker(kam, word)
  if word:find "%.lua$" or word:find "/" then
    local chunk, err = loadfile(word, "t")
    if not chunk then report.raise("E0701", err) end
    local make = chunk()
    if not component.declaration(make) then
      report.raise("E0701", word .. " gives no component: its last line should be return NAME")
    end
    return make
  end
  if not word:find "^%a[%w_]*$" then report.raise("E0701", ("a component is needed, got %q"):format(word)) end
  local make = kam[word]
  if not component.declaration(make) then
    report.raise("E0221", word, require "kam.library".names())
  end
  return make
end

local function make_one(kam, words)
  if #words == 0 then report.raise("E0701", "a component is missing between two |") end
  local make = maker(kam, words[1])
  local d, given, n = component.declaration(make), {}, 0
  for i = 2, #words do
    local name, rest = words[i]:match "^([%a_][%w_]*)=(.*)$"
    if name then
      given[name] = value(rest)
    else
      n = n + 1
      given[n] = value(words[i])
    end
  end
  for name, v in pairs(given) do -- a bare word or number is a text where a text is wanted
    local o = d.options[type(name) == "string" and name or d.first[name]]
    if o and o.type == "string" and type(v) ~= "string" then given[name] = tostring(v) end
  end
  if next(given) == nil then return make() end
  return make(given)
end

-- The Pipeline that a line says.
function oneline.parse(kam, text)
  local parts, words = {}, {}
  for _, token in ipairs(tokens(text)) do
    if token == "|" then
      parts[#parts + 1] = make_one(kam, words)
      words = {}
    else
      words[#words + 1] = token
    end
  end
  parts[#parts + 1] = make_one(kam, words)
  return kam.Pipeline(parts)
end

return oneline
