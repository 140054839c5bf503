-- Components from ordinary code: C7 of the design.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"

local function add_one() return kam.map(function(x) return x + 1 end) end

after_each(kit.settled)

describe("a handle", function()
  it("puts messages into a component and gets what comes out", function()
    local h <close> = kam.handle(add_one())
    assert.is_true(h:put(1))
    assert.is_true(h:put(2))
    assert.same({ 2, 3 }, { h:get(), (h:get()) })
  end)

  it("may be left in the middle of its messages", function()
    local got = {}
    do
      local h <close> = kam.handle(kam.Pipeline { kam.DataSource { "Sun", "Cat", "Rain" }, kam.PassThrough() })
      for headline in h:messages() do
        got[#got + 1] = headline
        if headline:find "Cat" then break end
      end
    end
    assert.same({ "Sun", "Cat" }, got)
    kit.runs(kam.main(function() end))
  end)

  it("gets one value", function()
    local h <close> = kam.handle(add_one())
    h:put(1)
    assert.same({ 2, n = 1 }, table.pack(h:get()))
  end)

  it("moves the system only inside its calls", function()
    local ran = false
    local h <close> = kam.handle(kam.main(function() ran = true end))
    assert.is_false(ran)
    h:get()
    assert.is_true(ran)
  end)

  it("puts into the box that is named, and gets from the box that is named", function()
    local Swap = kam.component "Swap" {
      inboxes = { left = "one", right = "other" }, outboxes = { a = "of right", b = "of left" },
      main = function(self)
        for box, m in self:messagesAny() do self:send(m, box == "left" and "b" or "a") end
      end,
    }
    local h <close> = kam.handle(Swap())
    h:put("l", "left")
    h:put("r", "right")
    assert.same({ "r", "l" }, { h:get "a", (h:get "b") })
  end)

  it("refuses a box that is not there", function()
    local h <close> = kam.handle(add_one())
    kit.has(kit.refused(h.put, h, 1, "inbx"), "E0217", '"inbx"')
    kit.has(kit.refused(h.get, h, "outbx"), "E0218", '"outbx"')
  end)

  it("puts and gets any value but nil", function()
    local h <close> = kam.handle(kam.PassThrough())
    local t = {}
    for _, v in ipairs { false, 1, 1.5, "s", t } do h:put(v) end
    assert.is_false((h:get()))
    assert.same({ 1, 1.5, "s" }, { h:get(), h:get(), (h:get()) })
    assert.is_true(rawequal(t, (h:get())))
    kit.has(kit.refused(h.put, h, nil), "E0301")
  end)

  it("waits at most so many seconds, which cost none on the virtual clock", function()
    local h <close> = kam.handle(kam.PeriodicTick(1))
    assert.same({ nil, "timeout", n = 2 }, table.pack(h:get("outbox", 0.9)))
    assert.equal(1, (h:get("outbox", 0.2)))
    assert.same({ nil, "timeout", n = 2 }, table.pack(h:get("outbox", 0)))
  end)

  it("gives nil and ended when the component has", function()
    local h <close> = kam.handle(kam.DataSource { 1 })
    assert.equal(1, h:get())
    assert.same({ nil, "ended", n = 2 }, table.pack(h:get()))
    assert.same({ nil, "ended", n = 2 }, table.pack(h:get()))
  end)

  it("gives nil and stalled when nothing will come before something is put", function()
    local h <close> = kam.handle(add_one())
    assert.same({ nil, "stalled", n = 2 }, table.pack(h:get()))
    h:put(1)
    assert.equal(2, h:get())
  end)

  it("gives nil, failed and what has failed", function()
    local h <close> = kam.handle(kam.Pipeline { kam.map(function() error "on purpose" end) })
    local text, got, why, report = kit.said(function()
      h:put(1)
      return h:get()
    end)
    assert.same({ nil, "failed" }, { got, why })
    kit.has(report, "map", "failed", "on purpose")
    kit.has(text, "E0400", "on purpose")
  end)

  it("gives each message of a box until the end", function()
    local h <close> = kam.handle(add_one())
    for i = 1, 3 do h:put(i) end
    h:finish()
    local got = {}
    for m in h:messages() do got[#got + 1] = m end
    assert.same({ 2, 3, 4 }, got)
  end)

  it("goes over false in its messages", function()
    local h <close> = kam.handle(kam.DataSource { false, 1 })
    local got = {}
    for m in h:messages() do got[#got + 1] = m end
    assert.same({ false, 1 }, got)
  end)

  it("is a feeder until finish", function()
    local why
    local h <close> = kam.handle(kam.main(function(self) why = select(2, self:recv("inbox", 5)) end))
    h:get()
    assert.equal("timeout", why)
    local g <close> = kam.handle(kam.main(function(self) why = select(2, self:recv("inbox", 5)) end))
    g:finish()
    g:get()
    assert.equal("ended", why)
  end)

  it("takes nothing more after finish", function()
    local h <close> = kam.handle(kam.PassThrough())
    h:finish()
    assert.same({ false, "finished", n = 2 }, table.pack(h:put(1)))
    h:get()
  end)

  it("passes producerFinished on in signal", function()
    local h <close> = kam.handle(add_one())
    h:put(1)
    assert.equal(2, h:get())
    h:finish()
    assert.equal("producerFinished", kam.isShutdown(h:get "signal"))
  end)

  it("tells the component to end now by stop", function()
    local told
    local h <close> = kam.handle(kam.main(function(self)
      self:sleep(100)
      told = self:told()
    end))
    h:get("outbox", 1)
    h:stop()
    h:get()
    assert.equal("shutdownMicroprocess", told)
  end)

  it("waits while the box is full", function()
    local h <close> = kam.handle(kam.component "Small" {
      inboxes = { inbox = { "one", limit = 1 } },
      main = function(self)
        self:sleep(1)
        for m in self:messages() do self:send(m) end
      end,
    }())
    for i = 1, 5 do assert.is_true(h:put(i)) end
    h:finish()
    local got = {}
    for m in h:messages() do got[#got + 1] = m end
    assert.same({ 1, 2, 3, 4, 5 }, got)
  end)

  it("says so when nobody will ever make room", function()
    local h <close> = kam.handle(kam.component "Deaf" {
      inboxes = { inbox = { "one", limit = 1 } },
      main = function(self) self:recv "control" end,
    }())
    assert.is_true(h:put(1))
    assert.same({ false, "stalled", n = 2 }, table.pack(h:put(2)))
  end)

  it("says so when the receiver has ended", function()
    local h <close> = kam.handle(kam.main(function(self) self:recv() end))
    h:put(1)
    h:get()
    assert.same({ false, "receiverGone", n = 2 }, table.pack(h:put(2)))
  end)

  it("ends the component at the end of its block", function()
    local c, told
    do
      c = kam.main(function(self)
        self:sleep(100)
        told = self:told()
      end)
      local h <close> = kam.handle(c)
      h:get("outbox", 1)
    end
    assert.equal("shutdownMicroprocess", told)
    assert.equal("ended", core.state(c))
  end)

  it("is refused when it is closed", function()
    local h = kam.handle(add_one())
    h:close()
    kit.has(kit.refused(h.put, h, 1), "E0216", "this handle is closed")
    kit.has(kit.refused(h.get, h), "E0216")
    h:close()
  end)

  it("is refused inside a component", function()
    local _, _, text = kit.run(kam.main(function() kam.handle(add_one()) end))
    kit.has(text, "E0215", "a handle is for ordinary code", "recv")
    local h <close> = kam.handle(add_one())
    local ok
    text = kit.said(function() ok = kam.run(kam.main(function() h:put(1) end)) end)
    assert.is_nil(ok)
    kit.has(text, "E0215")
  end)

  it("needs a component", function()
    kit.has(kit.refused(kam.handle, 5), "E0211", "got the number 5")
    kit.has(kit.refused(kam.handle, kam.PassThrough), "E0211")
  end)

  it("may live beside another", function()
    local a <close> = kam.handle(add_one())
    local b <close> = kam.handle(add_one())
    a:put(1)
    b:put(10)
    assert.same({ 11, 2 }, { b:get(), (a:get()) })
  end)

  it("leaves nothing that the next run would tell of", function()
    do
      local h <close> = kam.handle(add_one())
      h:put(1)
      h:put(2)
      h:get()
    end
    kit.runs(kam.main(function() end))
  end)
end)

describe("kam.try", function()
  it("gives what came out", function()
    assert.same({ 2, 3 }, kam.try(add_one(), { 1, 2 }))
    assert.same({}, kam.try(add_one(), {}))
    assert.same({ 5 }, kam.try(kam.OneShot(5)))
  end)

  it("takes more than a box holds", function()
    local n = 3000
    assert.same(kit.numbers(n), kam.try(kam.PassThrough(), kit.numbers(n)))
  end)

  it("of a chassis gives what its sources send, too", function()
    assert.same({ 2, 3 }, kam.try(kam.Pipeline { kam.DataSource { 1, 2 }, add_one() }))
    assert.same({ "a" }, kam.try(kam.Graphline { A = kam.OneShot "a", linkages = { "A -> self" } }))
  end)

  it("raises the failure of the component", function()
    local text, err = kit.said(function()
      return kit.refused(kam.try, kam.main(function() error "on purpose" end))
    end)
    kit.has(err, "main", "failed", "on purpose")
    assert.equal("", text)
  end)

  it("that was refused a message does not silence the next failure", function()
    pcall(kam.try, kam.Chunker(), { {} })
    local _, _, text = kit.run(kam.main(function() error "on purpose" end))
    kit.has(text, "E0400", "on purpose")
  end)

  it("stops putting when the component has ended", function()
    assert.same({ 1 }, kam.try(kam.main(function(self) self:send((self:recv())) end), { 1, 2, 3 }))
  end)

  it("costs no real time", function()
    local begun = os.time()
    assert.same({ "done" }, kam.try(kam.main(function(self)
      self:sleep(3600)
      self:send "done"
    end)))
    assert.is_true(os.time() - begun < 10)
  end)
end)
