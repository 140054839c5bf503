-- The sources of components/flow: what they send, and when they stop.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- The first n messages of a source, in a Pipeline that ends it.
local function first(n, source)
  local got = {}
  kit.runs(kam.Pipeline { source, kam.Take(n), kit.into(got) })
  return got
end

-- All messages of a source.
local function all(source)
  local got = {}
  kit.runs(kam.Pipeline { source, kit.into(got) })
  return got
end

describe("Sequence", function()
  it("counts from 1 without end", function()
    assert.same({ 1, 2, 3 }, first(3, kam.Sequence()))
    assert.same(1000, #first(1000, kam.Sequence()))
  end)

  it("counts to its end, up or down", function()
    assert.same({ 2, 4, 6 }, all(kam.Sequence { 2, 7, 2 }))
    assert.same({ 3, 2, 1 }, all(kam.Sequence { 3, 1, -1 }))
  end)

  it("sends nothing when the end lies behind the start", function()
    assert.same({}, all(kam.Sequence { 3, 1 }))
  end)

  it("does not add up errors of fractions", function()
    local got = all(kam.Sequence { from = 0, to = 1000, step = 0.1 })
    assert.equal(10001, #got)
    assert.equal(1000.0, got[10001])
  end)

  it("keeps whole numbers whole", function()
    assert.equal("integer", math.type(all(kam.Sequence { 1, 1 })[1]))
  end)

  it("refuses a step of 0", function()
    kit.has(kit.refused(kam.Sequence, { step = 0 }), "step of 0")
  end)
end)

describe("Repeat", function()
  it("sends its list so many times", function()
    assert.same({ "a", "b", "a", "b", "a", "b" }, all(kam.Repeat { "a", "b", times = 3 }))
  end)

  it("sends it without end, until nobody takes more", function()
    assert.same({ "a", "b", "a", "b", "a" }, first(5, kam.Repeat { "a", "b" }))
  end)

  it("sends false, too", function()
    assert.same({ false, true }, all(kam.Repeat { false, true, times = 1 }))
  end)

  it("refuses an empty list", function()
    kit.has(kit.refused(kam.Repeat, {}), "not empty")
    kit.has(kit.refused(kam.Repeat, { items = {} }), "not empty")
  end)
end)

describe("RandomSource", function()
  it("sends whole numbers from its range, both ends included", function()
    local seen = {}
    for _, n in ipairs(all(kam.RandomSource { from = 1, to = 3, count = 200 })) do seen[n] = true end
    assert.same({ true, true, true }, seen)
  end)

  it("sends fractions from its range", function()
    for _, x in ipairs(all(kam.RandomSource { from = -1, to = 1.5, whole = false, count = 200 })) do
      assert.equal("float", math.type(x))
      assert.is_true(x >= -1 and x < 1.5)
    end
  end)

  it("picks from a list", function()
    local seen = {}
    for _, item in ipairs(all(kam.RandomSource { "a", "b", count = 100 })) do seen[item] = true end
    assert.same({ a = true, b = true }, seen)
  end)

  it("goes on without end, until nobody takes more", function()
    assert.equal(500, #first(500, kam.RandomSource()))
  end)

  it("sends the same again after the same seed", function()
    math.randomseed(7)
    local one = all(kam.RandomSource { count = 20 })
    math.randomseed(7)
    assert.same(one, all(kam.RandomSource { count = 20 }))
  end)

  it("refuses a range with nothing in it, fractions for whole numbers, and an empty list", function()
    kit.has(kit.refused(kam.RandomSource, { from = 3, to = 2 }), "nothing from 3 to 2")
    kit.has(kit.refused(kam.RandomSource, { from = 0.5 }), "whole = false")
    kit.has(kit.refused(kam.RandomSource, { items = {} }), "not empty")
  end)
end)

describe("Chargen", function()
  it("sends the lines of RFC 864, without their ends", function()
    local got = first(96, kam.Chargen())
    assert.equal(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefg", got[1])
    assert.equal("!", got[2]:sub(1, 1))
    for _, line in ipairs(got) do assert.equal(72, #line) end
    assert.equal("~ ", got[95]:sub(1, 2))
    assert.equal(got[1], got[96])
  end)

  it("sends a text of one's own", function()
    assert.same({ "x", "x" }, first(2, kam.Chargen "x"))
  end)
end)

describe("TriggeredSource", function()
  it("sends its message for each trigger", function()
    assert.same({ "m", "m" }, kam.try(kam.TriggeredSource "m", { 1, false }))
  end)

  it("sends false, and nothing without a trigger", function()
    assert.same({ false }, kam.try(kam.TriggeredSource { msg = false }, { 1 }))
    assert.same({}, kam.try(kam.TriggeredSource "m", {}))
  end)
end)

describe("TriggeredOneShot", function()
  it("sends its message once, and ends", function()
    local got = {}
    kit.runs(kam.Pipeline { kam.PeriodicTick(1), kam.TriggeredOneShot "m", kit.into(got) })
    assert.same({ "m" }, got)
  end)

  it("sends nothing when nothing comes", function()
    assert.same({}, kam.try(kam.TriggeredOneShot "m", {}))
  end)
end)

describe("Chooser", function()
  it("sends the first item, and then what it is asked for", function()
    assert.same({ "a", "b", "c", "b", "b", "a", "c" }, kam.try(kam.Chooser { items = { "a", "b", "c" } },
      { "NEXT", "NEXT", "PREV", "SAME", "FIRST", "LAST" }))
  end)

  it("ends when it is asked for more after the last", function()
    local got = {}
    kit.runs(kam.Pipeline { kam.Repeat { "NEXT" }, kam.Chooser { items = { "a", "b" } }, kit.into(got) })
    assert.same({ "a", "b" }, got)
  end)

  it("passes over PREV at the first", function()
    assert.same({ "a", "b" }, kam.try(kam.Chooser { items = { "a", "b" } }, { "PREV", "NEXT" }))
  end)

  it("goes round in both directions", function()
    assert.same({ "a", "c", "a", "b", "c", "a" }, kam.try(
      kam.Chooser { items = { "a", "b", "c" }, loop = true }, { "PREV", "NEXT", "NEXT", "NEXT", "NEXT" }))
  end)

  it("goes round a list of one", function()
    assert.same({ 1, 1, 1 }, kam.try(kam.Chooser { items = { 1 }, loop = true }, { "PREV", "NEXT" }))
  end)

  it("ends at once with an empty list", function()
    assert.same({}, kam.try(kam.Chooser { items = {} }, { "NEXT" }))
  end)

  it("takes only the array part of arg", function()
    assert.same({ "x", "y" }, kam.try(kam.Chooser { items = { [0] = "script", [-1] = "kam", "x", "y" } },
      { "NEXT" }))
  end)

  it("asks an iterator for more, and ends with it", function()
    local n = 0
    local function count()
      n = n + 1
      if n <= 3 then return n end
    end
    assert.same({ 1, 1, 2, 3 }, kam.try(kam.Chooser { items = count }, { "SAME", "NEXT", "NEXT", "NEXT" }))
  end)

  it("refuses what it cannot do", function()
    kit.has(kit.refused(kam.try, kam.Chooser { items = { 1 } }, { "UP" }), "NEXT, PREV", "not UP")
    kit.has(kit.refused(kam.try, kam.Chooser { items = function() return 1 end }, { "PREV" }), "iterator")
    kit.has(kit.refused(kam.Chooser, { items = 3 }), "a list or an iterator")
    kit.has(kit.refused(kam.Chooser, { items = print, loop = true }), "cannot loop")
  end)
end)
