-- The components of components/automata: what they send, and how often.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local function first(n, source)
  local got = {}
  kit.runs(kam.Pipeline { source, kam.Take(n), kit.into(got) })
  return got
end

describe("LoopingCounter", function()
  it("goes round", function()
    assert.same({ 0, 2, 1, 0 }, first(4, kam.LoopingCounter { 2, 3 }))
    assert.same({ 0, 2, 1, 0 }, first(4, kam.LoopingCounter { -1, 3 }))
    assert.equal(0, first(361, kam.LoopingCounter())[361])
  end)
end)

describe("BouncingFloat", function()
  it("stays between 0 and 1, and moves at the same pace", function()
    local got = first(1000, kam.BouncingFloat(0.7))
    for i, x in ipairs(got) do assert.is_true(x >= 0 and x <= 1, ("%d: %s"):format(i, x)) end
    for i = 2, 10 do assert.near(0.07, math.abs(got[i] - got[i - 1]), 1e-9) end
  end)

  it("turns round at its ends", function()
    assert.same({ 0, 0.5, 1, 0.5, 0, 0.5 }, first(6, kam.BouncingFloat(5)))
    assert.same({ 0, 1, 0 }, first(3, kam.BouncingFloat(10)))
  end)
end)

describe("CartesianPingPong", function()
  it("stays within its borders", function()
    local ball = kam.CartesianPingPong { 50, 50, 100, 70, 8, step = 7 }
    for _, at in ipairs(first(500, ball)) do
      assert.is_true(at[1] >= 8 and at[1] <= 92 and at[2] >= 8 and at[2] <= 62)
    end
  end)

  it("does not leave a rectangle smaller than its step", function()
    for _, at in ipairs(first(20, kam.CartesianPingPong { width = 3, height = 0, step = 10 })) do
      assert.is_true(at[1] >= 0 and at[1] <= 3 and at[2] == 0)
    end
  end)

  it("sends tables of their own", function()
    local got = first(2, kam.CartesianPingPong())
    assert.same({ { 0, 0 }, { 10, 10 } }, got)
  end)

  it("refuses a rectangle without room", function()
    kit.has(kit.refused(kam.CartesianPingPong, { width = 10, border = 6 }), "width of 10", "two borders")
  end)
end)

describe("ContinuousIdentity", function()
  it("sends the value, also false", function()
    assert.same({ false, false }, first(2, kam.ContinuousIdentity { value = false }))
  end)
end)

describe("an automaton", function()
  local makers = {
    LoopingCounter = kam.LoopingCounter, BouncingFloat = kam.BouncingFloat,
    CartesianPingPong = kam.CartesianPingPong,
    ContinuousIdentity = function(o) return kam.ContinuousIdentity { value = 1, seconds = o.seconds } end,
  }

  for _, name in ipairs { "BouncingFloat", "CartesianPingPong", "ContinuousIdentity", "LoopingCounter" } do
    it(("has a pace: %s"):format(name), function()
      local before = kam.now()
      first(26, makers[name] {})
      assert.near(1.0, kam.now() - before, 0.01)
    end)

    it(("may go as fast as it is taken, without spinning: %s"):format(name), function()
      local before = kam.now()
      assert.equal(1000, #first(1000, makers[name] { seconds = 0 }))
      assert.near(0, kam.now() - before, 0.01)
    end)

    it(("ends when asked to: %s"):format(name), function()
      local h <close> = kam.handle(makers[name] {})
      assert.truthy(h:get() ~= nil)
      h:stop()
      assert.equal("shutdownMicroprocess", kam.isShutdown(h:get("signal", 1)))
    end)
  end
end)
