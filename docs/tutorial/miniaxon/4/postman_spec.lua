-- The spec of MiniAxon's step 4: kam test docs/tutorial/miniaxon/4
local Component = require "docs.tutorial.miniaxon.solutions.component"
local Scheduler = require "docs.tutorial.miniaxon.solutions.scheduler"
local step = require "docs.tutorial.miniaxon.step"

describe("a postman", function()
  local Postman = step(4, "postman")

  it("carries messages in their order", function()
    local a, b = Component.new("A", function() end), Component.new("B", function() end)
    a.boxes.outbox = { 1, 2, 3 }
    local p = Postman.new(a, "outbox", b, "inbox")
    assert.is_true(p:step())
    assert.same({ 1, 2, 3 }, b.boxes.inbox)
    assert.same({}, a.boxes.outbox)
  end)

  it("comes again", function()
    local a, b = Component.new("A", function() end), Component.new("B", function() end)
    local p = Postman.new(a, "signal", b, "control")
    p:step()
    a.boxes.signal = { "the end" }
    p:step()
    assert.same({ "the end" }, b.boxes.control)
  end)

  it("makes a system of components and a scheduler", function()
    local seen = {}
    local source = Component.new("SOURCE", function(self)
      for _, word in ipairs { "to", "be" } do
        self:send(word)
        coroutine.yield()
      end
    end)
    local sink = Component.new("SINK", function(self)
      while #seen < 2 do
        while self:dataReady() do seen[#seen + 1] = self:recv() end
        coroutine.yield()
      end
    end)
    local scheduler = Scheduler.new()
    for _, p in ipairs { sink, Postman.new(source, "outbox", sink, "inbox"), source } do
      scheduler:activate(p)
    end
    scheduler:run(10)
    assert.same({ "to", "be" }, seen)
  end)
end)
