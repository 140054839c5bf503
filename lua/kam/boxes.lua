-- boxes: what a declaration says about one box, checked.

local near = require "kam.near"
local report = require "kam.report"

local boxes = {}

local kinds = {
  bytes = 1, line = 2, number = 4, table = 8, picture = 16, sound = 32, buffer = 257, any = 0,
}
local kind_names = {}
for name, bit in pairs(kinds) do kind_names[bit] = name end
kind_names[256] = "buffer" -- a buffer is bytes that are handed over in another way

local policies = { wait = 1, dropOldest = 2, dropNewest = 3 }
boxes.policies = policies

local box_fields = { kind = "string", limit = "number", whenFull = "string", optional = "boolean",
  open = "boolean" }

local standard = { inbox = "in", control = "in", outbox = "out", signal = "out" }

-- One box as the core wants it.
function boxes.normal(owner, name, given)
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
      elseif type(v) ~= box_fields[field] and v ~= "unbounded" then
        report.raise("E0202", ("box %s of %s"):format(name, owner), field, box_fields[field], v)
      end
    end
  end
  if given.limit == "unbounded" then
    box.limit = 0x7fffffff
  elseif given.limit and (math.type(given.limit) ~= "integer" or given.limit < 1) then
    report.raise("E0208", owner, "limit of box " .. name, "a whole number from 1 on", given.limit)
  end
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

-- The name of a message kind, for docs.
function boxes.kind_name(bits)
  local names = {}
  for _, bit in ipairs { 1, 2, 4, 8, 16, 32, 256 } do
    if bits & bit ~= 0 then names[#names + 1] = kind_names[bit] end
  end
  return table.concat(names, ", ")
end

return boxes
