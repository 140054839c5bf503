-- bytecode: what a compiled chunk of Lua 5.4 says of itself (ldump.c, lopcodes.h).
--
--     { code = { … }, constants = { [0] = … }, upvalues = { [0] = { name =, instack =, index = } },
--       protos = { [0] = … }, lines = { … }, locals = { { name =, from =, to = } }, parent = }
--
-- code and lines begin at 1, as pc does in the scopes of locals.

local bytecode = {}

bytecode.ops = {
  LOADK = 3, LOADFALSE = 5, LOADNIL = 8, GETUPVAL = 9, SETUPVAL = 10, GETTABUP = 11, GETTABLE = 12,
  GETFIELD = 14, SETTABUP = 15, SETTABLE = 16, SETI = 17, SETFIELD = 18, SELF = 20, NOT = 51, JMP = 56, EQ = 57,
  EQK = 60, TEST = 66, TESTSET = 67, CALL = 68, TAILCALL = 69, RETURN = 70, RETURN1 = 72, CLOSURE = 79,
}

-- The parts of an instruction: its operation, A, B, C; Bx is C and B and k together.
function bytecode.parts(i)
  return i & 0x7f, i >> 7 & 0xff, i >> 16 & 0xff, i >> 24 & 0xff
end

function bytecode.bx(i) return i >> 15 end

-- Where the jump that is instruction pc goes to.
function bytecode.target(f, pc) return pc + 1 + (f.code[pc] >> 7) - 0xffffff end

-- The dump of Lua 5.4 as Debian builds it: 4 bytes an instruction, 8 a number.
local HEADER = "\27Lua\x54\0\x19\x93\r\n\x1a\n\4\8\8"

local function reader(text)
  local at = #HEADER + 17 + 1 -- two sample numbers and the count of upvalues
  local r = {}
  function r.byte()
    at = at + 1
    return text:byte(at - 1)
  end
  function r.size()
    local n, b = 0
    repeat
      b = r.byte()
      n = n << 7 | b & 0x7f
    until b & 0x80 ~= 0
    return n
  end
  function r.string()
    local n = r.size()
    if n == 0 then return nil end
    at = at + n - 1
    return text:sub(at - n + 1, at - 1)
  end
  function r.value(format)
    local v
    v, at = string.unpack(format, text, at)
    return v
  end
  return r
end

local constant = {
  [0x00] = function() return nil end,
  [0x01] = function() return false end,
  [0x11] = function() return true end,
  [0x03] = function(r) return r.value "<i8" end,
  [0x13] = function(r) return r.value "<d" end,
  [0x04] = function(r) return r.string() end,
  [0x14] = function(r) return r.string() end,
}

local function read_lines(r, f)
  local deltas, absolute = {}, {}
  for pc = 1, r.size() do deltas[pc] = r.value "i1" end
  for _ = 1, r.size() do
    local pc = r.size() + 1
    absolute[pc] = r.size()
  end
  local line = f.first
  for pc, delta in ipairs(deltas) do
    line = delta == -128 and absolute[pc] or line + delta
    f.lines[pc] = line
  end
end

local function read_function(r, parent)
  r.string() -- its source
  local f = { parent = parent, code = {}, constants = {}, upvalues = {}, protos = {}, lines = {},
    locals = {}, first = r.size(), last = r.size(), params = r.byte() }
  r.byte() -- is it a vararg
  r.byte() -- the size of its stack
  for pc = 1, r.size() do f.code[pc] = r.value "<I4" end
  for i = 0, r.size() - 1 do f.constants[i] = constant[r.byte()](r) end
  for i = 0, r.size() - 1 do
    f.upvalues[i] = { instack = r.byte() == 1, index = r.byte() }
    r.byte() -- its kind
  end
  for i = 0, r.size() - 1 do f.protos[i] = read_function(r, f) end
  read_lines(r, f)
  for i = 1, r.size() do f.locals[i] = { name = r.string(), from = r.size() + 1, to = r.size() } end
  for i = 0, r.size() - 1 do f.upvalues[i].name = r.string() end
  return f
end

-- What a function says of itself; nil if this Lua dumps in another form.
function bytecode.read(f)
  local text = string.dump(f)
  if text:sub(1, #HEADER) ~= HEADER then return nil end
  return read_function(reader(text))
end

-- Calls visit(f, pc, op, a, b, c) for each instruction of f and what is in it.
function bytecode.walk(f, visit)
  for pc, i in ipairs(f.code) do visit(f, pc, bytecode.parts(i)) end
  for i = 0, #f.protos do
    local inner = f.protos[i]
    if inner then bytecode.walk(inner, visit) end
  end
end

-- Names of the locals that f and those around it have at pc.
function bytecode.locals_at(f, pc)
  local names = {}
  while f do
    for _, l in ipairs(f.locals) do
      if l.from <= pc and pc <= l.to and l.name:find "^[%a_]" then names[#names + 1] = l.name end
    end
    local outer = f.parent
    for at, i in ipairs(outer and outer.code or {}) do
      if i & 0x7f == bytecode.ops.CLOSURE and outer.protos[bytecode.bx(i)] == f then pc = at end
    end
    f = outer
  end
  return names
end

return bytecode
