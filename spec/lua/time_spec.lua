-- Time, order and the trace: T1 to T6 of the design, and PeriodicTick.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"

local function round(seconds) return math.floor(seconds * 1000 + 0.5) / 1000 end

local function sleeper(order, seconds, name)
  return kam.main(function(self)
    self:sleep(seconds)
    order[#order + 1] = name or seconds
  end)
end

-- The text of a trace of f.
local function traced(f, json)
  local path = os.tmpname()
  assert(core.trace(path, json))
  f()
  core.trace(false)
  local file <close> = assert(io.open(path))
  local text = file:read "a"
  os.remove(path)
  return text
end

after_each(function()
  core.configure { seed = false, batch = 64 }
  kit.settled()
end)

describe("the virtual clock (T3)", function()
  it("makes waiting cost no time", function()
    local began, at = os.time(), nil
    kit.runs(kam.main(function(self)
      local begun = kam.now()
      self:sleep(86400 * 365)
      at = kam.now() - begun
    end))
    -- Until the sockets of earlier specs have closed, time passes as on the wall.
    assert.is_true(at >= 86400 * 365 and at < 86400 * 365 + 1, at)
    assert.is_true(os.time() - began < 10)
  end)

  it("stands still while components run", function()
    local passed
    kit.runs(kam.main(function(self)
      local begun = kam.now()
      for _ = 1, 1e5 do end
      self:yield()
      passed = kam.now() - begun
    end))
    assert.equal(0, passed)
  end)

  it("goes from one deadline to the next, in their order", function()
    local order = {}
    kit.runs(sleeper(order, 3), sleeper(order, 1), sleeper(order, 2), sleeper(order, 0.5))
    assert.same({ 0.5, 1, 2, 3 }, order)
  end)
end)

describe("deadlines (T4)", function()
  it("are kept to the millisecond, and are never early", function()
    for _, seconds in ipairs { 0.001, 0.0015, 0.063, 0.064, 0.065, 1, 4.095, 4.096, 4.097, 262.144, 5000 } do
      local took
      kit.runs(kam.main(function(self)
        local begun = kam.now()
        self:sleep(seconds)
        took = kam.now() - begun
      end))
      assert.is_true(took >= seconds - 1e-6 and took < seconds + 0.0011,
        ("%s took %s"):format(seconds, took))
    end
  end)

  it("may be many at once", function()
    local order, all = {}, {}
    for i = 1, 2000 do all[i] = sleeper(order, (i * 7919) % 2000 / 10) end
    kit.runs(table.unpack(all))
    assert.equal(2000, #order)
    for i = 2, #order do assert.is_true(order[i - 1] <= order[i]) end
  end)

  it("of the same time come in the order of their making", function()
    local order = {}
    kit.runs(sleeper(order, 1, "a"), sleeper(order, 1, "b"), sleeper(order, 1, "c"))
    assert.same({ "a", "b", "c" }, order)
  end)

  it("are passed by who waits again for what is left, however little that is", function()
    local turns = 0
    kit.runs(kam.main(function(self)
      self:sleep(86400 * 365) -- from here on a double has 4 ns between two times
      for i = 1, 50 do
        local till = kam.now() + i / 7
        while kam.now() < till do
          self:recvAny({ "inbox" }, till - kam.now())
          turns = turns + 1
        end
      end
    end))
    assert.is_true(turns >= 50 and turns < 1000)
  end)

  it("that were not needed do not come later", function()
    local n = 0
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        self:sleep(1)
        self:send "x"
        self:sleep(100)
      end),
      kam.main(function(self)
        self:recv("inbox", 5)
        while self:pause(50) == nil do n = n + 1 end
      end),
    })
    assert.equal(1, n)
  end)
end)

describe("PeriodicTick", function()
  it("sends the number of the tick each so many seconds, the first after one period", function()
    local h <close> = kam.handle(kam.PeriodicTick(1))
    assert.is_nil((h:get("outbox", 0.9)))
    assert.equal(1, (h:get("outbox", 0.2)))
    assert.is_nil((h:get("outbox", 0.8)))
    assert.equal(2, (h:get("outbox", 0.2)))
  end)

  it("does not drift", function()
    local at
    kit.runs(kam.Pipeline { kam.PeriodicTick { 0.1, count = 1000 }, kam.main(function(self)
      local begun = kam.now()
      for n in self:messages() do
        self:sleep(0.03)
        if n == 1000 then at = kam.now() - begun end
      end
    end) })
    assert.equal(100.03, round(at))
  end)

  it("ends after its count", function()
    assert.same({ 1, 2, 3 }, kam.try(kam.PeriodicTick { 1, count = 3 }))
  end)
end)

