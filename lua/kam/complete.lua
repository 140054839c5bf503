-- complete: what may stand where the cursor is.
--
-- What is typed is looked at, and nothing of it is run: names lead from locals and globals
-- through tables, and through the tables behind them.

local component = require "kam.component"
local core = require "kam.core"
local library = require "kam.library"
local near = require "kam.near"
local prompt_line = require "kam.prompt_line"

local complete = {}

-- Calls add(name, value) for the fields of v that can be seen without running anything.
local function each_field(v, add)
  local seen, depth = {}, 0
  if type(v) == "string" then v = string end
  while type(v) == "table" and not seen[v] and depth < 10 do
    seen[v], depth = true, depth + 1
    for key, value in next, v do
      if type(key) == "string" then add(key, value) end
    end
    v = (debug.getmetatable(v) or {}).__index
  end
end

local function field(v, name)
  local found
  each_field(v, function(key, value)
    if key == name and found == nil then found = value end
  end)
  return found
end

-- Values of names; kam's components are found by name.
local Scope = {}
Scope.__index = Scope

function Scope:value(name)
  local v, is_local = self.session:get(name)
  if is_local then return v end
  return rawget(_G, name)
end

-- The value that "a.b.c" leads to, or nil.
function Scope:resolve(path)
  local v
  for name in path:gmatch "[%a_][%w_]*" do
    if v == nil then
      v = self:value(name)
      if v == nil then return nil end
    elseif v == self.kam and rawget(v, name) == nil then
      v = library.find(name)
    else
      v = field(v, name)
    end
    if v == nil then return nil end
  end
  return v
end

local function beginning(names, word)
  local list, seen = {}, {}
  for _, name in ipairs(names) do
    if name:sub(1, #word) == word and not seen[name] then
      list[#list + 1], seen[name] = name, true
    end
  end
  table.sort(list)
  return list
end

-- The fields of what is left of a dot or colon.
local function fields(scope, path, sign, word)
  local v, names = scope:resolve(path), {}
  each_field(v, function(key, value)
    local fits = sign == "." or type(value) == "function"
    if fits and key:find "^[%a_][%w_]*$" and (word ~= "" or not key:find "^__") then
      names[#names + 1] = key
    end
  end)
  if v ~= nil and v == scope.kam then
    for _, name in ipairs(library.names()) do names[#names + 1] = name end
  end
  return beginning(names, word)
end

local function plain_names(scope, word)
  local names = scope.session:locals()
  each_field(_G, function(key) names[#names + 1] = key end)
  for name in pairs(prompt_line.reserved) do names[#names + 1] = name end
  for _, name in ipairs(scope.commands) do names[#names + 1] = name end
  return beginning(names, word)
end

-- --- options ---

-- Where the innermost brace that is not closed stands, and whether the text ends in a
-- string, whose start is given.
local function place_of(text)
  local open, at, quote = {}, 1, nil
  while at <= #text do
    local c = text:sub(at, at)
    if quote then
      if c == "\\" then
        at = at + 1
      elseif c == text:sub(quote, quote) then
        quote = nil
      end
    elseif c == '"' or c == "'" then
      quote = at
    elseif text:find("^%-%-", at) then
      at = (text:find("\n", at, true) or #text)
    elseif c == "{" or c == "(" then
      open[#open + 1] = at
    elseif c == "}" or c == ")" then
      open[#open] = nil
    end
    at = at + 1
  end
  local brace = open[#open]
  return brace and text:sub(brace, brace) == "{" and brace or nil, quote
end

local function declaration_of(c)
  local make = core.isself(c) and (getmetatable(c).__index or {}).constructor
  return make and component.declaration(make)
end

-- The declaration whose options the brace at that place takes; nil if it is none.
local function taker(scope, text, brace)
  local before = text:sub(1, brace - 1):gsub("%(?%s*$", "")
  local path = before:match "([%a_][%w_.]*):set$"
  if path then return declaration_of(scope:resolve(path)) end
  path = before:match "([%a_][%w_.]*)$"
  local make = path and scope:resolve(path)
  return type(make) == "function" and component.declaration(make) or nil
end

local function options(d, word)
  local names = {}
  for i, o in ipairs(d.options) do names[i] = o.name .. " = " end
  return beginning(names, word)
end

-- --- linkages ---

local function box_names(c)
  local ins, outs = near.names(c.inboxes), near.names(c.outboxes)
  return ins, outs
end

local function declared_boxes(d)
  local ins, outs = { "inbox", "control" }, { "outbox", "signal" }
  for _, box in ipairs(d.inboxes) do ins[#ins + 1] = box.name end
  for _, box in ipairs(d.outboxes) do outs[#outs + 1] = box.name end
  return ins, outs
end

-- Name to { inboxes, outboxes } of the components that a linkage may name: the children
-- of a living one, or those of the table that is being typed.
local function members(scope, text, quote)
  local found = {}
  local path = text:sub(1, quote - 1):match "([%a_][%w_.]*):%a*link%s*%(?%s*$"
  local owner = path and scope:resolve(path)
  if core.isself(owner) then
    for name, c in pairs(owner.children or {}) do
      if type(name) == "string" then found[name] = { box_names(c) } end
    end
    return found
  end
  for name, maker in text:sub(1, quote - 1):gmatch "([%a_][%w_]*)%s*=%s*([%a_][%w_.]*)" do
    local make = scope:resolve(maker)
    local d = type(make) == "function" and component.declaration(make)
    found[name] = d and { declared_boxes(d) } or core.isself(make) and { box_names(make) } or nil
  end
  return found
end

local function ends(scope, text, quote)
  local inside = text:sub(quote + 1)
  local word = inside:match "[%w_.]*$"
  local all, names = members(scope, text, quote), {}
  local name = word:match "^([%w_]+)%."
  local arrives = inside:sub(1, #inside - #word):find "%->%s*$"
  if not name then return word, beginning(near.names(all), word) end
  local boxes = all[name] or {}
  for _, box in ipairs(boxes[1] or {}) do names[#names + 1] = name .. "." .. box end
  for _, box in ipairs(not arrives and boxes[2] or {}) do names[#names + 1] = name .. "." .. box end
  return word, beginning(names, word)
end

-- --- the whole ---

-- What the line up to the cursor ends in, and what that may become, a list. before is what
-- was typed in earlier lines of the same statement.
function complete.words(scope, before, line)
  scope = setmetatable(scope, Scope)
  local text = before .. line
  local asked = before == "" and line:match "^%s*%?%s*([%w_.]*)$"
  if asked then
    local word = asked:gsub("^kam%.", "")
    return word, beginning(library.names(), word)
  end
  local brace, quote = place_of(text)
  if quote then return ends(scope, text, quote) end
  local word = text:match "[%a_][%w_]*$" or ""
  local left = text:sub(1, #text - #word)
  local path, sign = left:match "([%a_][%w_.]*)([.:])$"
  if path then return word, fields(scope, path, sign, word) end
  local d = brace and left:find "[{,]%s*$" and taker(scope, text, brace)
  if d and #d.options > 0 then
    local list = options(d, word)
    if #list > 0 then return word, list end
  end
  if word == "" then return word, {} end
  return word, plain_names(scope, word)
end

return complete
