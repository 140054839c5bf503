-- The spec of MiniAxon's step 3: kam test docs/tutorial/miniaxon/3
local step = require "docs.tutorial.miniaxon.step"

describe("a component", function()
  local Component = step(3, "component")

  it("leaves what it sends in its outbox, in order", function()
    local c = Component.new("A", function(self)
      self:send "one"
      self:send "two"
      self:send("a note", "signal")
    end)
    c:step()
    assert.same({ "one", "two" }, c.boxes.outbox)
    assert.same({ "a note" }, c.boxes.signal)
  end)

  it("knows how many messages wait", function()
    local c = Component.new("A", function() end)
    assert.is_false(c:dataReady())
    c.boxes.inbox = { "x", "y" }
    assert.equal(2, c:dataReady())
    assert.is_false(c:dataReady "control")
  end)

  it("takes the oldest first", function()
    local c = Component.new("A", function() end)
    c.boxes.inbox = { "x", "y" }
    assert.equal("x", c:recv())
    assert.equal("y", c:recv())
    assert.is_false(c:dataReady())
  end)

  it("is a microprocess", function()
    local c = Component.new("A", function(self)
      while not self:dataReady() do coroutine.yield() end
      self:send(self:recv():upper())
    end)
    assert.is_true(c:step())
    c.boxes.inbox = { "hello" }
    assert.is_false(c:step())
    assert.same({ "HELLO" }, c.boxes.outbox)
  end)
end)
