-- component: declarations, from the user's table to a constructor.

local boxes = require "kam.boxes"
local core = require "kam.core"
local near = require "kam.near"
local options = require "kam.options"
local report = require "kam.report"
local methods = require "kam.methods"

local component = {}

-- Constructor to normal declaration; both live as long as somebody has one.
local declarations = setmetatable({}, { __mode = "k" })

local known = {
  name = "string", family = "string", summary = "string", doc = "string", ends = "string",
  example = "string", inboxes = "table", outboxes = "table", options = "table", main = "function",
  init = "function", first = "any", effects = "boolean", endsEarly = "boolean",
  answers = "boolean",
}
local known_names = near.names(known)

-- A table of boxes, or a list of names, as a list sorted by name.
local function normal_boxes(owner, given)
  local list, by_name = {}, {}
  for key, value in pairs(given or {}) do
    if math.type(key) == "integer" then by_name[value] = "" else by_name[key] = value end
  end
  for _, name in ipairs(near.names(by_name)) do
    list[#list + 1] = boxes.normal(owner, name, by_name[name])
  end
  return list
end

-- Name to text of the boxes that a component has, the standard ones too.
local function box_docs(list, one, two)
  local docs = { [one] = "", [two] = "" }
  for _, box in ipairs(list) do docs[box.name] = not box.absent and (box.doc or "") or nil end
  return docs
end

local function check_fields(name, given)
  for field, v in pairs(given) do
    if known[field] then
      if known[field] ~= "any" and type(v) ~= known[field] then
        report.raise("E0202", name, field, known[field], v)
      end
    elseif type(v) ~= "function" then
      report.raise("E0203", name, tostring(field), known_names)
    elseif methods.reserved[field] then
      report.raise("E0204", name, "method", field)
    end
  end
  if not given.main and not given.init then
    local fields = {}
    for field, v in pairs(given) do
      if type(v) == "function" then fields[#fields + 1] = field end
    end
    table.sort(fields)
    if rawget(given, "main") == nil then report.raise("E0201", name, fields) end
  end
end

-- The metatable of a kind: one flat table of methods and scalar defaults.
local function metatable(d, extra)
  local index = {}
  for key, f in pairs(methods.all) do index[key] = f end
  for key, f in pairs(extra) do index[key] = f end
  for _, o in ipairs(d.options) do
    if methods.reserved[o.as] then report.raise("E0204", d.name, "option", o.as) end
    if type(o.default) ~= "table" then index[o.as] = o.default end
  end
  index.name = d.name
  index.inboxes = box_docs(d.inboxes, "inbox", "control")
  index.outboxes = box_docs(d.outboxes, "outbox", "signal")
  index.children = {}
  methods.indexes[index] = true
  return { __index = index, __name = d.name, __tostring = function(self)
    return core.name(self) or d.name
  end }
end

local function constructor(d, kind, extra, open)
  local mt = metatable(d, extra)
  local make = core.constructor(kind, mt, options.prepare(d.name, d.options, d.first, open),
    d.init, options.needed(d.options))
  if component.finish then -- at a prompt
    local made = make
    make = function(...) return component.finish(made(...)) end
  end
  mt.__index.constructor = make
  declarations[make] = d
  return make
end

-- kam.component "Name" { … }: gives the constructor.
function component.declare(name, given, open)
  if type(given) ~= "table" then report.raise("E0202", name, "the declaration", "table", given) end
  check_fields(name, given)
  local d = { name = name, family = given.family, summary = given.summary, doc = given.doc,
    ends = given.ends, example = given.example, main = given.main, init = given.init,
    effects = given.effects, endsEarly = given.endsEarly, answers = given.answers,
    inboxes = normal_boxes(name, given.inboxes), outboxes = normal_boxes(name, given.outboxes) }
  d.options, d.first = options.normal(name, given.options, given.first)
  d.methods = {}
  for field, f in pairs(given) do
    if not known[field] then d.methods[field] = f end
  end
  return constructor(d, core.kind(d), d.methods, open)
end

function component.new(name)
  if type(name) ~= "string" or not name:find "^%a[%w_]*$" then
    report.raise("E0202", "kam.component", "the name", "string", name)
  end
  return function(given) return component.declare(name, given) end
end

-- The constructor of a kind declared in C.
function component.builtin(d, kind)
  if d.first and d.first:find " " then -- several, for [1], [2]
    local list = {}
    for name in d.first:gmatch "%S+" do list[#list + 1] = name end
    d.first = list
  end
  d.options, d.first = options.normal(d.name, d.options, d.first)
  d.in_c = true
  return constructor(d, kind, {})
end

-- What is raised for what an init raised: a text without a place, as error(text, 0) gives,
-- is about what the component was given, and is told where it is made.
function component.unmade(name, err)
  if type(err) ~= "string" or err:find "^[^\n]-:%d+: " then return err end
  return report.new("E0226", name, err)
end

function options.kind_of(make)
  return declarations[make] and declarations[make].name
end

-- The declaration of a constructor, or nil if it is none. Borrowed.
function component.declaration(make)
  return declarations[make]
end

return component
