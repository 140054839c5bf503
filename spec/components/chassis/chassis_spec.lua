-- Chassis: what goes through them, how they end, and what becomes of failures. Each trap
-- of Kamaelia's that is named in an `it` has no successor here.
local kam = require "kam"
local kit = require "spec.lua.kit"

-- What comes out of a chassis that is put between a list and a collector.
local function through(c, list)
  local out = {}
  kit.runs(kam.Pipeline { kam.DataSource(list), c, kit.into(out) })
  return out
end

local function times(n) return kam.map(function(x) return x * n end) end

-- A component that takes n messages, sends them on with a mark, and ends.
local function takes(n, mark)
  return kam.main(function(self)
    for _ = 1, n do self:send(mark .. tostring(self:recv())) end
  end)
end

-- One that fails at its first message.
local function fails() return kam.map(function() error "oh no" end) end

-- One that does not listen.
local function deaf() return kam.main(function(self) while true do self:sleep(0.1) end end) end

describe("Par", function()
  after_each(kit.settled)

  it("gives each of its components what comes, and sends what they send", function()
    local out = through(kam.Par { times(10), times(100) }, { 1, 2 })
    table.sort(out)
    assert.same({ 10, 20, 100, 200 }, out)
  end)

  it("gives nothing to those that take nothing", function()
    local out = through(kam.Par { times(10), kam.DataSource { 7 } }, { 1 })
    table.sort(out)
    assert.same({ 7, 10 }, out)
  end)

  it("waits for the slowest", function()
    local seen = 0
    local slow = kam.main(function(self)
      for _ in self:messages() do self:sleep(1) end
    end)
    local source = kam.main(function(self)
      for i = 1, 2000 do
        self:send(i)
        seen = i
      end
    end)
    local h <close> = kam.handle(kam.Pipeline { source, kam.Par { slow, kam.NullSink() } })
    h:get("outbox", 10)
    assert.truthy(seen < 700, seen)
  end)

  it("ends one that is told to end now, and does not drop what the others send", function()
    local out = through(kam.Par { kam.FirstOnly(), kam.Collate() }, { 1, 2, 3 })
    assert.same({ 1, { 1, 2, 3 } }, { out[1], out[2] })
  end)

  it("ends what feeds it when all its components have ended", function()
    local out = {}
    kit.runs(kam.Pipeline { kam.PeriodicTick(1), kam.Par { kam.Take(1), kam.Take(3) }, kit.into(out) })
    assert.same({ 1, 1, 2, 3 }, out)
  end)

  it("fails when one fails, and stops the others", function()
    local ok, _, text = kit.run(kam.Pipeline { kam.DataSource { 1 }, kam.Par { fails(), deaf() } })
    assert.is_nil(ok)
    kit.has(text, "oh no", "so the Par stopped its other")
  end)

  it("refuses what is no component", function()
    kit.has(kit.refused(kam.Par, { kam.FirstOnly }), "E0112", "is the kind FirstOnly, not a component")
  end)
end)

