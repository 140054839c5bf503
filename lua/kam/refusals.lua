-- refusals: messages that trySend did not take, and nobody looked.
--
-- A call whose result goes nowhere, self:trySend(x) as a statement, cannot know that it
-- was refused: its message is lost, and told at the end of the run. Whether the result
-- goes somewhere is read from the compiled call, once for each line.

local bytecode = require "kam.bytecode"
local core = require "kam.core"

local refusals = { all = {} }

-- Does each call of trySend on that line of f throw its result away?
local function is_ignored(f, line)
  local compiled = bytecode.read(f)
  local ignored = false
  for pc, i in ipairs(compiled and compiled.code or {}) do
    local op, a, _, c = bytecode.parts(i)
    if op == bytecode.ops.SELF and compiled.lines[pc] == line and compiled.constants[c] == "trySend" then
      local call = compiled.code[pc + 1]
      local at = pc + 1
      while call and not (call & 0x7f == bytecode.ops.CALL and select(2, bytecode.parts(call)) == a) do
        at = at + 1
        call = compiled.code[at]
      end
      if not call or select(4, bytecode.parts(call)) ~= 1 then return false end
      ignored = true
    end
  end
  return ignored
end

local known = setmetatable({}, { __mode = "k" }) -- function to line to what is_ignored said

-- The binding tells of each message of c that was refused, and of the call.
function refusals.note(f, line, c, box, to, to_box)
  local lines = known[f]
  if not lines then
    lines = {}
    known[f] = lines
  end
  if lines[line] == nil then lines[line] = is_ignored(f, line) end
  if not lines[line] then return end
  local place = ("%s:%d"):format(debug.getinfo(f, "S").short_src, line)
  local name, to_name = core.name(c), core.name(to)
  local key = ("%s %s %s %s"):format(place, name, box, to_name)
  local one = refusals.all[key]
  if not one then
    one = { name = name, box = box, to = to_name, to_box = to_box, place = place, count = 0 }
    refusals.all[key] = one
    table.insert(refusals.all, one)
  end
  one.count = one.count + 1
end

-- What was refused since it was last asked for, a list.
function refusals.take()
  local list = table.move(refusals.all, 1, #refusals.all, 1, {})
  refusals.all = {}
  return list
end

return refusals
