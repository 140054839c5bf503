-- options: what a component may be given, checked when it is made.
--
-- A declared option { default, "doc", min =, max =, oneOf =, type =, optional = }
-- (and as = "field", for a name that is one of our methods) becomes
-- { name, default, doc, type, … }; prepare(kind) gives the function that turns a
-- constructor's arguments into the fields of self.

local core = require "kam.core"
local near = require "kam.near"
local report = require "kam.report"

local options = { kind_of = function() end } -- the name of a constructor's kind; set by component

local types = {
  integer = true, number = true, string = true, boolean = true, table = true, list = true,
  strings = true, components = true, ["function"] = true, functions = true,
  component = true, maker = true, any = true,
}

local fields = { "as", "default", "doc", "live", "max", "min", "oneOf", "optional", "required", "type" }
local is_field = {}
for _, field in ipairs(fields) do is_field[field] = true end

local function type_of(v)
  return math.type(v) or type(v)
end

-- The declared type of a default: an integer means integer, 1.0 any number.
local function inferred(v)
  local t = type_of(v)
  return t == "float" and "number" or t
end

-- One option of a declaration in Lua, or as the binding gives it.
local function normal(kind, name, given)
  if type(given) ~= "table" then
    report.raise("E0202", kind, "option " .. name, "table", given,
      ('%s = { %s, "what it is" }'):format(name, tostring(given)))
  end
  local o = { name = name, type = given.type, min = given.min, max = given.max,
    oneOf = given.oneOf, live = given.live, optional = given.optional, doc = given.doc,
    default = given.default, as = given.as or name }
  if given[1] ~= nil then
    if o.type and given[2] == nil and type(given[1]) == "string" then
      o.doc = given[1] -- no default: the only text says what it is
    else
      o.default, o.doc = given[1], given[2] or o.doc
    end
  end
  for field in pairs(given) do
    if type(field) == "string" and not is_field[field] then
      report.raise("E0203", kind .. "'s option " .. name, field, fields)
    end
  end
  o.type = o.type or inferred(o.default)
  if not types[o.type] then
    report.raise("E0202", kind, "the type of option " .. name, "known type", o.type)
  end
  o.required = o.default == nil and not o.optional
  o.is_good = options.glance(o)
  return o
end

-- The options of a declaration, sorted by name, and the names that single
-- values mean.
function options.normal(kind, declared, first)
  local list, names = {}, near.names(declared or {})
  for i, name in ipairs(names) do
    list[i] = normal(kind, name, declared[name])
    list[name] = list[i]
  end
  if type(first) == "string" then first = { first } end
  if not first and #list == 1 then first = { list[1].name } end
  return list, first or {}
end

local function is_type(v, t)
  if t == "any" then return true end
  if t == "integer" then return math.type(v) == "integer" end
  if t == "component" then return core.isself(v) end
  if t == "list" then return type(v) == "table" and not core.isself(v) end
  if t == "strings" then
    if type(v) ~= "table" or core.isself(v) then return false end
    for i = 1, v.n or #v do
      if type(v[i]) ~= "string" then return false end
    end
    return true
  end
  if t == "functions" then
    if type(v) ~= "table" or core.isself(v) then return false end
    for name, f in pairs(v) do
      if type(name) ~= "string" or type(f) ~= "function" then return false end
    end
    return true
  end
  if t == "components" then return type(v) == "table" and not core.isself(v) end
  if t == "maker" then return type(v) == "function" end
  return type(v) == t
end

-- A function that knows most good values of an option at a glance; what it does not know is
-- looked at by check. Components are made by the thousand.
function options.glance(o)
  local least, most, t = o.min or -math.huge, o.max or math.huge, o.type
  if o.oneOf then
    local allowed = {}
    for _, v in ipairs(o.oneOf) do allowed[v] = true end
    return function(v) return t == "string" and allowed[v] end
  elseif t == "any" then
    return function() return true end
  elseif t == "integer" then
    return function(v) return math.type(v) == "integer" and v >= least and v <= most end
  elseif t == "number" then
    return function(v) return type(v) == "number" and v >= least and v <= most end
  elseif t == "string" or t == "boolean" or t == "function" then
    return function(v) return type(v) == t end
  end
  return function(v) return t == "maker" and type(v) == "function" end
end

local function range_text(o)
  if o.min and o.max then return ("from %.14g to %.14g"):format(o.min, o.max) end
  if o.min then return ("at least %.14g"):format(o.min) end
  return o.max and ("at most %.14g"):format(o.max) or "a number"
end

-- The mend for a value of a wrong type, where there is an obvious one.
local function mended(o, v)
  if o.type == "integer" and math.type(v) == "float" then
    return ("declare it %s.0 to allow fractions"):format(o.default or 1)
  end
  local n = type(v) == "string" and (o.type == "integer" or o.type == "number") and tonumber(v)
  return n and ("%s = %s"):format(o.name, n)
end

