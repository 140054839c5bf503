-- A unit test of a component: kam.try for what comes out, a handle for one step at
-- a time. Under `kam test` waiting costs no time.
local kam = require "kam"
local Shout = require "docs.tutorial.shout"

describe("Shout", function()
  it("puts text in capitals", function()
    assert.same({ "HI!!" }, kam.try(Shout { marks = 2 }, { "hi" }))
  end)

  it("passes the end on", function()
    local h <close> = kam.handle(Shout())
    h:put "hi"
    assert.equal("HI!", h:get())
    h:finish()
    assert.equal("producerFinished", kam.isShutdown(h:get "signal"))
  end)
end)

describe("PeriodicTick", function()
  it("waits a second, which costs none", function()
    local h <close> = kam.handle(kam.PeriodicTick(1))
    assert.is_nil(h:get("outbox", 0.9))
    assert.truthy(h:get("outbox", 0.2))
  end)
end)
