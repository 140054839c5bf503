-- The spec of MiniAxon's step 1: kam test docs/tutorial/miniaxon/1
local step = require "docs.tutorial.miniaxon.step"

describe("a microprocess", function()
  local Microprocess = step(1, "microprocess")

  it("does nothing before its first step", function()
    local ran = false
    Microprocess.new("A", function() ran = true end)
    assert.is_false(ran)
  end)

  it("runs from one yield to the next", function()
    local said = {}
    local p = Microprocess.new("A", function()
      said[#said + 1] = "one"
      coroutine.yield()
      said[#said + 1] = "two"
    end)
    assert.is_true(p:step())
    assert.same({ "one" }, said)
    assert.is_false(p:step())
    assert.same({ "one", "two" }, said)
  end)

  it("gives itself to its main", function()
    local seen
    local p = Microprocess.new("A", function(self) seen = self.name end)
    p:step()
    assert.equal("A", seen)
  end)

  it("tells who has failed", function()
    local p = Microprocess.new("A", function() error "no milk" end)
    local ok, err = pcall(p.step, p)
    assert.is_false(ok)
    assert.truthy(err:find("A failed", 1, true) and err:find("no milk", 1, true), err)
  end)
end)