describe("Split", function()
  after_each(kit.settled)

  it("copies tables when it is asked to", function()
    local a, b = {}, {}
    kit.runs(kam.Graphline {
      SRC = kam.OneShot { msg = { n = { 1 } } }, COPY = kam.Split { "a", "b", copy = true },
      A = kit.into(a), B = kit.into(b), linkages = { "SRC -> COPY", "COPY.a -> A", "COPY.b -> B" },
    })
    assert.same(a, b)
    assert.are_not.equal(a[1], b[1])
    assert.are_not.equal(a[1].n, b[1].n)
  end)

  it("lets receivers come and go while it lives", function()
    local first, second = {}, {}
    local split = kam.Split()
    local one, two = kit.into(first), kit.into(second)
    local source = kam.main(function(self)
      self:send "nobody hears this"
      self:sleep(1)
      local name = split:addSink(one)
      self:send "one"
      self:sleep(1)
      split:addSink(two)
      self:send "both"
      self:sleep(1)
      split:removeSink(name)
      self:send "two"
    end)
    kit.runs(kam.Graphline { SRC = source, SPLIT = split, linkages = { "SRC -> SPLIT" } }, one, two)
    assert.same({ "one", "both" }, first)
    assert.same({ "both", "two" }, second)
  end)

  it("takes the same as messages on configuration", function()
    local out = {}
    local sink = kit.into(out)
    kit.runs(kam.Graphline {
      CONFIG = kam.OneShot { msg = { "addsink", sink } },
      SRC = kam.main(function(self)
        self:sleep(1)
        self:send "hello"
      end),
      SPLIT = kam.Split(), linkages = { "CONFIG -> SPLIT.configuration", "SRC -> SPLIT" },
    }, sink)
    assert.same({ "hello" }, out)
  end)

  it("that never had a receiver says what came to nobody", function()
    local ok, _, text = kit.run(kam.Pipeline { kam.DataSource { 1, 2 }, kam.Split() })
    assert.is_nil(ok)
    kit.has(text, "Split", "2 messages came, and there never was a receiver")
  end)

  it("may be without receivers if that is meant", function()
    kit.runs(kam.Graphline {
      SRC = kam.DataSource { 1, 2 }, COPY = kam.Split(), linkages = { "SRC -> COPY", "COPY.nobody -> null" },
    })
  end)

  it("keeps no box of a receiver that has gone", function()
    local split, most = kam.Split(), 0
    local source = kam.main(function(self)
      for _ = 1, 50 do
        local sink = kam.FirstOnly()
        self:addChildren(sink)
        split:addSink(sink)
        self:link({ sink, "outbox" }, { self:addChildren(kam.NullSink()), "inbox" })
        self:send(1)
        self:sleep(1)
        self:send(2)
        self:sleep(1)
        local _, outboxes = split:boxes()
        most = math.max(most, #outboxes)
      end
    end)
    kit.run(kam.Graphline { SRC = source, SPLIT = split, linkages = { "SRC -> SPLIT" } })
    assert.truthy(most < 6, most)
  end)

  it("goes on without a receiver that has ended, and ends with the last", function()
    local sent, out = 0, {}
    local source = kam.source(function()
      sent = sent + 1
      return sent
    end)
    kit.runs(kam.Graphline {
      SRC = source, COPY = kam.Split { "a", "b" }, A = kam.FirstOnly(), B = takes(3, ""), OUT = kit.into(out),
      linkages = { "SRC -> COPY", "COPY.a -> A", "COPY.b -> B", "A, B -> OUT" },
    })
    assert.equal(4, #out)
  end)
end)

describe("Seq", function()
  after_each(kit.settled)

  it("runs one after another, and the next finds what is left", function()
    assert.same({ "a1", "b2", "b3", "4", "5" },
      through(kam.Seq { takes(1, "a"), takes(2, "b"), kam.map(tostring) }, { 1, 2, 3, 4, 5 }))
  end)

  it("gives all of them the end", function()
    assert.same({ "a1", {} }, through(kam.Seq { takes(1, "a"), kam.Collate() }, { 1 }))
  end)

  it("obeys when it is told to end", function()
    local h <close> = kam.handle(kam.Seq { kam.PassThrough(), kam.PassThrough() })
    h:put "x"
    assert.equal("x", h:get())
    h:put(kam.shutdownMicroprocess(), "control")
    assert.same({ nil, "ended" }, { h:get() })
  end)

  it("fails when one fails", function()
    local ok, _, text = kit.run(kam.Pipeline { kam.DataSource { 1 }, kam.Seq { fails() }, kam.NullSink() })
    assert.is_nil(ok)
    kit.has(text, "oh no")
  end)
end)

describe("Carousel", function()
  after_each(kit.settled)

  local function player(options)
    options[1] = function(name) return kam.DataSource { name, name .. "!" } end
    return kam.Carousel(options)
  end

  it("plays a list to its end, and then ends", function()
    local out = {}
    kit.runs(kam.Graphline {
      LIST = kam.Chooser { items = { "a", "b", "c" } }, PLAYER = player { make1stRequest = false },
      OUT = kit.into(out),
      linkages = { "LIST -> PLAYER.next", "PLAYER.requestNext -> LIST", "PLAYER -> OUT" },
    })
    assert.same({ "a", "a!", "b", "b!", "c", "c!" }, out)
  end)

  it("plays what it has when its list has ended", function()
    local out = {}
    kit.runs(kam.Graphline {
      LIST = kam.OneShot "a", PLAYER = player {}, OUT = kit.into(out),
      linkages = { "LIST -> PLAYER.next", "PLAYER -> OUT", "PLAYER.requestNext -> null" },
    })
    assert.same({ "a", "a!" }, out)
  end)

  it("ends the one that is there when another is asked for", function()
    local out = {}
    kit.runs(kam.Graphline {
      SRC = kam.PeriodicTick { 1, count = 2 }, OUT = kit.into(out),
      PLAYER = kam.Carousel(function(n) return kam.main(function(self)
        self:send(n)
        if n == 1 then self:sleep(100) end
      end) end),
      linkages = { "SRC -> PLAYER.next", "PLAYER -> OUT" },
    })
    assert.same({ 1, 2 }, out)
  end)

  it("ends one that does not listen, after its grace", function()
    local made = {}
    kit.said(kam.run, kam.Graphline {
      SRC = kam.DataSource { 1, 2 }, OUT = kam.NullSink(),
      PLAYER = kam.Carousel(function(n)
        made[#made + 1] = n
        return n == 1 and deaf() or kam.OneShot(n)
      end),
      linkages = { "SRC -> PLAYER.next", "PLAYER -> OUT" },
    })
    assert.same({ 1, 2 }, made)
  end)

  it("fails when one fails", function()
    local ok, _, text = kit.run(kam.Graphline {
      SRC = kam.OneShot(1), PLAYER = kam.Carousel(function() return kam.main(function() error "no disc" end) end),
      OUT = kam.NullSink(), linkages = { "SRC -> PLAYER.next", "PLAYER -> OUT" },
    })
    assert.is_nil(ok)
    kit.has(text, "no disc")
  end)
end)

describe("With", function()
  it("runs components one after another on one partner", function()
    local heard = {}
    local partner = kam.main(function(self)
      for msg in self:messages() do
        heard[#heard + 1] = msg
        self:send(#heard)
      end
    end)
    local function says(word) return kam.main(function(self)
      self:send(word)
      self:recv()
    end) end
    kit.runs(kam.With { partner, says "one", says "two" })
    assert.same({ "one", "two" }, heard)
    kit.settled()
  end)
end)

describe("TTL", function()
  after_each(kit.settled)

  it("ends its component when its time is over", function()
    local out = {}
    kit.runs(kam.Pipeline { kam.TTL { kam.PeriodicTick(1), seconds = 3.5 }, kit.into(out) })
    assert.same({ 1, 2, 3 }, out)
  end)

  it("ends one that is deaf", function()
    kit.said(kam.run, kam.TTL { deaf(), 1 })
  end)

  it("ends with its component when that is earlier", function()
    local start = kam.now()
    local out = through(kam.TTL { times(2), 1000 }, { 1, 2 })
    assert.same({ 2, 4 }, out)
    assert.truthy(kam.now() - start < 1000)
  end)

  it("fails when it fails", function()
    local ok, _, text = kit.run(kam.Pipeline { kam.DataSource { 1 }, kam.TTL { fails(), 5 }, kam.NullSink() })
    assert.is_nil(ok)
    kit.has(text, "oh no")
  end)

  it("still waits for its component when no more comes", function()
    kit.has(kit.refused(function() kam.try(kam.TTL { fails(), 5 }, { 1 }) end), "TTL", "oh no")
    local start = kam.now()
    through(kam.TTL { kam.main(function(self) self:sleep(1000) end), 5 }, { 1 })
    assert.equal(5, kam.now() - start)
  end)
end)

describe("TPipe", function()
  after_each(kit.settled)

  it("sends a copy of some messages through its component", function()
    local out = through(kam.TPipe { times(10), function(n) return n > 1 end }, { 1, 2 })
    table.sort(out)
    assert.same({ 1, 2, 20 }, out)
  end)

  it("may route them instead", function()
    local out = through(kam.TPipe { times(10), function(n) return n > 1 end, route = true }, { 1, 2 })
    table.sort(out)
    assert.same({ 1, 20 }, out)
  end)
end)

describe("a backplane", function()
  after_each(kit.settled)

  local serial = 0
  local function name()
    serial = serial + 1
    return "PLANE " .. serial
  end

  it("gives what any publisher sends to all subscribers", function()
    local n, a, b = name(), {}, {}
    kit.runs(kam.Pipeline { kam.SubscribeTo(n), kit.into(a) }, kam.Pipeline { kam.SubscribeTo(n), kit.into(b) },
      kam.Pipeline { kam.DataSource { 1, 2 }, kam.PublishTo(n) },
      kam.Pipeline { kam.DataSource { 3 }, kam.PublishTo(n) })
    table.sort(a)
    table.sort(b)
    assert.same({ { 1, 2, 3 }, { 1, 2, 3 } }, { a, b })
  end)

  it("is one in the middle of a Pipeline, as a chat server has it", function()
    local n, out = name(), {}
    kit.runs(kam.Pipeline {
      kam.DataSource { "hello" }, kam.PublishTo(n), kam.SubscribeTo(n), kit.into(out),
    })
    assert.same({ "hello" }, out)
  end)

  it("waits for a slow subscriber, or drops for it when it is told to", function()
    local n, fast, dropping = name(), 0, {}
    kit.said(kam.run,
      kam.Pipeline { kam.SubscribeTo { n, limit = 2, whenFull = "dropOldest" }, kam.main(function(self)
        self:sleep(10)
        for m in self:messages() do dropping[#dropping + 1] = m end
      end) },
      kam.Pipeline { kam.SubscribeTo(n), kam.each(function() fast = fast + 1 end) },
      kam.Pipeline { kam.DataSource(kit.numbers(1000)), kam.PublishTo(n) })
    assert.equal(1000, fast)
    assert.truthy(#dropping < 300, #dropping)
    assert.equal(1000, dropping[#dropping])
  end)

  it("keeps the last for those who come later", function()
    local n, out = name(), {}
    kit.runs(kam.Backplane { n, keep = 2 }, kam.Pipeline { kam.DataSource { 1, 2, 3 }, kam.PublishTo(n) },
      kam.main(function(self)
        self:sleep(1)
        self:addChildren(kam.Pipeline { kam.SubscribeTo(n), kit.into(out) })
      end))
    assert.same({ 2, 3 }, out)
  end)

  it("forgets subscribers that have ended", function()
    local n, out = name(), {}
    kit.runs(kam.Pipeline { kam.SubscribeTo(n), kam.FirstOnly(), kam.NullSink() },
      kam.Pipeline { kam.SubscribeTo(n), kit.into(out) },
      kam.Pipeline { kam.DataSource(kit.numbers(50)), kam.PublishTo(n) })
    assert.equal(50, #out)
  end)

  it("that nobody ever subscribed to says what was lost", function()
    local ok, _, text = kit.run(kam.Pipeline { kam.DataSource { 1, 2 }, kam.PublishTo "NEWZ" })
    assert.is_nil(ok)
    kit.has(text, '2 messages were published as "NEWZ", and nobody ever subscribed')
  end)

  it("gives a message once to who subscribes while it is given out", function()
    local n, out = name(), {}
    kit.said(kam.run, kam.Backplane { n, keep = 5 },
      kam.Pipeline { kam.SubscribeTo { n, limit = 1 }, kam.main(function(self)
        for _ in self:messages() do self:sleep(2) end
      end) },
      kam.Pipeline { kam.DataSource(kit.numbers(600)), kam.PublishTo(n) },
      kam.main(function(self)
        self:sleep(3)
        self:addChildren(kam.Pipeline { kam.SubscribeTo(n), kit.into(out) })
        self:sleep(900)
      end))
    for i = 2, #out do assert.equal(out[i - 1] + 1, out[i]) end
    assert.truthy(#out > 100)
  end)

  it("is there once by a name", function()
    local n = name()
    local plane = kam.Backplane(n)
    kit.has(kit.refused(kam.Backplane, n), "E0316")
    plane:stop()
    kam.run()
  end)
end)

describe("ToService", function()
  it("sends to a service by its name", function()
    local got = {}
    kam.registerService("LOGBOOK", kam.component "Log" {
      inboxes = { inbox = { "lines", open = true } },
      main = function(self) for line in self:messages() do got[#got + 1] = line end end,
    }():activate())
    kit.runs(kam.Pipeline { kam.DataSource { 1, 2 }, kam.ToService "LOGBOOK" })
    assert.same({ 1, 2 }, got)
    kit.settled()
  end)

  it("fails when there is none", function()
    local _, _, text = kit.run(kam.Pipeline { kam.DataSource { 1 }, kam.ToService "NOWHERE" })
    kit.has(text, 'there is no service "NOWHERE"')
  end)
end)

describe("Supervisor", function()
  after_each(kit.settled)

  -- Fails at the messages that are in a set, once at each.
  local function shaky(at)
    return function()
      return kam.map(function(n)
        if at[n] then
          at[n] = nil
          error("cannot do " .. n)
        end
        return n
      end)
    end
  end

  it("makes anew what has failed, and loses only what it was handling", function()
    local out = {}
    local ok, _, text = kit.run(kam.Supervisor {
      SRC = function() return kam.DataSource(kit.numbers(100)) end,
      SHAKY = shaky { [3] = true, [50] = true }, OUT = function() return kit.into(out) end,
      linkages = { "SRC -> SHAKY -> OUT" },
    })
    assert.is_true(ok, text)
    assert.equal(98, #out)
    assert.equal(100, out[98])
    kit.has(text, "SHAKY has failed and is made anew (1 of 3 in 60 s)", "cannot do 3", "(2 of 3")
  end)

  it("has boxes of its own, as its linkages and fields say", function()
    local out = {}
    kit.run(kam.Pipeline {
      kam.DataSource { 1, 2, 3 },
      kam.Supervisor { SHAKY = shaky { [2] = true }, linkages = { "self -> SHAKY -> self" } },
      kit.into(out),
    })
    assert.same({ 1, 3 }, out)
    out = {}
    kit.run(kam.Graphline {
      SRC = kam.DataSource { 1, 2, 3 }, OUT = kit.into(out),
      BOSS = kam.Supervisor {
        SHAKY = shaky { [2] = true }, inboxes = { jobs = "what to do" }, outboxes = { "done" },
        linkages = { "self.jobs -> SHAKY", "SHAKY -> self.done" },
      },
      linkages = { "SRC -> BOSS.jobs", "BOSS.done -> OUT" },
    })
    assert.same({ 1, 3 }, out)
    kit.has(kit.refused(kam.Supervisor, { A = kam.PassThrough, linkages = { "self.jbos -> A" } }), "E0114",
      'this Supervisor has no inbox "jbos"')
  end)

  it("gives up after too many times", function()
    local ok, _, text = kit.run(kam.Supervisor {
      restarts = 2, within = 5, SRC = function() return kam.DataSource(kit.numbers(10)) end,
      BAD = function() return fails() end, linkages = { "SRC -> BAD", "BAD -> null" },
    })
    assert.is_nil(ok)
    kit.has(text, "BAD has failed 3 times within 5 s")
  end)

  it("forgets failures that are long ago", function()
    local n = 0
    local ok = kit.run(kam.Supervisor {
      restarts = 1, within = 5,
      A = function() return kam.main(function(self)
        self:sleep(10)
        n = n + 1
        if n < 4 then error "again" end
      end) end,
    })
    assert.is_true(ok)
    assert.equal(4, n)
  end)

  it("makes one, the rest or all anew", function()
    local function order(strategy)
      local made = {}
      local function maker(name)
        return function()
          made[#made + 1] = name
          return kam.main(function(self)
            if name == "B" and #made == 3 then error "once" end
            if name == "A" and #made <= 3 then self:sleep(5) end
            for msg in self:messages() do self:send(msg) end
          end)
        end
      end
      kit.run(kam.Supervisor {
        strategy = strategy, A = maker "A", B = maker "B", C = maker "C",
        linkages = { "A -> B -> C", "C -> null" },
      })
      local again = table.move(made, 4, #made, 1, {})
      table.sort(again)
      return table.concat(made, " ", 1, 3) .. ": " .. table.concat(again, " ")
    end
    assert.equal("A B C: B", order "oneForOne")
    assert.equal("A B C: B C", order "restForOne")
    assert.equal("A B C: A B C", order "oneForAll")
  end)

  it("refuses a component where a maker is needed", function()
    kit.has(kit.refused(kam.Supervisor, { FEED = kam.OneShot "x" }), "E0225", "FEED is a component",
      "FEED = function() return kam.OneShot(…) end")
  end)
end)

describe("Introspector", function()
  it("sends what is there, and then what changes", function()
    local lines = {}
    local function short(line) return line:find "component" and line:gsub(' "[^"]*" auto component', "") end
    kit.runs(kam.Pipeline { kam.Introspector(1), kam.each(function(line) lines[#lines + 1] = short(line) or nil end) },
      kam.main(function(self)
        self:sleep(2.5)
        self:addChildren(kam.Pipeline { kam.PeriodicTick { 1, count = 2 }, kam.NullSink() })
        self:sleep(9)
      end))
    local text = table.concat(lines, "\n")
    kit.has(text, 'ADD NODE "Introspector', 'ADD NODE "PeriodicTick', 'DEL NODE "PeriodicTick')
    assert.truthy(text:find("ADD NODE \"PeriodicTick", 1, true) < text:find("DEL NODE \"PeriodicTick", 1, true))
    kit.settled()
  end)
end)
