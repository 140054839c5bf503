-- code: what the functions that a user gave a component do, read from their compiled form.

local bytecode = require "kam.bytecode"
local component = require "kam.component"
local library = require "kam.library"
local report = require "kam.report"
local run = require "kam.run"

local code = {}

local op = bytecode.ops

local waiting = {}
for name in ("send trySend recv messages recvAny messagesAny dataReady anyReady pause sleep yield ask")
  :gmatch "%w+" do
  waiting[name] = true
end

-- --- which functions ---

-- Adds f, and the functions that it has as upvalues, unless they are ours.
local function add(list, seen, f, role)
  if seen[f] then return end
  seen[f] = true
  local info = debug.getinfo(f, "S")
  local read = report.is_users(info) and bytecode.read(f)
  if not read then return end
  list[#list + 1] = { f = f, code = read, role = role, file = info.short_src }
  for i = 1, math.huge do
    local name, v = debug.getupvalue(f, i)
    if not name then return end
    if type(v) == "function" and not component.declaration(v) then add(list, seen, v, "helper") end
  end
end

-- The functions of a component that its user wrote, and those that these call: a list of
-- { f =, code =, role = "main", "method", "option" or "helper", file = }.
function code.of(c)
  local list, seen = {}, {}
  local d = component.declaration(getmetatable(c).__index.constructor)
  if run.functions[c] then add(list, seen, run.functions[c], "option") end
  if not d then return list end
  if d.main then add(list, seen, d.main, "main") end
  for _, f in pairs(d.methods or {}) do add(list, seen, f, "method") end
  for _, o in ipairs(d.options) do
    local v = rawget(c, o.as)
    if o.type == "function" and type(v) == "function" then
      add(list, seen, v, d.name == "main" and "main" or "option")
    end
  end
  return list
end

-- The functions that a component is given to make others with, and those that these call.
function code.makers(c)
  local list, seen = {}, {}
  local d = component.declaration(getmetatable(c).__index.constructor)
  for _, o in ipairs(d and d.options or {}) do
    local v = rawget(c, o.as)
    local made = component.declaration(v)
    if o.type == "maker" and made then v = made.init or made.main end
    if o.type == "maker" and type(v) == "function" then add(list, seen, v, "maker") end
  end
  return list
end

-- Is that the name of a component whose box may be told what to do when it is full?
local function may_drop(name)
  local make = type(name) == "string" and name:find "^%u" and library.find(name)
  local d = make and component.declaration(make)
  return d and d.options.whenFull ~= nil
end

-- Calls found(line, name) for each subscriber that is made without saying what it does when
-- it is full: everybody waits for it.
function code.subscribers(one, found)
  local function says(f)
    for _, constant in pairs(f.constants) do
      if constant == "whenFull" then return true end
    end
  end
  bytecode.walk(one.code, function(f, pc, o, _, _, c)
    if (o == op.GETFIELD or o == op.GETTABUP) and may_drop(f.constants[c]) and not says(f) then
      found(f.lines[pc], f.constants[c])
    end
  end)
end

-- --- loops that nothing ends ---

local function name_at(f, pc)
  local o, _, b, c = bytecode.parts(f.code[pc])
  if o == op.SELF then return f.constants[c], "method" end
  if o == op.GETTABUP and f.upvalues[b].name == "_ENV" then return f.constants[c], "global" end
  if o == op.GETFIELD then return f.constants[c], "field" end
end

-- Is there a way out of the instructions first to last of f? What they call, by name.
local function looks(f, first, last)
  local calls = {}
  for pc = first, last do
    local o = f.code[pc] & 0x7f
    if o >= op.TAILCALL and o <= op.RETURN1 then return true end
    if o == op.JMP and pc < last then
      local to = bytecode.target(f, pc)
      if to < first or to > last then return true end
    end
    local name, how = name_at(f, pc)
    if how == "global" and name == "error" or how == "field" and name == "exit" then return true end
    if how == "method" and waiting[name] then calls[#calls + 1] = name end
    if how == "field" and name == "yield" then calls.yields = true end
  end
  local before = last > first and f.code[last - 1] & 0x7f
  local never = last - 2 >= first and f.code[last - 2] & 0x7f == op.LOADFALSE -- until false
  return before and before >= op.EQ and before <= op.TESTSET and not never, calls
end

-- Calls found(line, call) for each loop of a function that nothing ends; call: the first
-- of our methods in it, or nil.
function code.endless(one, found)
  local function visit(f)
    for pc, i in ipairs(f.code) do
      local to = i & 0x7f == op.JMP and bytecode.target(f, pc)
      if to and to <= pc then
        local ends, calls = looks(f, to, pc)
        if not ends and (calls[1] or f == one.code and one.role == "main" and not calls.yields) then
          found(f.lines[to], calls[1])
        end
      end
    end
    for i = 0, #f.protos do
      if f.protos[i] then visit(f.protos[i]) end
    end
  end
  visit(one.code)
end

-- --- tests that take false for the end ---

-- Calls found(line) for each recv of a data box whose message is only tested to be true.
function code.truth(one, found)
  bytecode.walk(one.code, function(f, pc, o, a, _, c)
    if o ~= op.SELF or f.constants[c] ~= "recv" then return end
    local call = pc + 1
    while f.code[call] and f.code[call] & 0x7f ~= op.CALL do
      local o2, _, b2 = bytecode.parts(f.code[call])
      if o2 == op.LOADK and f.constants[bytecode.bx(f.code[call])] == "control" or o2 == op.SELF
        or b2 == nil then
        return
      end
      call = call + 1
    end
    local after = f.code[call + 1]
    if not after or select(2, bytecode.parts(f.code[call])) ~= a then return end
    local o2, a2, b2 = bytecode.parts(after)
    if o2 == op.TEST and a2 == a or (o2 == op.TESTSET or o2 == op.NOT) and b2 == a then
      found(f.lines[pc])
    end
  end)
end

-- --- variables that functions share ---

local moves = { insert = true, remove = true, sort = true, move = true }

-- Which of the outermost function's upvalues is upvalue i of f? nil if it is a local of one
-- in between.
local function outermost(f, i)
  while f.parent do
    local u = f.upvalues[i]
    if u.instack then return nil end
    f, i = f.parent, u.index
  end
  return i
end

-- Does what instruction pc takes from an upvalue get changed: a field set, or table.insert?
local function changes(f, pc, a)
  for at = pc + 1, math.min(pc + 12, #f.code) do
    local o, a2 = bytecode.parts(f.code[at])
    if o >= op.SETTABLE and o <= op.SETFIELD and a2 == a then return true end
    if o == op.CALL or o == op.JMP then break end
  end
  local before = f.code[pc - 1]
  if not before then return false end
  local o, a2, _, c = bytecode.parts(before)
  return o == op.GETFIELD and a2 == a - 1 and moves[f.constants[c]] ~= nil
end

-- Calls touched(id, name, line, written) for each variable outside of a function that it
-- uses: an upvalue, or a global that somebody writes.
function code.variables(one, touched)
  local function upvalue(f, pc, i, written)
    local index = outermost(f, i)
    local name = index and debug.getupvalue(one.f, index + 1)
    if name and name ~= "_ENV" and name ~= "" then
      touched(debug.upvalueid(one.f, index + 1), name, f.lines[pc], written)
    end
  end
  bytecode.walk(one.code, function(f, pc, o, a, b, c)
    if o == op.SETUPVAL then
      upvalue(f, pc, b, true)
    elseif o == op.GETUPVAL then
      upvalue(f, pc, b, changes(f, pc, a))
    elseif o == op.SETTABUP then
      if f.upvalues[a].name == "_ENV" then
        touched("global " .. f.constants[b], f.constants[b], f.lines[pc], true)
      else
        upvalue(f, pc, a, true)
      end
    elseif o == op.GETTABUP then
      if f.upvalues[b].name == "_ENV" then
        touched("global " .. f.constants[c], f.constants[c], f.lines[pc], false)
      else
        upvalue(f, pc, b, false)
      end
    end
  end)
end

return code
