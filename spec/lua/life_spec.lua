-- Life, end and failure: what L1 to L9 of the design promise.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"

-- A component that notes why its inbox has ended, and what it got before.
local function noting(notes, box)
  return kam.main(function(self)
    for m in self:messages() do notes[#notes + 1] = m end
    notes.why = select(2, self:recv(box))
    notes.told = self:told()
  end)
end

-- Waits on an inbox that nobody feeds until it is told; says by what.
local function patient(notes, seconds)
  return kam.main(function(self)
    self:sleep(seconds or 1000)
    notes[#notes + 1] = self:told() or "not told"
  end)
end

after_each(kit.settled)

describe("an owner (L1)", function()
  it("has ended when its main has returned and its children have ended", function()
    local ended = {}
    kit.runs(kam.main(function(self)
      local owner = self:addChildren(kam.main(function(o)
        local child = o:addChildren(kam.main(function(c)
          c:recv()
          c:sleep(5)
          ended.child = kam.now()
        end))
        o:link({ o, "outbox" }, child)
        o:send "x"
      end))
      self:addInbox "ended"
      self:watch(owner, "ended")
      self:recv "ended"
      ended.owner = kam.now()
    end))
    assert.is_true(ended.owner >= ended.child)
  end)

  it("lets its children finish what they were given", function()
    local got = {}
    kit.runs(kam.main(function(self)
      local child = kam.main(function(c)
        for m in c:messages() do
          c:sleep(1)
          got[#got + 1] = m
        end
      end)
      self:addChildren(child)
      self:link({ self, "outbox" }, child)
      for i = 1, 5 do self:send(i) end
    end))
    assert.same({ 1, 2, 3, 4, 5 }, got)
  end)

  it("tells the children that nothing feeds to end now, once its main has returned", function()
    local notes = {}
    kit.runs(kam.main(function(self)
      self:addChildren(patient(notes))
      self:sleep(1)
    end))
    assert.same({ "shutdownMicroprocess" }, notes)
  end)

  it("tells the children that wait on open inboxes producerFinished", function()
    local why
    local Service = kam.component "Service" {
      inboxes = { inbox = { "requests", open = true } },
      main = function(self) why = { select(2, self:recv()), self:told() } end,
    }
    kit.runs(kam.main(function(self)
      self:addChildren(Service())
      self:sleep(1)
    end))
    assert.same({ "told", "producerFinished" }, why)
  end)

  it("that is told to end now tells its children so", function()
    local notes = {}
    kit.runs(kam.main(function(self)
      local owner = self:addChildren(kam.main(function(o)
        o:addChildren(patient(notes))
        o:sleep(1000)
      end))
      self:sleep(1)
      owner:stop()
    end))
    assert.same({ "shutdownMicroprocess" }, notes)
  end)

  it("that has failed tells its children to end now", function()
    local notes = {}
    local ok = kit.run(kam.main(function(self)
      self:addChildren(patient(notes))
      self:sleep(1)
      error "on purpose"
    end))
    assert.is_nil(ok)
    assert.same({ "shutdownMicroprocess" }, notes)
  end)

  it("ends what it has that never ran", function()
    local ran = false
    local chassis = kam.Pipeline { kam.main(function() ran = true end) }
    chassis:stop()
    kit.runs(kam.main(function() end))
    assert.is_false(ran)
    assert.equal("ended", core.state(chassis))
  end)

  it("is one: a second is refused", function()
    local child = kam.NullSink()
    local first = kam.Pipeline { child }
    kit.has(kit.refused(kam.Pipeline, { child }), "E0212", "belongs to another component already")
    first:stop()
    kit.runs(kam.main(function() end))
  end)
end)

describe("the end of an inbox (L2)", function()
  it("comes when all that fed it have ended and it is empty", function()
    local notes = {}
    kit.runs(kam.Graphline {
      A = kit.count(3), B = noting(notes), linkages = { "A -> B" },
    })
    assert.same({ 1, 2, 3, why = "ended", told = "producerFinished" }, notes)
  end)

  it("comes after the last of several producers", function()
    local got = {}
    local function at(seconds)
      return kam.main(function(self)
        self:sleep(seconds)
        self:send(seconds)
      end)
    end
    kit.runs(kam.Graphline {
      A = at(3), B = at(1), C = at(2), OUT = kit.into(got), linkages = { "A, B, C -> OUT" },
    })
    assert.same({ 1, 2, 3 }, got)
  end)

  it("is that inbox's own, and not that of the others", function()
    local whys = {}
    kit.runs(kam.Graphline {
      A = kam.OneShot "a", B = kam.main(function(self) self:sleep(5) self:send "b" end),
      ZIP = kam.component "Zip" {
        inboxes = { left = "one", right = "other" },
        main = function(self)
          whys[1] = self:recv "left"
          whys[2] = select(2, self:recv "left")
          whys[3] = self:told() or "not told"
          whys[4] = self:recv "right"
          whys[5] = select(2, self:recv "right")
          whys[6] = self:told()
        end,
      }(),
      linkages = { "A -> ZIP.left", "B -> ZIP.right" },
    })
    assert.same({ "a", "ended", "not told", "b", "ended", "producerFinished" }, whys)
  end)

  it("never comes where nothing ever fed it: to wait there is a stall", function()
    local ok, why, text = kit.run(kam.main(function(self) self:recv() end))
    assert.is_nil(ok)
    assert.equal("stalled", why.kind)
    kit.has(text, "nothing was ever linked to it")
  end)

  it("is put into control when all fed inboxes have lost their last feeder", function()
    local seen
    kit.runs(kam.Graphline {
      A = kam.OneShot "a",
      B = kam.main(function(self)
        while not self:dataReady "control" do
          if self:dataReady() then self:recv() end
          if not self:anyReady() then self:pause() end
        end
        seen = kam.isShutdown(self:recv "control")
      end),
      linkages = { "A -> B" },
    })
    assert.equal("producerFinished", seen)
  end)

  it("does not come by unlink", function()
    local result
    kit.runs(kam.main(function(self)
      local child = self:addChildren(kam.main(function(c) result = table.pack(c:recv("inbox", 5)) end))
      self:unlink(self:link({ self, "outbox" }, child))
      self:sleep(10)
    end))
    assert.same({ nil, "timeout", n = 2 }, result)
  end)

  it("is not made by oneself: nobody is his own feeder", function()
    local ok, why = kit.run(kam.main(function(self)
      self:link({ self, "outbox" }, { self, "inbox" })
      self:send "x"
      for _ in self:messages() do end
    end))
    assert.is_nil(ok)
    assert.equal("stalled", why.kind)
  end)

  it("goes through a box that is passed on", function()
    local notes = {}
    kit.runs(kam.Pipeline { kit.count(2), kam.Pipeline { kam.Pipeline { noting(notes) } } })
    assert.same({ 1, 2, why = "ended", told = "producerFinished" }, notes)
  end)

  it("goes also to what is linked later", function()
    local notes = {}
    kit.runs(kam.Graphline {
      A = kit.count(2),
      B = kam.main(function(self)
        self:sleep(5) -- A has ended
        local child = self:addChildren(noting(notes))
        self:link({ self, "inbox" }, child)
        self:sleep(5)
      end),
      linkages = { "A -> B" },
    })
    assert.same({ 1, 2, why = "ended", told = "producerFinished" }, notes)
  end)

  it("comes from the chassis that a link names, and not from the child behind its box", function()
    local at = {}
    kit.runs(kam.Graphline {
      A = kam.Graphline {
        X = kam.OneShot "x", Y = kam.main(function(self) self:sleep(5) end),
        linkages = { "X -> self" },
      },
      B = kam.main(function(self)
        for _ in self:messages() do end
        at.ended = kam.now()
      end),
      C = kam.main(function() at.begun = kam.now() end),
      linkages = { "A -> B" },
    })
    assert.equal(5, math.floor(at.ended - at.begun + 0.5))
  end)

  it("comes to a ring when all outside feeders have ended and nothing moves in it", function()
    local taken = 0
    kit.runs(kam.Graphline {
      SRC = kam.OneShot(10),
      DOWN = kam.main(function(self)
        for n in self:messages() do
          taken = taken + 1
          self:sleep(1)
          if n > 0 then self:send(n - 1) end
        end
      end),
      BACK = kam.PassThrough(),
      linkages = { "SRC -> DOWN -> BACK -> DOWN" },
    })
    assert.equal(11, taken)
  end)

  it("comes to an open inbox only when it is told", function()
    local why
    local Service = kam.component "Service" {
      inboxes = { inbox = { "requests", open = true } },
      main = function(self)
        local got = { self:recv(), self:recv() }
        why = select(2, self:recv())
        assert.same({ 1, 2 }, got)
      end,
    }
    kit.runs(kam.Graphline {
      A = kam.OneShot(1), B = kam.main(function(self) self:sleep(5) self:send(2) end),
      SERVICE = Service(), linkages = { "A, B -> SERVICE" },
    })
    assert.equal("told", why)
  end)

  it("comes to those who wait on open inboxes when only they are left: an end, no stall", function()
    local told
    local Service = kam.component "Service" {
      inboxes = { inbox = { "requests", open = true } },
      main = function(self)
        for _ in self:messages() do end
        told = self:told()
      end,
    }
    kit.runs(Service(), kam.main(function(self) self:sleep(3) end))
    assert.equal("producerFinished", told)
  end)

  it("waits until each signal that is wired to control by hand has been said", function()
    local at = {}
    local function feeder(seconds)
      return kam.main(function(self)
        self:sleep(seconds)
        self:send(seconds)
      end)
    end
    kit.runs(kam.Graphline {
      A = feeder(1), B = feeder(4),
      C = kam.main(function(self)
        local begun = kam.now()
        repeat self:pause() until self:shuttingDown() or not self:recv("inbox", 0) and false
        at.end_ = kam.now() - begun
      end),
      linkages = { "A, B -> C", "A.signal, B.signal -> C.control" },
    })
    assert.equal(4, math.floor(at.end_ + 0.5))
  end)

  it("is not changed by other links to control", function()
    local notes = {}
    kit.runs(kam.Graphline {
      A = kit.count(2), CTL = kam.main(function(self) self:send "hello" end), B = noting(notes),
      linkages = { "A -> B", "CTL -> B.control" },
    })
    assert.same({ 1, 2, why = "ended", told = "producerFinished" }, notes)
  end)
end)

describe("being told (L3)", function()
  it("producerFinished shows in control only when the inboxes are empty", function()
    local order = {}
    kit.runs(kam.Graphline {
      A = kit.count(3),
      B = kam.main(function(self)
        self:sleep(1)
        while true do
          if self:dataReady "control" then
            order[#order + 1] = kam.isShutdown(self:recv "control")
            return
          end
          if self:dataReady() then order[#order + 1] = self:recv() end
          if not self:anyReady() then self:pause() end
        end
      end),
      linkages = { "A -> B" },
    })
    assert.same({ 1, 2, 3, "producerFinished" }, order)
  end)

  it("producerFinished shows when the component waits although its inboxes are not empty", function()
    local seen
    kit.runs(kam.Graphline {
      A = kit.count(3),
      B = kam.main(function(self)
        self:recv()
        seen = kam.isShutdown(self:recv "control")
      end),
      linkages = { "A -> B" },
    })
    assert.equal("producerFinished", seen)
  end)

  it("producerFinished by hand shows no sooner", function()
    local order = {}
    kit.runs(kam.Graphline {
      A = kam.main(function(self)
        for i = 1, 3 do self:send(i) end
        self:send(kam.producerFinished(), "signal")
        self:sleep(10)
      end),
      B = kam.main(function(self)
        self:sleep(1)
        while not self:shuttingDown() do
          if self:dataReady() then order[#order + 1] = self:recv() end
          if not self:anyReady() then self:pause() end
        end
        order[#order + 1] = "end"
      end),
      linkages = { "A -> B", "A.signal -> B.control" },
    })
    assert.same({ 1, 2, 3, "end" }, order)
  end)

  it("producerFinished does not overtake the message that woke an explicit loop", function()
    local got = {}
    kit.runs(kam.Graphline {
      A = kam.main(function(self)
        self:sleep(1)
        self:send "last"
      end),
      B = kam.main(function(self)
        while not self:shuttingDown() do
          if self:dataReady() then got[#got + 1] = self:recv() end
          if not self:anyReady() then self:pause() end
        end
      end),
      linkages = { "A -> B" },
    })
    assert.same({ "last" }, got)
  end)

  it("shutdownMicroprocess shows at once", function()
    local order = {}
    local sink = kam.main(function(self)
      self:sleep(5)
      order[#order + 1] = self:dataReady()
      order[#order + 1] = kam.isShutdown(self:recv "control")
    end)
    kit.runs(kam.main(function(self)
      self:addChildren(sink)
      self:link({ self, "outbox" }, sink)
      self:send "x"
      self:sleep(1)
      sink:stop()
    end))
    assert.same({ false, "shutdownMicroprocess" }, order)
  end)

  it("stays in control until it is taken, and is then gone from there", function()
    local seen = {}
    local c = kam.main(function(self)
      self:sleep(5)
      seen[1], seen[2] = self:dataReady "control", self:dataReady "control"
      self:recv "control"
      seen[3] = self:dataReady "control"
      seen[4] = self:told()
    end)
    kit.runs(kam.main(function(self)
      self:addChildren(c)
      self:sleep(1)
      c:stop()
    end))
    assert.same({ 1, 1, false, "shutdownMicroprocess" }, seen)
  end)

  it("is only looked at by calls on data boxes", function()
    local seen = {}
    kit.runs(kam.Graphline {
      A = kam.OneShot "a",
      B = kam.main(function(self)
        for _ in self:messages() do end
        self:recv()
        self:recvAny()
        seen[1] = self:dataReady "control"
        seen[2] = self:shuttingDown()
        seen[3] = self:shuttingDown()
      end),
      linkages = { "A -> B" },
    })
    assert.same({ 1, "producerFinished", false }, seen)
  end)

  it("twice is being told once", function()
    local seen = {}
    local c = kam.main(function(self)
      self:sleep(5)
      seen[1] = self:dataReady "control"
      self:recv "control"
      seen[2] = self:dataReady "control"
    end)
    kit.runs(kam.main(function(self)
      self:addChildren(c)
      self:sleep(1)
      c:stop()
      c:stop()
    end))
    assert.same({ 1, false }, seen)
  end)

  it("to end now after producerFinished is told again", function()
    local seen = {}
    local c = kam.main(function(self)
      for _ in self:messages() do end
      seen[1] = self:told()
      seen[2] = self:sleep(100)
      seen[3] = self:told()
    end)
    kit.runs(kam.main(function(self)
      self:addChildren(c)
      local source = self:addChildren(kam.OneShot "x")
      self:link(source, c)
      self:sleep(5)
      c:stop()
      self:sleep(1)
    end))
    assert.same({ "producerFinished", false, "shutdownMicroprocess" }, seen)
  end)
end)

describe("after shutdownMicroprocess (L3)", function()
  -- Runs f in a component that has been told to end now.
  local function after(f, feed)
    local c = kam.main(function(self)
      self:sleep(1000)
      f(self)
    end)
    return kit.said(kam.run, kam.main(function(self)
      self:addChildren(c)
      local l = self:link({ self, "outbox" }, c)
      for _, m in ipairs(feed or {}) do self:send(m) end
      self:sleep(1)
      self:unlink(l)
      c:stop()
      self:sleep(1)
    end))
  end

  it("recv gives nil, \"told\" though data is queued, which counts as shutdown", function()
    local got
    local lost = kit.lost(function()
      after(function(self) got = table.pack(self:recv()) end, { 1, 2 })
    end)
    assert.same({ nil, "told", n = 2 }, got)
    assert.same({ shutdown = 2 }, lost)
  end)

  it("recvAny gives nil, \"told\", and messages stops", function()
    local got, n = nil, 0
    after(function(self)
      got = table.pack(self:recvAny())
      for _ in self:messages() do n = n + 1 end
      for _ in self:messagesAny() do n = n + 1 end
    end, { 1, 2 })
    assert.same({ nil, "told", n = 2 }, got)
    assert.equal(0, n)
  end)

  it("pause gives nil and sleep false, at once", function()
    local got, begun
    after(function(self)
      self:shuttingDown()
      self:pause() -- the end itself was news
      begun = kam.now()
      got = table.pack(self:pause(), self:sleep(5), kam.now() - begun)
    end)
    assert.same({ nil, false, 0, n = 3 }, got)
  end)

  it("send delivers what fits, and no more", function()
    local sent, got = {}, {}
    local Sink = kam.component "Sink" {
      inboxes = { inbox = { "two", limit = 2 } },
      main = function(self)
        self:sleep(10)
        for m in self:messages() do got[#got + 1] = m end
      end,
    }
    local c = kam.main(function(self)
      self:sleep(1000)
      for i = 1, 3 do sent[i] = table.pack(self:send(i)) end
    end)
    local lost = kit.lost(function()
      kit.runs(kam.main(function(self)
        local sink = self:addChildren(Sink(), c)
        self:link(c, sink)
        self:sleep(1)
        c:stop()
        self:sleep(20)
      end))
    end)
    assert.same({ { true, n = 1 }, { true, n = 1 }, { false, "told", n = 2 } }, sent)
    assert.same({ 1, 2 }, got)
    assert.same({ shutdown = 1 }, lost)
  end)

  it("one that waits for room is let go, with \"told\"", function()
    local got
    local c = kam.main(function(self)
      self:send(1)
      got = table.pack(self:send(2))
    end)
    kit.run(kam.main(function(self)
      local box = self:addInbox("small", { "one", limit = 1 })
      self:addChildren(c)
      self:link(c, { self, box })
      self:sleep(1)
      c:stop()
      self:sleep(1)
      self:recv(box)
    end))
    assert.same({ false, "told", n = 2 }, got)
  end)

  for name, call in pairs {
    recv = function(self) self:recv() end,
    pause = function(self) self:pause() end,
    sleep = function(self) self:sleep(1) end,
    yield = function(self) self:yield() end,
    ["coroutine.yield"] = function() coroutine.yield() end,
    recvAny = function(self) self:recvAny() end,
    send = function(self) self:send "x" end,
    trySend = function(self) self:trySend "x" end,
  } do
    it(("one that goes on with %s is ended at its 1,000th call, with a note"):format(name), function()
      local n = 0
      local text = after(function(self)
        self:shuttingDown()
        while n < 5000 do
          n = n + 1
          call(self)
        end
      end)
      kit.has(text, "was told to end now and went on for 1,000 calls")
      assert.is_true(n <= 1024 and n >= 998, "calls: " .. n) -- sends are counted by the batch
    end)
  end

  it("what is ended so closes its <close> variables, and no pcall catches it", function()
    local closed, caught = 0, false
    after(function(self)
      local guard <close> = setmetatable({}, { __close = function() closed = closed + 1 end })
      while true do
        local ok = pcall(function()
          local inner <close> = setmetatable({}, { __close = function() closed = closed + 1 end })
          while true do self:recv() end
        end)
        caught = caught or not ok
      end
      return guard
    end)
    assert.equal(2, closed)
    assert.is_false(caught)
  end)
end)

describe("after producerFinished (L3)", function()
  it("sleep sleeps its time and then gives false", function()
    local got
    kit.runs(kam.Graphline {
      A = kam.OneShot "a",
      B = kam.main(function(self)
        for _ in self:messages() do end
        local begun = kam.now()
        got = { self:sleep(3), math.floor(kam.now() - begun + 0.5) }
      end),
      linkages = { "A -> B" },
    })
    assert.same({ false, 3 }, got)
  end)

  it("send still works", function()
    assert.same({ 3 }, kam.try(kam.main(function(self)
      local n = 0
      for _ in self:messages() do n = n + 1 end
      self:send(n)
    end), { "a", "b", "c" }))
  end)
end)

describe("signal (L3)", function()
  -- What comes out of signal when c runs, after f has been done to it.
  local function signals(c, f)
    local h <close> = kam.handle(c)
    f(h)
    local list = {}
    for m in h:messages "signal" do list[#list + 1] = kam.isShutdown(m) end
    return list
  end

  it("sends producerFinished at an end that nobody told", function()
    assert.same({ "producerFinished" }, signals(kam.main(function() end), function() end))
  end)

  it("sends what the component was told", function()
    assert.same({ "producerFinished" }, signals(kam.PassThrough(), function(h) h:finish() end))
    assert.same({ "shutdownMicroprocess" }, signals(kam.PassThrough(), function(h)
      h:put "x"
      h:get()
      h:stop()
    end))
  end)

  it("is not sent again by a component that has signalled", function()
    assert.same({ "shutdownMicroprocess" }, signals(kam.main(function(self)
      self:send(kam.shutdownMicroprocess(), "signal")
    end), function() end))
  end)

  it("is passed on by shuttingDown", function()
    assert.same({ "producerFinished" }, signals(kam.main(function(self)
      repeat self:pause() until self:shuttingDown()
    end), function(h) h:finish() end))
  end)

  it("that is passed through says nothing of its own", function()
    assert.same({ "producerFinished" }, signals(kam.Pipeline { kam.PassThrough() },
      function(h) h:finish() end))
  end)

  it("to control by hand ends the other, as in Kamaelia", function()
    local seen
    kit.runs(kam.Graphline {
      A = kam.main(function(self)
        self:sleep(1)
        self:send(kam.shutdownMicroprocess(), "signal")
        self:sleep(1)
      end),
      B = kam.main(function(self)
        repeat self:pause() until self:dataReady "control"
        seen = kam.isShutdown(self:recv "control")
      end),
      linkages = { "A.signal -> B.control" },
    })
    assert.equal("shutdownMicroprocess", seen)
  end)

  it("by itself, at the end of a component, ends the other", function()
    local seen
    kit.runs(kam.Graphline {
      A = kam.main(function(self) self:sleep(1) end),
      B = kam.main(function(self)
        repeat self:pause() until self:dataReady "control"
        seen = kam.isShutdown(self:recv "control")
      end),
      linkages = { "A.signal -> B.control" },
    })
    assert.equal("producerFinished", seen)
  end)
end)

describe("run (L4)", function()
  it("returns when everything activated has ended", function()
    local ended = {}
    local function sleeper(seconds)
      return kam.main(function(self)
        self:sleep(seconds)
        ended[#ended + 1] = seconds
      end)
    end
    sleeper(5):activate()
    kit.runs(sleeper(2), sleeper(1))
    assert.same({ 1, 2, 5 }, ended)
  end)

  it("leaves alone what was only made", function()
    local ran = false
    local c = kam.main(function() ran = true end)
    kit.runs(kam.main(function() end))
    assert.is_false(ran)
    kit.runs(c)
    assert.is_true(ran)
  end)

  it("can be ended by kam.stop, which asks", function()
    local notes = {}
    kit.runs(patient(notes), kam.main(function(self)
      self:sleep(1)
      kam.stop()
    end))
    assert.same({ "shutdownMicroprocess" }, notes)
  end)

  it("is asked by kam.stop to finish what is queued", function()
    local got = {}
    kit.runs(kam.Pipeline {
      kam.PeriodicTick(1),
      kam.main(function(self)
        for n in self:messages() do
          self:sleep(0.1)
          got[#got + 1] = n
          if n == 3 then kam.stop() end
        end
      end),
    })
    assert.same({ 1, 2, 3 }, got)
  end)
end)

describe("an error (L5)", function()
  local function failing(message)
    return kam.component "Parse" {
      main = function(self)
        for m in self:messages() do
          if m == message then error "on purpose" end
        end
      end,
    }
  end

  it("ends the component and fails the run", function()
    local ok, why = kit.run(kam.main(function() error "on purpose" end))
    assert.is_nil(ok)
    assert.equal("failed", why.kind)
  end)

  it("is reported once, with component, file:line, message and traceback", function()
    local _, _, text = kit.run(kam.Pipeline { kam.Pipeline { kam.DataSource { 1, 2 }, failing(2)() } })
    kit.has(text, "error[E0400]: Parse failed at", "life_spec.lua:", "on purpose", "stack traceback:",
      "in function")
    assert.equal(1, select(2, text:gsub("E0400", "")))
  end)

  it("is reported with the message it was handling, and what its boxes held", function()
    local _, _, text = kit.run(kam.Pipeline {
      kam.DataSource { 1, { id = 4 }, 3, 4 },
      kam.main(function(self)
        self:sleep(1)
        self:recv()
        local m = self:recv()
        error("bad " .. m.id)
      end),
    })
    kit.has(text, "it was handling message 2: { id = 4 }", "in its inbox 2 messages waited")
  end)

  it("in a Pipeline stops its other children, and fails it in turn", function()
    local notes = {}
    local ok, _, text = kit.run(kam.Pipeline {
      kam.main(function(self) self:sleep(1) self:send(1) end), failing(1)(), patient(notes),
    })
    assert.is_nil(ok)
    kit.has(text, "stopped its other child")
    assert.same({ "shutdownMicroprocess" }, notes)
  end)

  it("in a Graphline stops its other children, and fails it in turn", function()
    local notes = {}
    local ok = kit.run(kam.Graphline {
      A = kam.main(function(self) self:sleep(1) error "on purpose" end), B = patient(notes),
    })
    assert.is_nil(ok)
    assert.same({ "shutdownMicroprocess" }, notes)
  end)

  it("fails the owner, and the owner's owner", function()
    local ok, why = kit.run(kam.main(function(self)
      self:addChildren(kam.main(function(o)
        o:addChildren(kam.main(function() error "deep" end))
        o:sleep(1)
      end))
      self:sleep(1)
    end))
    assert.is_nil(ok)
    assert.equal("failed", why.kind)
  end)

  it("stops the rest of the system when it reaches the top", function()
    local notes = {}
    kit.run(patient(notes), kam.main(function(self) self:sleep(1) error "on purpose" end))
    assert.same({ "shutdownMicroprocess" }, notes)
  end)

  it("may be any value", function()
    local _, _, text = kit.run(kam.main(function() error({ 1 }) end))
    kit.has(text, "main", "failed: { 1 }")
    _, _, text = kit.run(kam.Pipeline { kam.OneShot "x", kam.each(function() error({ 2 }) end) })
    kit.has(text, "each", "failed: { 2 }")
    _, _, text = kit.run(kam.main(function() error() end))
    kit.has(text, "failed: nil")
    _, _, text = kit.run(kam.main(function()
      error(setmetatable({}, { __tostring = function() return "in words" end }))
    end))
    kit.has(text, "in words")
  end)

  it("closes what is marked <close>", function()
    local closed = false
    kit.run(kam.main(function()
      local guard <close> = setmetatable({}, { __close = function() closed = true end })
      error(guard and "on purpose")
    end))
    assert.is_true(closed)
  end)

  it("is that of the component also when a helper in a coroutine of its own raises it", function()
    local _, _, text = kit.run(kam.main(function()
      coroutine.wrap(function() error "in a helper" end)()
    end))
    kit.has(text, "in a helper")
  end)
end)

describe("watch (L5)", function()
  -- What the watcher of c gets.
  local function watched(c)
    local got
    kit.runs(kam.main(function(self)
      self:addInbox "ended"
      self:addChildren(c)
      self:watch(c, "ended")
      got = self:recv "ended"
    end))
    return got
  end

  it("gives the end of a component as a message", function()
    local c = kam.main(function() end)
    local got = watched(c)
    assert.equal(c, got.component)
    assert.is_true(got.ok)
    assert.is_nil(got.error)
  end)

  it("gives its failure, which is then ours to deal with: no report, no failed run", function()
    local c = kam.main(function() error "on purpose" end)
    local got = watched(c)
    assert.equal(c, got.component)
    assert.is_false(got.ok)
    kit.has(got.error, "on purpose")
  end)

  it("says all ends of a Pipeline as that of the Pipeline", function()
    local got = watched(kam.Pipeline { kam.OneShot "x", kam.each(function() error "inside" end) })
    assert.is_false(got.ok)
  end)

  it("leaves the report of a failure further below: only that and its owner's are ours", function()
    local got
    local text, ok = kit.said(kam.run, kam.main(function(self)
      local c = kam.Pipeline { kam.Pipeline { kam.main(function() error "deep inside" end) } }
      self:watch(self:addChildren(c))
      got = self:recv()
    end))
    assert.is_true(ok)
    assert.is_false(got.ok)
    kit.has(text, "E0400", "deep inside")
  end)
end)

describe("in a Pipeline (L6)", function()
  it("when a child ends, the one before it is told to end now, and so on back", function()
    local notes = {}
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        while self:send "x" do end
        notes[1] = self:told()
      end),
      kam.PassThrough(),
      kam.main(function(self) self:recv() end),
    })
    assert.same({ "shutdownMicroprocess" }, notes)
  end)

  it("one that is fed and has an ended receiver is told, too", function()
    local notes = {}
    kit.runs(kam.Pipeline {
      kam.PeriodicTick(1),
      kam.main(function(self)
        for _ in self:messages() do self:send "x" end
        notes[1] = self:told()
      end),
      kam.main(function(self) self:recv() end),
    })
    assert.same({ "shutdownMicroprocess" }, notes)
  end)

  it("the first that declares effects goes on, and so do those before it", function()
    local written = {}
    local Write = kam.component "Write" {
      effects = true,
      main = function(self)
        for m in self:messages() do
          written[#written + 1] = m
          self:send(m)
        end
      end,
    }
    kit.runs(kam.Pipeline { kit.count(10), Write(), kam.main(function(self) self:recv() end) })
    assert.same(kit.numbers(10), written)
  end)
end)

describe("in any graph (L6)", function()
  it("a source all of whose receivers have ended is told to end now", function()
    local told
    kit.runs(kam.Graphline {
      A = kam.main(function(self)
        while self:sleep(1) do self:send "x" end
        told = self:told()
      end),
      B = kam.main(function(self) self:recv() end),
      linkages = { "A -> B" },
    })
    assert.equal("shutdownMicroprocess", told)
  end)

  it("a component that is fed goes on, though its receivers have ended", function()
    local n = 0
    kit.runs(kam.Graphline {
      SRC = kit.count(10),
      A = kam.main(function(self)
        for _ in self:messages() do
          n = n + 1
          self:send "x"
        end
      end),
      B = kam.main(function(self) self:recv() end),
      linkages = { "SRC -> A -> B" },
    })
    assert.equal(10, n)
  end)

  it("a source that declares effects goes on", function()
    local n = 0
    local Source = kam.component "Writes" {
      effects = true,
      main = function(self)
        for i = 1, 5 do
          self:sleep(1)
          self:send(i)
          n = i
        end
      end,
    }
    kit.runs(kam.Graphline {
      A = Source(), B = kam.main(function(self) self:recv() end), linkages = { "A -> B" },
    })
    assert.equal(5, n)
  end)
end)

describe("a stall (L7)", function()
  it("says who waits for what, and where they were made", function()
    local ok, why, text = kit.run(kam.Graphline {
      ASK = kam.PassThrough(),
      REPLY = kam.main(function(self) self:recv "inbox" end),
      linkages = { "ASK -> REPLY -> ASK" },
    })
    assert.is_nil(ok)
    assert.equal("stalled", why.kind)
    kit.has(text, "stalled: nothing can move, and 2 components are still waiting (exit 3)",
      "ASK (", "life_spec.lua:", "waits for a message in inbox; only REPLY feeds it",
      "waits for a message in inbox; only ASK feeds it", "kam.shutdownMicroprocess()")
  end)

  it("says since when", function()
    local _, _, text = kit.run(kam.main(function(self) self:recv() end),
      kam.main(function(self) self:sleep(7) end))
    kit.has(text, "for 7.0 s")
  end)

  it("says which link would mend it", function()
    local _, _, text = kit.run(kam.Graphline { ASK = kam.PassThrough() })
    kit.has(text, "nothing was ever linked to it", '["… -> ASK"]')
  end)

  it("of full boxes says who waits for room where", function()
    local function filler()
      return kam.main(function(self)
        for i = 1, 300 do self:send(i) end
        for _ in self:messages() do end
      end)
    end
    local _, why, text = kit.run(kam.Graphline {
      A = filler(), B = filler(), linkages = { "A -> B", "B -> A" },
    })
    assert.equal("stalled", why.kind)
    kit.has(text, "A (", "waits for room in B.inbox (256 of 256)", "waits for room in A.inbox (256 of 256)",
      "limit = 1000")
  end)

  it("is no stall while time is awaited", function()
    kit.runs(kam.main(function(self) self:sleep(1e6) end))
  end)

  it("ends what is stalled, so that the next system can run", function()
    kit.run(kam.main(function(self) self:recv() end))
    kit.runs(kam.main(function() end))
  end)
end)

describe("a component that does not give way (L8)", function()
  local clock = os.clock
  local function busy(seconds)
    local till = clock() + seconds
    while clock() < till do end
  end

  after_each(function() core.configure { stopAfter = 10 } end)

  -- Is stopped soon, and not after ten seconds.
  local function soon() core.configure { stopAfter = 0.2 } end

  it("is named with its line, if others could run", function()
    core.configure { stopAfter = 5 }
    finally(function() core.configure { stopAfter = 0.2 } end)
    local ok, _, text = kit.run(kam.Graphline {
      SUM = kam.main(function() busy(1) end), OTHER = kam.main(function(self) self:yield() end),
    })
    assert.is_true(ok)
    kit.has(text, ("SUM has not given way for %d ms"):format(os.getenv "KAM_VARIANT" and 500 or 100), "life_spec.lua:",
      "self:yield()")
  end)

  it("is not named if nobody else could run", function()
    kit.runs(kam.main(function() busy(1) end))
  end)

  it("is stopped with an error after a while, if others wait", function()
    soon()
    local reached = false
    local ok, why, text = kit.run(kam.Graphline {
      SUM = kam.main(function() busy(2) reached = true end),
      OTHER = kam.main(function(self) self:yield() end),
    })
    assert.is_nil(ok)
    assert.equal("failed", why.kind)
    kit.has(text, "E0401", "SUM: has not given way")
    assert.is_false(reached)
  end)

  it("is stopped although it catches errors", function()
    soon()
    local till = os.clock() + 3
    local ok = kit.run(kam.Graphline {
      SUM = kam.main(function()
        while clock() < till do pcall(busy, 3) end
      end),
      OTHER = kam.main(function(self) self:yield() end),
    })
    assert.is_nil(ok)
    assert.is_true(os.clock() < till)
  end)

  it("closes what is marked <close> when it is stopped", function()
    soon()
    local closed = false
    kit.run(kam.Graphline {
      SUM = kam.main(function()
        local guard <close> = setmetatable({}, { __close = function() closed = true end })
        busy(guard and 3)
      end),
      OTHER = kam.main(function(self) self:yield() end),
    })
    assert.is_true(closed)
  end)

  it("does not take others with it that come after it", function()
    soon()
    local n = 0
    kit.run(kam.main(function(self)
      self:addInbox "ended"
      self:watch(self:addChildren(kam.Pipeline {
        kam.OneShot "x", kam.map(function() busy(3) return 1 end), kam.NullSink(),
      }), "ended")
      self:recv "ended"
      local work = kam.map(function(x)
        for _ = 1, 10000 do n = n + 1 end
        return x
      end)
      self:addChildren(kam.Pipeline { kit.count(20), work, kam.NullSink() },
        kam.main(function(c) for _ = 1, 100 do c:yield() end end))
      self:sleep(1)
    end), kam.main(function(self) for _ = 1, 100 do self:yield() end end))
    assert.equal(200000, n)
  end)

  it("is stopped in a coroutine of its own, too", function()
    soon()
    local till = os.clock() + 3
    local ok = kit.run(kam.Graphline {
      SUM = kam.main(function() coroutine.wrap(busy)(3) end),
      OTHER = kam.main(function(self) self:yield() end),
    })
    assert.is_nil(ok)
    assert.is_true(os.clock() < till)
  end)

  it("is stopped if it is a function of kam.map", function()
    soon()
    local till = os.clock() + 3
    local ok = kit.run(kam.Graphline {
      A = kam.OneShot "x", MAP = kam.map(function() busy(3) return 1 end), SINK = kam.NullSink(),
      OTHER = kam.main(function(self) for _ = 1, 1000 do self:sleep(0.01) end end),
      linkages = { "A -> MAP -> SINK" },
    })
    assert.is_nil(ok)
    assert.is_true(os.clock() < till)
  end)
end)
