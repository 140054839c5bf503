-- globals: names that a script uses and nobody defines, found in its compiled form
-- before it runs. A name is known if it is there now, or if the script, or a file that
-- it requires, assigns it somewhere. One that is tested (if jit then) may be missing.

local bytecode = require "kam.bytecode"
local near = require "kam.near"

local globals = {}

local op = bytecode.ops

-- Names that let a text reach globals in ways that bytecode does not show.
local opaque = { load = true, loadstring = true, debug = true, _ENV = true }

-- Is what instruction pc of f put into register a tested there?
local function is_tested(f, pc, a)
  local after = f.code[pc + 1]
  if not after then return false end
  local o, a2, b2 = bytecode.parts(after)
  return o == op.TEST and a2 == a or (o == op.TESTSET or o == op.NOT) and b2 == a
    or o == op.EQK and a2 == a and f.constants[b2] == nil
end

-- The name that instruction pc reads as a global, and the register it goes to.
local function read_name(f, pc, o, a, b, c)
  if o == op.GETTABUP and f.upvalues[b].name == "_ENV" then return f.constants[c], a, pc end
  if o ~= op.GETUPVAL or f.upvalues[b].name ~= "_ENV" then return nil end
  -- more than 255 constants: the name comes by a register of its own
  local load, get = f.code[pc + 1], f.code[pc + 2]
  if not get or load & 0x7f ~= op.LOADK then return nil end
  local o2, a2, b2 = bytecode.parts(get)
  if o2 == op.GETTABLE and b2 == a then return f.constants[bytecode.bx(load)], a2, pc + 2 end
end

-- All that a function reads and assigns: { reads = { { name =, line =, tested =, f =, pc = } },
-- writes = { name = line }, texts = { … }, required = { … } }.
function globals.used(chunk)
  local main = bytecode.read(chunk)
  if not main then return nil end
  local used = { reads = {}, writes = {}, texts = {}, required = {} }
  bytecode.walk(main, function(f, pc, o, a, b, c)
    local name, register, at = read_name(f, pc, o, a, b, c)
    if type(name) == "string" then
      table.insert(used.reads, { name = name, line = f.lines[pc], f = f, pc = pc,
        tested = is_tested(f, at, register) })
      local after = f.code[at + 1]
      if (name == "require" or name == "dofile") and after and after & 0x7f == op.LOADK then
        table.insert(used.required, f.constants[bytecode.bx(after)])
      end
    elseif o == op.SETTABUP and f.upvalues[a].name == "_ENV" then
      name = f.constants[b]
      used.writes[name] = used.writes[name] or f.lines[pc]
    end
  end)
  local function texts(f)
    for _, v in pairs(f.constants) do
      if type(v) == "string" then used.texts[v] = true end
    end
    for _, l in ipairs(f.locals) do used.env = used.env or l.name == "_ENV" end
    for _, inner in pairs(f.protos) do texts(inner) end
  end
  texts(main)
  return used
end

-- Adds what the files that are required assign; gives true if one cannot be looked at.
local function add_required(known, list, seen)
  local unsure = false
  for _, name in ipairs(list) do
    local path = type(name) == "string" and not seen[name] and not name:find "^kam%f[%W]"
      and (package.searchpath(name, package.path) or name:find "%.lua$" and name)
    seen[name] = true
    local chunk = path and loadfile(path, "t")
    local used = chunk and globals.used(chunk)
    if used then
      for written in pairs(used.writes) do known[written] = true end
      if used.texts._G or used.texts.setfenv or used.env then unsure = true end
      unsure = add_required(known, used.required, seen) or unsure
    elseif type(name) == "string" and not package.loaded[name] and not package.preload[name]
      and package.searchpath(name, package.cpath) then
      unsure = true
    end
  end
  return unsure
end

-- Names that nobody defines, in the order of the text, each once: { name =, line =,
-- near =, is_local =, tested = }; sure is false if the script may define them by means
-- that cannot be seen.
function globals.undefined(chunk)
  local used = globals.used(chunk)
  if not used or used.env then return {}, false end
  local known, tested, found, seen = {}, {}, {}, {}
  for name in pairs(used.writes) do known[name] = true end
  local sure = not add_required(known, used.required, {})
  for _, read in ipairs(used.reads) do
    if opaque[read.name] then sure = false end
    if read.tested then tested[read.name] = true end
  end
  if used.texts._G then
    for name in pairs(used.texts) do known[name] = true end
  end
  local candidates = near.names(_G)
  for name in pairs(used.writes) do candidates[#candidates + 1] = name end
  table.sort(candidates)
  for _, read in ipairs(used.reads) do
    local name = read.name
    if not known[name] and rawget(_G, name) == nil and not seen[name] then
      seen[name] = true
      local own = near.best(name, bytecode.locals_at(read.f, read.pc))
      found[#found + 1] = { name = name, line = read.line, tested = tested[name] or false,
        near = own or near.best(name, candidates), is_local = own ~= nil }
    end
  end
  table.sort(found, function(a, b) return a.line < b.line end)
  return found, sure
end

return globals
