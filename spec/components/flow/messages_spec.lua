-- The components of components/flow that pass on, drop, count or change messages.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- What comes out of c for these messages.
local function gives(wanted, c, messages)
  assert.same(wanted, kam.try(c, messages))
end

-- c fails when given these messages, with these texts.
local function fails(c, messages, ...)
  kit.has(kit.refused(kam.try, c, messages), ...)
end

describe("FirstOnly", function()
  it("sends the first, and ends those before it", function()
    local got = {}
    kit.runs(kam.Pipeline { kam.Sequence(), kam.FirstOnly(), kit.into(got) })
    assert.same({ 1 }, got)
  end)

  it("sends a false, and nothing of nothing", function()
    gives({ false }, kam.FirstOnly(), { false, 1 })
    gives({}, kam.FirstOnly(), {})
  end)
end)

describe("Take", function()
  it("sends so many, or what there is", function()
    gives({ 1, 2 }, kam.Take(2), { 1, 2, 3 })
    gives({ 1 }, kam.Take(2), { 1 })
  end)

  it("may take none", function()
    local got = {}
    kit.runs(kam.Pipeline { kam.Sequence(), kam.Take(0), kit.into(got) })
    assert.same({}, got)
  end)

  it("refuses fewer than none", function()
    kit.has(kit.refused(kam.Take, -1), "n")
    kit.has(kit.refused(kam.Take), "n")
  end)
end)

describe("Skip", function()
  it("drops the first", function()
    gives({ 3, 4 }, kam.Skip(2), { 1, 2, 3, 4 })
    gives({}, kam.Skip(2), { 1 })
    gives({ 1 }, kam.Skip(0), { 1 })
  end)
end)

describe("Count", function()
  it("sends how many came, also if none did", function()
    gives({ 3 }, kam.Count(), { "a", false, {} })
    gives({ 0 }, kam.Count(), {})
  end)

  it("sends the number every so often, and once more if it has changed", function()
    gives({ 2, 4, 5 }, kam.Count { every = 2 }, { 1, 2, 3, 4, 5 })
    gives({ 2, 4 }, kam.Count { every = 2 }, { 1, 2, 3, 4 })
    gives({ 0 }, kam.Count { every = 2 }, {})
  end)
end)

describe("Max, Min and Sum", function()
  it("send one value for each list", function()
    gives({ 3, "b", -1 }, kam.Max(), { { 1, 3, 2 }, { "a", "b" }, { -1 } })
    gives({ 1, "a", -1 }, kam.Min(), { { 1, 3, 2 }, { "a", "b" }, { -1 } })
    gives({ 6, 0, 1.5 }, kam.Sum(), { { 1, 3, 2 }, {}, { 1.5 } })
  end)

  it("say which message they could not do", function()
    fails(kam.Max(), { { 1 }, {} }, "message 2 has no items")
    fails(kam.Min(), { { 1, "a" } }, "message 1 holds a number and a string")
    fails(kam.Sum(), { { 1, "a" } }, "item 2 of message 1 is a")
  end)

  it("refuse what is no list at the sender", function()
    kit.has(kit.refused(kam.try, kam.Max(), { 5 }), "a kind that the box does not take")
  end)
end)

describe("Fold", function()
  local function add(a, b) return a + b end

  it("joins all into one", function()
    gives({ 10 }, kam.Fold(add), { 1, 2, 3, 4 })
    gives({ 110 }, kam.Fold { add, from = 100 }, { 1, 2, 3, 4 })
  end)

  it("sends each value on the way, if asked", function()
    gives({ 1, 3, 6 }, kam.Fold { add, each = true }, { 1, 2, 3 })
  end)

  it("sends what it began with, or nothing, when nothing comes", function()
    gives({ 0 }, kam.Fold { add, from = 0 }, {})
    gives({}, kam.Fold(add), {})
  end)

  it("takes nil for a return forgotten", function()
    fails(kam.Fold(function() end), { 1, 2 }, "nothing for message 2")
  end)
end)

