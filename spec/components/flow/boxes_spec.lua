-- The components of components/flow with several inboxes or outboxes.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- Runs a component between sources, by inbox, and collectors, by outbox: what
-- came to each.
local function run(c, sources, ...)
  local parts, got = { C = c, linkages = {} }, {}
  for _, box in ipairs(sources) do
    parts["IN" .. box.name] = box.from or kam.DataSource { items = box }
    table.insert(parts.linkages, ("IN%s -> C.%s"):format(box.name, box.name))
  end
  for _, name in ipairs { ... } do
    got[name] = {}
    parts["OUT" .. name] = kit.into(got[name])
    table.insert(parts.linkages, ("C.%s -> OUT%s"):format(name, name))
  end
  kit.runs(kam.Graphline(parts))
  return got
end

describe("Comparator", function()
  local function compare(a, b)
    a.name, b.name = "inA", "inB"
    return run(kam.Comparator(), { a, b }, "outbox").outbox
  end

  it("compares pairs", function() assert.same({ true, false }, compare({ 1, 2 }, { 1.0, 3 })) end)

  it("compares tables by what is in them", function()
    assert.same({ true, false, false }, compare({ { 1, { 2 } }, { 1 }, { x = 1 } },
      { { 1, { 2 } }, { 1, 2 }, { x = 1, y = 2 } }))
  end)

  it("does not go round for ever in tables that lead to themselves", function()
    local a, b = {}, {}
    a.a, b.a = a, b
    assert.same({ true }, compare({ a }, { b }))
  end)

  it("says false for each that has no partner", function()
    assert.same({ true, false, false }, compare({ 1 }, { 1, 2, 3 }))
    assert.same({ true, false, false }, compare({ 1, 2, 3 }, { 1 }))
    assert.same({ false }, compare({}, { false }))
  end)
end)

describe("Merge", function()
  it("takes turns", function()
    assert.same({ 1, 3, 2 }, run(kam.Merge { "a", "b" }, { { name = "a", 1, 2 }, { name = "b", 3 } },
      "outbox").outbox)
  end)

  it("prefers those that come first in its list, if asked", function()
    local h <close> = kam.handle(kam.Merge { "high", "low", order = "priority" })
    for i = 1, 3 do h:put("low" .. i, "low") end
    for i = 1, 3 do h:put("high" .. i, "high") end
    local got = {}
    for i = 1, 6 do got[i] = h:get() end
    assert.same({ "high1", "high2", "high3", "low1", "low2", "low3" }, got)
  end)

  it("says where a message came from, if asked", function()
    assert.same({ { "a", 1 }, { "b", false } }, run(kam.Merge { "a", "b", tagged = true },
      { { name = "a", 1 }, { name = "b", false } }, "outbox").outbox)
  end)

  it("ends when all have ended", function()
    assert.same({ 1, 1, 2, 3 }, run(kam.Merge { "a", "b" },
      { { name = "a", 1 }, { name = "b", from = kam.PeriodicTick { 1, count = 3 } } }, "outbox").outbox)
  end)

  it("refuses names that cannot be inboxes of its own", function()
    kit.has(kit.refused(kam.Merge, { "a", "a" }), "inbox a twice")
    kit.has(kit.refused(kam.Merge, { names = {} }), "needs the names")
    kit.has(kit.refused(kam.Merge, { "control" }), "inbox control twice")
  end)
end)

describe("Zip", function()
  it("makes lists of one each", function()
    assert.same({ { 1, false, "x" }, { 2, true, "y" } }, run(kam.Zip { "a", "b", "c" },
      { { name = "a", 1, 2 }, { name = "b", false, true }, { name = "c", "x", "y" } }, "outbox").outbox)
  end)

  it("ends with the shortest, and ends the others", function()
    assert.same({ { 1, 1 } }, run(kam.Zip { "a", "b" },
      { { name = "a", 1 }, { name = "b", from = kam.Sequence() } }, "outbox").outbox)
    assert.same({}, run(kam.Zip { "a", "b" }, { { name = "a", from = kam.Sequence() }, { name = "b" } },
      "outbox").outbox)
  end)

  it("fills in what is missing, if told with what", function()
    assert.same({ { 1, 4 }, { "-", 5 } }, run(kam.Zip { "a", "b", pad = "-" },
      { { name = "a", 1 }, { name = "b", 4, 5 } }, "outbox").outbox)
  end)
end)

