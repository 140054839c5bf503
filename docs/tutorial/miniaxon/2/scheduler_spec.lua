-- The spec of MiniAxon's step 2: kam test docs/tutorial/miniaxon/2
local Microprocess = require "docs.tutorial.miniaxon.solutions.microprocess"
local step = require "docs.tutorial.miniaxon.step"

describe("a scheduler", function()
  local Scheduler = step(2, "scheduler")
  local said, scheduler

  before_each(function() said, scheduler = {}, Scheduler.new() end)

  -- A microprocess that says its name n times.
  local function says(name, n)
    return Microprocess.new(name, function()
      for i = 1, n do
        said[#said + 1] = name .. i
        coroutine.yield()
      end
    end)
  end

  it("gives each a step in turn", function()
    scheduler:activate(says("A", 2))
    scheduler:activate(says("B", 2))
    scheduler:round()
    assert.same({ "A1", "B1" }, said)
    scheduler:round()
    assert.same({ "A1", "B1", "A2", "B2" }, said)
  end)

  it("forgets those that have finished", function()
    scheduler:activate(says("A", 1))
    scheduler:activate(says("B", 3))
    assert.is_true(scheduler:run())
    assert.same({ "A1", "B1", "B2", "B3" }, said)
    assert.same({}, scheduler.active)
  end)

  it("lets a newcomer take part from the next round on", function()
    scheduler:activate(Microprocess.new("A", function()
      scheduler:activate(says("B", 1))
    end))
    scheduler:round()
    assert.same({}, said)
    scheduler:round()
    assert.same({ "B1" }, said)
  end)

  it("stops after so many rounds, and says that some go on", function()
    scheduler:activate(says("A", 1000))
    assert.is_false(scheduler:run(10))
    assert.equal(10, #said)
  end)
end)