describe("order (T2)", function()
  -- The order in which three components that talk to one take turns.
  local function run_order(seed)
    local order = {}
    core.configure { seed = seed or false }
    local function talker(name)
      return kam.main(function(self)
        for i = 1, 5 do
          self:send(name .. i)
          self:yield()
        end
      end)
    end
    kit.runs(kam.Graphline {
      A = talker "a", B = talker "b", C = talker "c", D = kit.into(order), linkages = { "A, B, C -> D" },
    })
    return table.concat(order, " ")
  end

  it("is first woken, first run, without a seed", function()
    assert.equal("a1 b1 c1 a2 b2 c2 a3 b3 c3 a4 b4 c4 a5 b5 c5", run_order())
  end)

  it("is another with a seed, and the same for the same seed", function()
    local one = run_order(1)
    assert.equal(one, run_order(1))
    local others = {}
    for seed = 1, 10 do others[run_order(seed)] = true end
    local n = 0
    for _ in pairs(others) do n = n + 1 end
    assert.is_true(n > 3, "different orders: " .. n)
  end)

  it("keeps the order of each link under any seed", function()
    for seed = 1, 30 do
      local got = run_order(seed)
      for _, name in ipairs { "a", "b", "c" } do
        local last = 0
        for i in got:gmatch(name .. "(%d)") do
          assert.equal(last + 1, tonumber(i))
          last = last + 1
        end
        assert.equal(5, last)
      end
    end
  end)

  it("gives the same trace, byte for byte, for the same program", function()
    local function once()
      return traced(function()
        core.configure { seed = 7 }
        kit.runs(kam.Graphline {
          A = kit.count(100), B = kam.map(function(x) return { x } end), C = kam.PassThrough(), D = kam.NullSink(),
          T = kam.PeriodicTick { 1, count = 3 },
          linkages = { "A -> B -> C -> D", "T -> D" },
        })
      end):gsub("%d+%.%d+ ?s?", "T"):gsub("(%a+) %d+", "%1")
    end
    local first = once()
    for _ = 1, 5 do assert.equal(first, once()) end
  end)
end)

describe("a batch (T5)", function()
  -- How long the runs of a component get that takes and sends all it can.
  local function longest(batch)
    core.configure { batch = batch }
    local most, n = 0, 0
    kit.runs(kam.Graphline {
      A = kit.count(500),
      B = kam.main(function(self)
        for m in self:messages() do
          n = n + 1
          self:send(m)
        end
      end),
      C = kam.main(function(self)
        for _ in self:messages() do
          most = math.max(most, n)
          n = 0
        end
      end),
      linkages = { "A -> B -> C" },
    })
    return most
  end

  it("is 64 messages", function() assert.is_true(longest(64) <= 64) end)
  it("can be set down to 1", function() assert.is_true(longest(1) <= 1) end)

  it("of 1 is that of kam.map, too", function()
    core.configure { batch = 1 }
    local most, n = 0, 0
    kit.runs(kam.Graphline {
      A = kit.count(100),
      B = kam.map(function(m)
        n = n + 1
        return m
      end),
      C = kam.main(function(self)
        for _ in self:messages() do
          most = math.max(most, n)
          n = 0
        end
      end),
      linkages = { "A -> B -> C" },
    })
    assert.is_true(most <= 2, "mapped in one run: " .. most)
  end)

  it("lets a component that always has work not keep the others from running", function()
    local ticks = 0
    kit.runs(kam.Graphline {
      BUSY = kam.main(function(self)
        self:link({ self, "outbox" }, { self, "inbox" })
        self:send(1)
        for n in self:messages() do
          if n == 5000 then return end
          self:send(n + 1)
        end
      end),
      OTHER = kam.main(function(self)
        for _ = 1, 50 do
          self:yield()
          ticks = ticks + 1
        end
      end),
    })
    assert.equal(50, ticks)
  end)
end)

describe("the trace (T6)", function()
  local function text_of(json)
    return traced(function()
      kit.runs(kam.Graphline { SRC = kam.OneShot "hello", SNK = kam.NullSink(), linkages = { "SRC -> SNK" } })
    end, json)
  end

  it("has a line for each message that moves, with both ends and its text", function()
    kit.has(text_of(), 'SRC ──> SNK', '"hello"')
  end)

  it("has lines for who is told and who has ended", function()
    kit.has(text_of(), "SNK is told producerFinished", "SRC has ended", "SNK has ended")
  end)

  it("numbers its lines from 1, without a gap", function()
    local n = 0
    for line in text_of():gmatch "[^\n]+" do
      n = n + 1
      assert.equal(n, tonumber(line:match "%d+"))
    end
    assert.is_true(n >= 4)
  end)

  it("has a line for what is lost, with the reason", function()
    kit.has(traced(function() kit.run(kam.OneShot "x") end), "lost (unlinked)")
  end)

  it("is JSON on request, an object a line, with number, time and kind", function()
    local n, kinds = 0, {}
    for line in text_of(true):gmatch "[^\n]+" do
      n = n + 1
      local number, time, kind = line:match '^{"number":(%d+),"time":(%d+%.%d+),"kind":"(%a+)",.*}$'
      assert.equal(n, tonumber(number))
      assert.is_number(tonumber(time))
      kinds[kind] = true
    end
    for _, kind in ipairs { "sent", "taken", "woken", "told", "ended" } do assert.is_true(kinds[kind], kind) end
  end)

  it("in JSON has both ends, the message, and who it is about", function()
    kit.has(text_of(true), '"kind":"sent","from":"SRC.outbox","to":"SNK.inbox","message":"\\"hello\\""',
      '"kind":"taken","to":"SNK.inbox"', '"kind":"ended","component":"SNK"', '"told":"producerFinished"')
  end)

  it("in JSON has what is linked and unlinked", function()
    local text = traced(function() kit.runs(kam.Pipeline { kam.OneShot "x", kam.NullSink() }) end, true)
    kit.has(text, '"kind":"linked"', '"kind":"unlinked"')
  end)

  it("in JSON escapes what has to be", function()
    local text = traced(function()
      kit.runs(kam.Pipeline { kam.OneShot 'say "hi"\n\0\255', kam.NullSink() })
    end, true)
    kit.has(text, "say", "hi")
    for line in text:gmatch "[^\n]+" do assert.truthy(line:find "^{.*}$" and not line:find "%c", line) end
  end)
end)
