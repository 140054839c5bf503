-- component: declarations, from the user's table to a constructor.

local core = require "kam.core"
local near = require "kam.near"
local options = require "kam.options"
local report = require "kam.report"
local methods = require "kam.methods"

local component = {}

-- Constructor to normal declaration; both live as long as somebody has one.
local declarations = setmetatable({}, { __mode = "k" })

local kinds = {
  bytes = 1, line = 2, number = 4, table = 8, picture = 16, sound = 32, buffer = 256, any = 0,
}
local kind_names = {}
for name, bit in pairs(kinds) do kind_names[bit] = name end

local policies = { wait = 1, dropOldest = 2, dropNewest = 3 }
component.policies = policies

local known = {
  name = "string", family = "string", summary = "string", doc = "string", ends = "string",
  example = "string", inboxes = "table", outboxes = "table", options = "table", main = "function",
  init = "function", first = "any", effects = "boolean", endsEarly = "boolean",
}
local known_names = near.names(known)

local box_fields = { kind = "string", limit = "number", whenFull = "string", optional = "boolean",
  open = "boolean" }

local standard = { inbox = "in", control = "in", outbox = "out", signal = "out" }

-- One box as the core wants it.
local function normal_box(owner, name, given)
  if given == false then
    if not standard[name] then
      report.raise("E0202", owner, "box " .. name, "text", given)
    end
    return { name = name, absent = true }
  end
  if type(given) == "string" then return { name = name, doc = given } end
  if type(given) ~= "table" then report.raise("E0202", owner, "box " .. name, "text", given) end
  local box = { name = name, doc = given[1] or given.doc, limit = given.limit,
    optional = given.optional, open = given.open }
  for field, v in pairs(given) do
    if type(field) == "string" and field ~= "doc" then
      if not box_fields[field] then
        report.raise("E0203", ("box %s of %s"):format(name, owner), field, near.names(box_fields))
      elseif type(v) ~= box_fields[field] then
        report.raise("E0202", ("box %s of %s"):format(name, owner), field, box_fields[field], v)
      end
    end
  end
  if given.limit == "unbounded" then box.limit = 0x7fffffff end
  if given.kind then
    box.kinds = kinds[given.kind]
      or report.raise("E0208", owner, "kind of box " .. name, "one of " .. table.concat(near.names(kinds), ", "),
        given.kind)
  end
  if given.whenFull then
    box.policy = policies[given.whenFull]
      or report.raise("E0208", owner, "whenFull of box " .. name, "one of dropNewest, dropOldest, wait",
        given.whenFull)
  end
  return box
end

component.normal_box = normal_box

-- A table of boxes, or a list of names, as a list sorted by name.
local function normal_boxes(owner, given)
  local boxes, by_name = {}, {}
  for key, value in pairs(given or {}) do
    if math.type(key) == "integer" then by_name[value] = "" else by_name[key] = value end
  end
  for _, name in ipairs(near.names(by_name)) do
    boxes[#boxes + 1] = normal_box(owner, name, by_name[name])
  end
  return boxes
end

-- Name to text of the boxes that a component has, the standard ones too.
local function box_docs(boxes, one, two)
  local docs = { [one] = "", [two] = "" }
  for _, box in ipairs(boxes) do docs[box.name] = not box.absent and (box.doc or "") or nil end
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
    if methods.reserved[o.name] then report.raise("E0204", d.name, "option", o.name) end
    if type(o.default) ~= "table" then index[o.name] = o.default end
  end
  index.name = d.name
  index.inboxes = box_docs(d.inboxes, "inbox", "control")
  index.outboxes = box_docs(d.outboxes, "outbox", "signal")
  index.children = {}
  return { __index = index, __name = d.name, __tostring = function(self)
    return core.name(self) or d.name
  end }
end

local function constructor(d, kind, extra, open)
  local mt = metatable(d, extra)
  local make = core.constructor(kind, mt, options.prepare(d.name, d.options, d.first, open),
    d.init, options.needed(d.options))
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
    effects = given.effects, endsEarly = given.endsEarly,
    inboxes = normal_boxes(name, given.inboxes), outboxes = normal_boxes(name, given.outboxes) }
  d.options, d.first = options.normal(name, given.options, given.first)
  local extra = {}
  for field, f in pairs(given) do
    if not known[field] then extra[field] = f end
  end
  return constructor(d, core.kind(d), extra, open)
end

function component.new(name)
  if type(name) ~= "string" or not name:find "^%a[%w_]*$" then
    report.raise("E0202", "kam.component", "the name", "string", name)
  end
  return function(given) return component.declare(name, given) end
end

-- The constructor of a kind declared in C.
function component.builtin(d, kind)
  d.options, d.first = options.normal(d.name, d.options, d.first)
  d.in_c = true
  return constructor(d, kind, {})
end

-- The declaration of a constructor, or nil if it is none. Borrowed.
function component.declaration(make)
  return declarations[make]
end

-- The name of a message kind, for docs.
function component.kind_name(bits)
  local names = {}
  for _, bit in ipairs { 1, 2, 4, 8, 16, 32, 256 } do
    if bits & bit ~= 0 then names[#names + 1] = kind_names[bit] end
  end
  return table.concat(names, ", ")
end

return component
