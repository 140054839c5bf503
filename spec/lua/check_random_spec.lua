-- Random scripts, right and wrong: what kam check accepts is not refused by run, and
-- what it refuses, run refuses with the same first words.
--
-- A failing script is printed with its seed; KAM_SEED=N kam test
-- spec/lua/check_random_spec.lua replays it alone, KAM_SEEDS=N tries more of them.
--
-- The kinds that these scripts declare live as long as the process, so it is one of its own:
-- KAM_ALONE says that this is it.
local check = require "kam.check"
local component = require "kam.component"
local core = require "kam.core"
local globals = require "kam.globals"
local kam = require "kam"
local library = require "kam.library"
local place = require "spec.lua.place"
local report = require "kam.report"
local script = require "kam.script"

local first = tonumber(os.getenv "KAM_SEED")
local count = first and 1 or tonumber(os.getenv "KAM_SEEDS") or 10000
first = first or 1

local Random = {}
Random.__index = Random

function Random:int(a, b)
  self.state = self.state * 6364136223846793005 + 1442695040888963407
  return a + ((self.state >> 33) % (b - a + 1))
end

function Random:of(list) return list[self:int(1, #list)] end

function Random:one_in(n) return self:int(1, n) == 1 end

-- --- parts of a script: a text, and the names of their boxes ---

local function names(boxes)
  local list = {}
  for i, box in ipairs(boxes) do list[i] = box.name end
  return list[1] and list or { "nobox" }
end

-- Those whose work stays within the process.
local outside = { console = true, database = true, file = true, process = true }
local harmless = {}
for _, entry in ipairs(library.all()) do
  local d = component.declaration(entry.make)
  if not (d.effects or outside[entry.family]) then
    harmless[#harmless + 1] = { name = entry.name, options = d.options, first = d.first,
      ins = names(d.inboxes), outs = names(d.outboxes) }
  end
end

local part

local values = {
  integer = function(r, o)
    local least = o.min or 0
    return tostring(r:int(least // 1, math.min((o.max or least + 20) // 1, least // 1 + 20)))
  end,
  number = function(r, o) return tostring((o.min or 0) + r:int(1, 20) / 4) end,
  string = function(r) return r:of { '"a"', '"b"', '"\\n"' } end,
  boolean = function(r) return r:of { "true", "false" } end,
  table = function(r) return r:of { "{ 1, 2 }", "{}", "{ a = 1 }" } end,
  strings = function(r) return r:of { '{ "a", "b" }', '{ "a" }' } end,
  ["function"] = function(r) return r:of { "tostring", "function(x) return x end", "math.max" } end,
  functions = function(r) return r:of { "{}", "{ a = tostring }" } end,
  any = function(r) return r:of { "1", '"x"', "true", "{ 1 }" } end,
  maker = function(r) return r:of { "kam.PassThrough", "function() return kam.NullSink() end" } end,
  component = function(r, _, depth) return part(r, depth + 1).text end,
  components = function(r, _, depth)
    return ("{ %s, %s }"):format(part(r, depth + 1).text, part(r, depth + 1).text)
  end,
}
values.list = values.table

local function value(r, o, depth)
  if r:one_in(40) then return r:of { "1.5", "nil", "-1", '"zz"', "{}", "print" } end
  if o.oneOf then
    local one = r:of(o.oneOf)
    return type(one) == "string" and ("%q"):format(one) or tostring(one)
  end
  return values[o.type](r, o, depth)
end

local function of_library(r, depth)
  local kind = r:of(harmless)
  local given = {}
  for _, o in ipairs(kind.options) do
    if o.required or r:one_in(4) then
      given[#given + 1] = ("%s = %s"):format(o.name, value(r, o, depth))
    end
  end
  return { text = ("kam.%s { %s }"):format(kind.name, table.concat(given, ", ")), ins = kind.ins,
    outs = kind.outs }
end

local plain = { ins = { "inbox", "control" }, outs = { "outbox", "signal" } }

local function of(text, boxes)
  return { text = text, ins = (boxes or plain).ins, outs = (boxes or plain).outs }
end

local function parts(r, depth, n)
  local texts = {}
  for i = 1, n do texts[i] = part(r, depth + 1).text end
  return table.concat(texts, ", ")
end

local function has(boxes, name)
  for _, box in ipairs(boxes) do
    if box == name then return true end
  end
end

-- A linkage of a graph: mostly between boxes that are there.
local function linkage(r, all, from, to)
  local a, b = all[from], all[to]
  local plain_out, plain_in = has(a.outs, "outbox"), has(b.ins, "inbox")
  local text = from .. (plain_out and not r:one_in(4) and "" or "." .. r:of(a.outs)) .. " -> "
    .. to .. (plain_in and not r:one_in(4) and "" or "." .. r:of(b.ins))
  if r:one_in(40) then text = text .. " -> " .. r:of { "null", "A", "Z", "A.nobox", "self" } end
  local terms = r:one_in(8) and (", limit = %d"):format(r:int(0, 9))
    or r:one_in(20) and ', whenFull = "dropOldest"'
  return terms and ("{ %q%s }"):format(text, terms) or ("%q"):format(text)
end

local function graphline(r, depth)
  local all, named, children, linkages = {}, {}, {}, {}
  for i = 1, r:int(1, 5) do
    local name = string.char(64 + i)
    named[i], all[name] = name, part(r, depth + 1)
    children[i] = ("%s = %s"):format(name, all[name].text)
    if i > 1 and not r:one_in(8) then
      linkages[#linkages + 1] = linkage(r, all, named[i - 1], name)
    end
  end
  while r:one_in(4) do linkages[#linkages + 1] = linkage(r, all, r:of(named), r:of(named)) end
  if r:one_in(5) then linkages[#linkages + 1] = ("%q"):format("self -> " .. r:of(named)) end
  if r:one_in(5) then linkages[#linkages + 1] = ("%q"):format(r:of(named) .. " -> self") end
  return of(("kam.Graphline {\n  %s,\n  linkages = { %s },\n}"):format(table.concat(children, ", "),
    table.concat(linkages, ", ")))
end

local kinds = {
  of_library, of_library, of_library,
  function(r) return of(r:of { 'kam.OneShot("a")', "kam.PassThrough()", "kam.NullSink()" }) end,
  function(r) return of(r:of { "kam.map(tostring)", "kam.filter(function(m) return m end)" }) end,
  function(r) return of(r:of { "Plain()", "Plain {}", "Small { n = 3 }", "Small(4)" }) end,
  function() return of("Boxes()", { ins = { "left", "right", "control" }, outs = { "sum", "signal" } }) end,
  function(r, depth) return of(("kam.Pipeline { %s }"):format(parts(r, depth, r:int(1, 4)))) end,
  graphline,
}

-- Deeper down, only those that hold no others.
local shallow = { kinds[4], kinds[5], kinds[6], kinds[7] }
function part(r, depth)
  return r:of(depth > 2 and shallow or kinds)(r, depth)
end

local head = [[
local kam = require "kam"
local Plain = kam.component "Plain" {
  main = function(self)
    for m in self:messages() do self:send(m) end
  end,
}
local Small = kam.component "Small" {
  options = { n = { 1, "how many", min = 1, max = 9 } },
  main = function(self)
    for i = 1, self.n do self:send(i) end
  end,
}
local Boxes = kam.component "Boxes" {
  inboxes = { left = "one side", right = "the other", inbox = false },
  outboxes = { sum = "of both", outbox = false },
  main = function(self)
    for m, box in self:messagesAny() do self:send(m, "sum") end
  end,
}
]]

local function whole(r)
  local texts = {}
  for i = 1, r:one_in(5) and 2 or 1 do
    local p = r:one_in(3) and kinds[8](r, 0) or graphline(r, 0)
    texts[i] = r:one_in(3) and ("local s%d = %s\ns%d:run()"):format(i, p.text, i)
      or r:one_in(2) and p.text .. ":run()" or ("kam.run(%s)"):format(p.text)
  end
  return head .. table.concat(texts, "\n") .. "\n"
end

-- --- and what a novice's hand does to it ---

local function tokens(text)
  local list = {}
  for from, token, to in text:gmatch '()([%a_][%w_]*)()' do list[#list + 1] = { from, to, token } end
  for from, token, to in text:gmatch '()([%p%d])()' do list[#list + 1] = { from, to, token } end
  return list
end

local function misspelt(r, token)
  local at = r:int(1, #token)
  return r:of { token:sub(1, at - 1) .. token:sub(at + 1), token:sub(1, at) .. token:sub(at),
    token:lower(), token:upper() }
end

local function mutated(r, text)
  local list = tokens(text)
  local victim = r:of(list)
  local new = r:of { "", victim[3] .. " " .. victim[3], r:of(list)[3], r:of(list)[3],
    misspelt(r, victim[3]), misspelt(r, victim[3]) }
  return text:sub(1, victim[1] - 1) .. new .. text:sub(victim[2])
end

-- --- what check says, and what run does ---

-- An error's text, the numbers of components left out: here others were made before.
local function shown(e)
  local text = report.is_error(e) and tostring(e) or core.show(e, true)
  return (text:gsub("([%a_][%w_]*) %d+ %(%1%)", "%1"):gsub("([%a_][%w_]*) %d+", "%1"))
end

-- Ends all after a while: some graphs go on for ever.
local function stopper()
  return kam.main(function(self)
    for _ = 1, 100 do self:yield() end
    core.stopall "stop"
    for _ = 1, 10 do self:yield() end
    core.stopall "stop"
  end)
end

-- The first thing that run refuses, as kam FILE would; nil if it runs.
local function refused(text, name)
  local chunk, err = script.compile(text, name)
  if not chunk then return shown(err) end
  local undefined, sure = globals.undefined(chunk)
  for _, found in ipairs(sure and undefined or {}) do
    if not found.tested then return shown(script.undefined(chunk, found)) end
  end
  local core_run <const> = core.run
  core.run = function()
    stopper():activate()
    return core_run()
  end
  local ok, why = pcall(chunk)
  core.run = core_run
  return not ok and shown(why) or nil
end

-- Ends all that is left, also what was only made.
local function clear()
  core.kill()
  for _, c in ipairs(core.children()) do c:stop() end
  core.run()
end

local function only(before, t)
  for key in pairs(t) do
    if before[key] == nil then t[key] = nil end
  end
end

-- To check each run is one that succeeds and gives true, where run may give nil.
local function whatever_ran(text)
  return text and (text:gsub("(attempt to [%w ]+) a %a+ value", "%1 a value"))
end

local function try(text, tally)
  local name = "=random.lua"
  report.sources["random.lua"] = text
  local errors = check.text(text, name)
  clear()
  local why = refused(text, name)
  clear()
  tally[why and "refused" or "accepted"] = tally[why and "refused" or "accepted"] + 1
  local said = errors[1] and shown(errors[1])
  if whatever_ran(said) ~= whatever_ran(why) then
    return ("check says: %s\nrun says: %s\n%s"):format(said or "nothing", why or "nothing", text)
  end
end

describe("kam check", function()
  local print_, before, quiet = print, {}, report.quiet
  setup(function()
    for key, v in pairs(_G) do before[key] = v end
    _G["print"] = function() end
    report.quiet = true
  end)
  teardown(function()
    _G["print"] = print_
    report.quiet = quiet
    report.sources["random.lua"] = nil
  end)

  it(("says of %d random scripts what run says"):format(count), function()
    if not os.getenv "KAM_ALONE" then
      local here <close> = place.new()
      local out, err, status = here:run(("cd '%s' && KAM_ALONE=1 exec kam test spec/lua/check_random_spec.lua")
        :format(library.root))
      assert(status == 0, out .. err)
      return
    end
    local tally = { accepted = 0, refused = 0 }
    for seed = first, first + count - 1 do
      local r = setmetatable({ state = seed * 2 + 1 }, Random)
      local text = whole(r)
      if r:one_in(2) then
        for _ = 1, r:int(1, 3) do text = mutated(r, text) end
      end
      local wrong = try(text, tally)
      only(before, _G)
      assert(not wrong, ("seed %d: %s"):format(seed, wrong))
    end
    if count >= 1000 then assert.is_true(math.min(tally.accepted, tally.refused) > count / 10) end
  end)
end)