describe("Route", function()
  local function kind(msg) return type(msg) == "number" and "number" or type(msg) == "table" and "table" end

  it("sends where the function says", function()
    assert.same({ outbox = { "a" }, number = { 1, 2 }, table = { {} } }, run(
      kam.Route { "number", "table", by = kind }, { { name = "inbox", 1, "a", {}, 2 } },
      "outbox", "number", "table"))
  end)

  it("says a name that is no outbox", function()
    for _, name in ipairs { "nmuber", "signal" } do
      kit.has(kit.refused(kam.try, kam.Route { "number", by = function() return name end }, { 1 }), name,
        "none of its outboxes")
    end
  end)
end)

describe("Balance", function()
  it("takes turns", function()
    assert.same({ a = { 1, 3 }, b = { 2, 4 } }, run(kam.Balance { "a", "b" },
      { { name = "inbox", 1, 2, 3, 4 } }, "a", "b"))
  end)

  -- Shares 1 to n out to a fast one and one that takes none for a while.
  local function share(n, strict)
    local fast, slow = {}, {}
    kit.runs(kam.Graphline {
      SRC = kit.count(n), C = kam.Balance { "slow", "fast", strict = strict },
      SLOW = kam.main(function(self)
        self:sleep(1)
        for msg in self:messages() do slow[#slow + 1] = msg end
      end),
      FAST = kit.into(fast),
      linkages = { "SRC -> C", { "C.slow -> SLOW", limit = 2 }, { "C.fast -> FAST", limit = 2 } },
    })
    return fast, slow
  end

  it("gives a slow one less", function()
    local fast, slow = share(100, false)
    assert.equal(100, #fast + #slow)
    assert.is_true(#slow < #fast)
  end)

  it("waits for whose turn it is, if strict", function()
    local fast, slow = share(100, true)
    assert.same({ 50, 50 }, { #fast, #slow })
  end)

  it("gives the share of one that has ended to the others", function()
    local got = {}
    kit.runs(kam.Graphline {
      SRC = kit.count(100), C = kam.Balance { "a", "b" }, ONE = kam.FirstOnly(), OUT = kit.into(got),
      linkages = { "SRC -> C", { "C.a -> ONE", limit = 1 }, "ONE -> null", { "C.b -> OUT", limit = 1 } },
    })
    assert.is_true(#got >= 98)
  end)
end)

describe("Tee", function()
  it("sends the same to both", function()
    assert.same({ outbox = { 1, false }, copy = { 1, false } }, run(kam.Tee(), { { name = "inbox", 1, false } },
      "outbox", "copy"))
  end)

  it("goes on for one when the other has ended", function()
    local got = {}
    kit.runs(kam.Graphline {
      SRC = kit.count(1000), C = kam.Tee(), ONE = kam.FirstOnly(), OUT = kit.into(got),
      linkages = { "SRC -> C -> OUT", "C.copy -> ONE -> null" },
    })
    assert.equal(1000, #got)
  end)
end)

describe("PromptedTurnstile", function()
  it("sends one for each prompt", function()
    local h <close> = kam.handle(kam.PromptedTurnstile())
    h:put "a"
    h:put "b"
    assert.is_nil(h:get("outbox", 1))
    h:put("go", "next")
    assert.equal("a", h:get("outbox", 1))
    assert.is_nil(h:get("outbox", 1))
  end)

  it("remembers a prompt that comes too early", function()
    local h <close> = kam.handle(kam.PromptedTurnstile())
    h:put(false, "next")
    h:put "a"
    assert.equal("a", h:get("outbox", 1))
  end)

  it("ends with the last message, though more prompts may come", function()
    assert.same({ 1, 2 }, run(kam.PromptedTurnstile(),
      { { name = "inbox", 1, 2 }, { name = "next", from = kam.PeriodicTick(1) } }, "outbox").outbox)
  end)

  it("ends when no more prompts can come", function()
    assert.same({ 1, 2 }, run(kam.PromptedTurnstile(),
      { { name = "inbox", from = kam.Sequence() }, { name = "next", "a", "b" } }, "outbox").outbox)
  end)
end)
