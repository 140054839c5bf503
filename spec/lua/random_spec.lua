-- Random systems of components in C and Lua under seeds: after each run every
-- message is accounted for, in order and once, and nothing is left over.
--
-- A failing seed is printed; KAM_SEED=N kam test spec/lua/random_spec.lua
-- replays it alone, KAM_SEEDS=N runs more of them.
local kam = require "kam"
local core = require "kam.core"

local first = tonumber(os.getenv "KAM_SEED")
local count = first and 1 or tonumber(os.getenv "KAM_SEEDS") or 2000
first = first or 1

-- --- components, each of a habit of its own ---

local Numbers = kam.component "RandomNumbers" {
  inboxes = { inbox = false },
  options = { from = { 1, "first" }, upto = { 10, "last" }, nap = { 0.0, "seconds between two" } },
  main = function(self)
    for i = self.from, self.upto do
      if self.nap > 0 and i % 7 == 0 and not self:sleep(self.nap) then return end
      if not self:send { id = self.from, n = i } then return end
    end
  end,
}

local Explicit = kam.component "RandomExplicit" {
  main = function(self)
    while not self:shuttingDown() do
      while self:dataReady "inbox" do self:send((self:recv "inbox")) end
      if not self:anyReady() then self:pause() end
    end
  end,
}

local Hoarder = kam.component "RandomHoarder" {
  options = { pile = { 5, "messages to wait for" } },
  main = function(self)
    local held = {}
    for m in self:messages() do
      held[#held + 1] = m
      if #held == self.pile then
        for _, h in ipairs(held) do self:send(h) end
        held = {}
      end
    end
    for _, h in ipairs(held) do self:send(h) end
  end,
}

local Leaver = kam.component "RandomLeaver" {
  endsEarly = true,
  options = { after = { 3, "messages" } },
  main = function(self)
    for _ = 1, self.after do
      local m = self:recv()
      if m == nil then return end
      self:send(m)
    end
  end,
}

local Crasher = kam.component "RandomCrasher" {
  options = { at = { 3, "message that it fails at" } },
  main = function(self)
    local n = 0
    for m in self:messages() do
      n = n + 1
      if n == self.at then error "on purpose" end
      self:send(m)
    end
  end,
}

local Owner = kam.component "RandomOwner" {
  main = function(self)
    local inner = kam.PassThrough()
    self:addChildren(inner)
    self:link({ self, "outbox" }, inner)
    local out = self:addOutbox "result"
    self:link({ inner, "outbox" }, { self, out })
    for m in self:messages() do self:send(m) end
  end,
}

-- --- a system of a seed ---

local Random = {}
Random.__index = Random

function Random:int(a, b)
  self.state = (self.state * 6364136223846793005 + 1442695040888963407)
  return a + ((self.state >> 33) % (b - a + 1))
end

function Random:of(list) return list[self:int(1, #list)] end

local relays = {
  function() return kam.PassThrough() end,
  function() return kam.map(function(m) return m end) end,
  function() return kam.filter(function(m) return m.n % 5 ~= 0 end) end,
  function() return Explicit() end,
  function(r) return Hoarder { pile = r:int(1, 9) } end,
  function() return kam.Pipeline { kam.PassThrough(), kam.map(function(m) return m end) } end,
  function(r) return r:int(1, 6) == 1 and Leaver { after = r:int(1, 5) } or kam.PassThrough() end,
  function(r) return r:int(1, 12) == 1 and Crasher { at = r:int(1, 20) } or kam.PassThrough() end,
}

-- What a sink has seen: per source the last number, which must grow.
local function checked(seen, problems)
  return kam.each(function(m)
    local last = seen[m.id]
    if last and m.n <= last then
      problems[#problems + 1] = ("of %d, %d came after %d"):format(m.id, m.n, last)
    end
    seen[m.id] = m.n
  end)
end

local function terms(r)
  local t = {}
  if r:int(1, 3) == 1 then t.limit = r:int(1, 8) end
  if r:int(1, 8) == 1 then t.whenFull = r:of { "dropOldest", "dropNewest" } end
  return t
end

-- One that stops, or relinks, a component of the graph while it runs.
local function meddler(r, graph)
  return kam.main(function(self)
    for _ = 1, r:int(1, 4) do
      if not self:sleep(r:int(1, 30) / 1000) then return end
      local victim = graph()
      if victim and r:int(1, 3) > 1 then victim:stop() end
    end
  end)
end

local function build(r, problems)
  local parts, linkages, names = {}, {}, {}
  local sources, width = r:int(1, 4), r:int(1, 3)
  for i = 1, sources do
    local from = i * 1000
    parts["SRC" .. i] = Numbers { from = from, upto = from + r:int(0, 400),
      nap = r:int(1, 4) == 1 and 0.01 or 0.0 }
  end
  local before = {}
  for i = 1, sources do before[i] = "SRC" .. i end
  for layer = 1, r:int(0, 4) do
    local here = {}
    for k = 1, width do
      local name = ("L%d_%d"):format(layer, k)
      parts[name] = r:of(relays)(r)
      here[k], names[#names + 1] = name, name
    end
    local fed = {}
    for _, from in ipairs(before) do
      local to = r:of(here)
      fed[to] = true
      local t = terms(r)
      t[1] = from .. " -> " .. to
      linkages[#linkages + 1] = t
    end
    before = {}
    for _, name in ipairs(here) do
      if fed[name] then before[#before + 1] = name else parts[name]:stop() parts[name] = nil end
    end
  end
  for i, from in ipairs(before) do
    parts["SINK" .. i] = checked({}, problems)
    linkages[#linkages + 1] = { from .. " -> SINK" .. i, limit = r:int(1, 300) }
  end
  if r:int(1, 4) == 1 then
    parts.MEDDLER = meddler(r, function() return #names > 0 and parts[r:of(names)] end)
    linkages[#linkages + 1] = "MEDDLER -> null"
  end
  parts.linkages = linkages
  return kam.Graphline(parts)
end

local function accounted(t)
  local lost = 0
  for _, n in pairs(t.lost) do lost = lost + n end
  return t.sent + t.injected, t.delivered + t.waiting + t.held + lost
end

local function run(seed)
  local before = core.totals() -- other specs of this process may have left some, which may go
  local r, problems = setmetatable({ state = seed * 2 + 1 }, Random), {}
  core.configure { seed = r:int(1, 3) > 1 and seed or false, batch = r:of { 1, 2, 7, 64, 64 } }
  build(r, problems):run()
  local t = core.totals()
  local sent, found = accounted(t)
  if sent ~= found then problems[#problems + 1] = ("%d sent, %d accounted for"):format(sent, found) end
  for _, what in ipairs { "components", "active", "waiting", "held", "parked" } do
    local left = t[what] - before[what]
    if left > 0 then problems[#problems + 1] = ("%d %s left"):format(left, what) end
  end
  return problems
end

describe("random systems", function()
  teardown(function() core.configure { seed = false, batch = 64 } end)

  it(("account for every message, in order and once, under %d seeds"):format(count), function()
    for seed = first, first + count - 1 do
      local problems = run(seed)
      assert(#problems == 0, ("seed %d: %s"):format(seed, table.concat(problems, "; ")))
    end
  end)
end)

describe("an owner", function()
  it("hands on what its child sends, and loses nothing", function()
    local h <close> = kam.handle(Owner())
    for i = 1, 100 do h:put(i) end
    h:finish()
    assert.is_nil((h:get()))
    local sent, found = accounted(core.totals())
    assert.equal(sent, found)
  end)
end)