describe("UnseenOnly", function()
  it("sends each once", function()
    local t = {}
    gives({ 1, "1", t, false }, kam.UnseenOnly(), { 1, "1", t, 1.0, t, false, "1", false })
  end)

  it("remembers as many as it may", function()
    gives({ 1, 2, 3, 1, 2 }, kam.UnseenOnly(2), { 1, 2, 1, 3, 1, 3, 2 })
  end)

  it("compares what a function gives", function()
    gives({ "a", "B" }, kam.UnseenOnly { by = string.lower }, { "a", "A", "B", "b" })
  end)

  it("sends what equals nothing each time", function()
    assert.equal(2, #kam.try(kam.UnseenOnly(), { 0 / 0, 0 / 0 }))
  end)

  it("needs no more memory than it may have", function()
    local function used(n)
      collectgarbage()
      local before = collectgarbage "count"
      local h <close> = kam.handle(kam.Pipeline { kam.Sequence { to = n }, kam.UnseenOnly(10), kam.NullSink() })
      h:get("signal", 60)
      collectgarbage()
      return collectgarbage "count" - before
    end
    used(100)
    assert.is_true(used(20000) < used(1000) + 50)
  end)
end)

describe("Unique", function()
  it("drops what is like the one before", function()
    gives({ 1, 2, 1, false, true }, kam.Unique(), { 1, 1, 2, 1, 1.0, false, false, true })
  end)

  it("compares what a function gives, nil as well", function()
    gives({ "a", "B" }, kam.Unique { by = string.lower }, { "a", "A", "B" })
    gives({ 1 }, kam.Unique { by = function() end }, { 1, 2 })
  end)
end)

describe("TagWithSequenceNumber", function()
  it("numbers from 0, or from another number", function()
    gives({ { 0, "a" }, { 1, "b" } }, kam.TagWithSequenceNumber(), { "a", "b" })
    gives({ { 5, "a" } }, kam.TagWithSequenceNumber(5), { "a" })
    gives({ { 2, "a" }, { 0, "b" } }, kam.TagWithSequenceNumber { 5, modulus = 3 }, { "a", "b" })
  end)
end)

describe("ChunkNamer", function()
  it("names each chunk", function()
    gives({ { "x1.bin", "a" }, { "x2.bin", "b" } }, kam.ChunkNamer { "x", ".bin" }, { "a", "b" })
  end)

  it("takes a percent sign for one", function()
    gives({ { "100%d01", "a" } }, kam.ChunkNamer { "100%d", digits = 2 }, { "a" })
  end)
end)

describe("SimpleDetupler", function()
  it("sends an item by place or key", function()
    gives({ 2, 4 }, kam.SimpleDetupler(2), { { 1, 2 }, { 3, 4 } })
    gives({ false }, kam.SimpleDetupler "x", { { x = false } })
  end)

  it("says which message lacks it", function()
    fails(kam.SimpleDetupler(3), { { 1, 2, 3 }, { 1 } }, "message 2 has no item 3")
  end)
end)

describe("Filter", function()
  it("sends what the object gives, false too, but not nil", function()
    local object = { sum = 0 }
    function object:filter(n)
      self.sum = self.sum + n
      if n == 0 then return false end
      if n > 1 then return self.sum end
    end
    gives({ 3, false }, kam.Filter { filter = object }, { 1, 2, 0 })
  end)

  it("finds an inherited method", function()
    local Class = {}
    Class.__index = Class
    function Class.filter(_, msg) return msg end
    gives({ 1 }, kam.Filter { filter = setmetatable({}, Class) }, { 1 })
  end)

  it("refuses what has no method filter", function()
    kit.has(kit.refused(kam.Filter, { filter = {} }), "method filter")
    kit.has(kit.refused(kam.Filter, { filter = print }), "table")
  end)
end)

describe("LossyConnector", function()
  it("drops what finds no room, and goes on", function()
    local got = {}
    kit.runs(kam.Graphline {
      SRC = kit.count(10), LOSSY = kam.LossyConnector(),
      OUT = kam.main(function(self)
        self:sleep(1)
        for n in self:messages() do got[#got + 1] = n end
      end),
      linkages = { "SRC -> LOSSY", { "LOSSY -> OUT", limit = 3 } },
    })
    assert.same({ 1, 2, 3 }, got)
  end)
end)

describe("PureTransformer", function()
  it("sends what a function gives, but for nil", function()
    gives({ 2, false }, kam.PureTransformer(function(n)
      if n == 1 then return 2 end
      if n == 2 then return false end
    end), { 1, 2, 3 })
  end)

  it("sends the first value only", function()
    gives({ "b" }, kam.PureTransformer(function(s) return s:gsub("a", "b") end), { "a" })
  end)
end)

describe("SequentialTransformer", function()
  it("calls one after the other", function()
    gives({ 4 }, kam.SequentialTransformer { tonumber, function(n) return n * 2 end }, { "2" })
  end)

  it("drops at the first nil", function()
    local called = false
    gives({}, kam.SequentialTransformer { function() end, function() called = true end }, { 1 })
    assert.is_false(called)
  end)

  it("passes on if it has no functions", function()
    gives({ 1 }, kam.SequentialTransformer { functions = {} }, { 1 })
  end)

  it("refuses what is no function", function()
    kit.has(kit.refused(kam.SequentialTransformer, { tostring, "x" }), "number 2 is x")
  end)
end)

describe("RangeFilter", function()
  it("sends what lies in a range, the bounds included", function()
    gives({ 1, 2, { 5, "x" } }, kam.RangeFilter { { 1, 2 }, { 5, 5 } }, { 0, 1, 2, 3, { 5, "x" }, { 6 } })
  end)

  it("says what it cannot compare", function()
    fails(kam.RangeFilter { { 1, 2 } }, { 1, "a" }, "message 2")
    kit.has(kit.refused(kam.RangeFilter, { { 1, 2 }, { 1 } }), "number 2")
  end)
end)

describe("Stringify", function()
  it("makes text of everything", function()
    local object = setmetatable({}, { __tostring = function() return "object" end })
    gives({ "a", "1", "true", "{ 1 }", "object" }, kam.Stringify(), { "a", 1, true, { 1 }, object })
  end)
end)

describe("Sync", function()
  it("sends the last of every so many, or the first", function()
    gives({ 2, 4 }, kam.Sync(), { 1, 2, 3, 4, 5 })
    gives({ 1, 3, 5 }, kam.Sync { 2, which = "first" }, { 1, 2, 3, 4, 5 })
    gives({ 1, 2 }, kam.Sync { 1, which = "first" }, { 1, 2 })
    gives({ 1, 2 }, kam.Sync(1), { 1, 2 })
  end)
end)

describe("TestResult", function()
  local function test(list) return kit.run(kam.Pipeline { kam.DataSource { items = list }, kam.TestResult() }) end

  it("fails at a result that is false", function()
    local ok, why, text = test { true, 1, false }
    assert.same({ nil, "failed" }, { ok, why.kind })
    kit.has(text, "result 3 is false")
    kit.has(select(3, test { kam.null }), "result 1")
  end)

  it("says nothing of true ones", function() assert.is_true((test { true, 0, "" })) end)
end)

describe("OneShot", function()
  it("sends false, too", function() gives({ false }, kam.OneShot { msg = false }) end)
end)

describe("Collate", function()
  it("sends a list, also of nothing", function()
    gives({ { 1, 2 } }, kam.Collate(), { 1, 2 })
    gives({ {} }, kam.Collate(), {})
  end)

  it("sends what it has when told to end now", function()
    local h <close> = kam.handle(kam.Collate())
    h:put(1)
    assert.is_nil(h:get("outbox", 1))
    h:stop()
    assert.same({ 1 }, h:get())
  end)
end)