-- Checks one value; gives it as it is to be kept.
local function check(kind, o, v)
  if o.type == "integer" and math.type(v) == "float" and v == math.floor(v) then
    v = math.tointeger(v) or v
  end
  if not is_type(v, o.type) then
    report.raise("E0206", kind, o.name, o.type, v, mended(o, v))
  end
  if o.type == "components" then
    for i = 1, v.n or #v do
      if not core.isself(v[i]) then
        report.raise("E0112", ("item %d of %d"):format(i, v.n or #v), v[i], options.kind_of(v[i]))
      end
    end
  end
  if (o.min and v < o.min) or (o.max and v > o.max) or v ~= v then
    report.raise("E0208", kind, o.name, range_text(o), v)
  end
  if o.oneOf then
    local found = false
    for _, allowed in ipairs(o.oneOf) do found = found or allowed == v end
    if not found then
      local names = {}
      for i, allowed in ipairs(o.oneOf) do names[i] = core.show({ allowed }):sub(3, -3) end
      report.raise("E0208", kind, o.name, "one of " .. table.concat(names, ", "), v)
    end
  end
  return v
end

options.check = check

-- A default of its own for each instance.
local function copied(v)
  if type(v) ~= "table" then return v end
  local copy = {}
  for key, item in pairs(v) do copy[key] = copied(item) end
  return copy
end

local function is_plain_table(v)
  return type(v) == "table" and not core.isself(v) and getmetatable(v) == nil
end

local function array_end(t)
  local n = 0
  for key in pairs(t) do
    if math.type(key) == "integer" and key > n then n = key end
  end
  return n
end

-- The one option of type list that takes the array part, if there is one.
local function list_option(list)
  for _, o in ipairs(list) do
    if o.type == "list" or o.type == "strings" or o.type == "components" then return o end
  end
end

local function positional(kind, self, list, first, taker, values, n)
  if taker and (#first == 0 or first[1] == taker.name) then
    local items = { n = n }
    for i = 1, n do items[i] = values[i] end
    self[taker.as] = check(kind, taker, items)
    return
  end
  for i = 1, n do
    local o, v = first[i] and list[first[i]], values[i]
    if v ~= nil then
      if not o then report.raise("E0209", kind, v) end
      self[o.as] = o.is_good(v) and v or check(kind, o, v)
    end
  end
end

local function set_named(kind, self, list, key, v)
  local o = list[key]
  if not o then
    local names = {}
    for i, other in ipairs(list) do names[i] = other.name end
    report.raise("E0205", kind, key, names)
  end
  self[o.as] = check(kind, o, v)
end

-- The wrong ones are told in the order of their names.
local function look_at_all(kind, self, list, given)
  for _, key in ipairs(near.names(given)) do
    report.attempt(set_named, kind, self, list, key, given[key])
  end
  for key in pairs(given) do
    if type(key) ~= "string" and math.type(key) ~= "integer" then report.raise("E0209", kind, key) end
  end
end

-- Sets what is named in a table; gives how many it has in its array.
local function named(kind, self, list, given)
  local count, good = 0, true
  for key, v in next, given do
    local o = type(key) == "string" and list[key]
    if o and o.is_good(v) then
      self[o.as] = v
    elseif math.type(key) == "integer" then
      count = key > count and key or count
    else
      good = false
    end
  end
  if not good then look_at_all(kind, self, list, given) end
  return count
end

local function complete(kind, self, list, first, wrong)
  for _, o in ipairs(list) do
    if self[o.as] == nil then
      if o.required and not wrong then
        report.attempt(report.raise, "E0207", kind, o.name, first[1] == o.name)
      end
      if type(o.default) == "table" then self[o.as] = copied(o.default) end
    end
  end
end

-- Those that must be given, or whose default is a table.
local function incomplete(list)
  local some = {}
  for _, o in ipairs(list) do
    if o.required or type(o.default) == "table" then some[#some + 1] = o end
  end
  return some
end

-- The function that a constructor calls with its arguments. open: a chassis,
-- which takes any further names as its children.
function options.prepare(kind, list, first, open)
  local taker, some = list_option(list), incomplete(list)
  return function(...)
    local self, n = {}, select("#", ...)
    local given = ...
    local wrong = report.gathered and #report.gathered
    if n == 1 and is_plain_table(given) then
      local count
      if open then
        for key, v in pairs(given) do
          if math.type(key) ~= "integer" then self[key] = list[key] and check(kind, list[key], v) or v end
        end
        count = array_end(given)
      else
        count = named(kind, self, list, given)
      end
      local takes = count == 0 and next(given) == nil and taker
      if count > 0 or takes and takes.type == "list" then
        positional(kind, self, list, first, taker, given, count)
      end
    elseif n > 1 or given ~= nil then
      positional(kind, self, list, first, taker, { ... }, n)
    end
    complete(kind, self, some, first, wrong and #report.gathered > wrong)
    return self
  end
end

-- Does a component without arguments need prepare?
function options.needed(list)
  return #incomplete(list) > 0
end

return options
