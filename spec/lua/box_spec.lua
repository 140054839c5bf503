-- Boxes and links: what B1 to B6 of the design promise.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"

local MiB = 1024 * 1024

-- A component with one more inbox and outbox, whose main is given.
local function with_boxes(inboxes, outboxes, main)
  return kam.component "Boxed" { inboxes = inboxes, outboxes = outboxes, main = main }
end

-- Takes all, after having let the others go first.
local function late(list)
  return kam.main(function(self)
    self:sleep(1)
    for m in self:messages() do list[#list + 1] = m end
  end)
end

after_each(kit.settled)

describe("delivery (B1)", function()
  it("goes straight to the last inbox of a chain, at send time", function()
    local got, seen = {}, nil
    local last = late(got)
    local inner = kam.Pipeline { last }
    local outer = kam.Pipeline { inner }
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        self:send "x"
        seen = { kit.box(last), kit.box(inner), kit.box(outer) }
      end),
      outer,
    })
    assert.same({ 1, 0, 0 }, { seen[1], seen[2], seen[3] })
    assert.same({ "x" }, got)
  end)

  it("keeps the order of a link, and gives each message exactly once", function()
    local got = {}
    kit.runs(kam.Graphline {
      A = kit.count(1000), B = kam.PassThrough(), C = kam.PassThrough(), D = kit.into(got),
      linkages = { { "A -> B", limit = 3 }, { "B -> C", limit = 1 }, "C -> D" },
    })
    assert.same(kit.numbers(1000), got)
  end)

  it("keeps the order across unlinking and linking again", function()
    local got = {}
    local sink = late(got)
    kit.runs(kam.main(function(self)
      self:addChildren(sink)
      local l = self:link({ self, "outbox" }, sink)
      self:send(1)
      self:send(2)
      self:unlink(l)
      l = self:link({ self, "outbox" }, sink)
      self:send(3)
      self:unlink(l)
      self:link({ self, "outbox" }, sink)
      self:send(4)
    end))
    assert.same({ 1, 2, 3, 4 }, got)
  end)

  it("keeps the order when a box that has messages is linked onward", function()
    local got = {}
    local sink = late(got)
    local owner = kam.main(function(self)
      while kit.box(self) < 2 do self:yield() end
      self:addChildren(sink)
      self:link({ self, "inbox" }, sink)
      self:sleep(10)
    end)
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        self:send(1)
        self:send(2)
        self:sleep(0.5)
        self:send(3)
      end),
      owner,
    })
    assert.same({ 1, 2, 3 }, got)
  end)
end)

describe("links (B2)", function()
  it("feed an inbox from an outbox", function()
    local got = {}
    kit.runs(kam.Graphline { A = kam.OneShot "x", B = kit.into(got), linkages = { "A -> B" } })
    assert.same({ "x" }, got)
  end)

  it("pass an inbox on to a child's, and a child's outbox to one's own", function()
    local chassis = kam.component "Lends" {
      init = function(self)
        local child = kam.map(function(x) return x + 1 end)
        self:addChildren(child)
        self:link({ self, "inbox" }, child)
        self:link(child, { self, "outbox" })
      end,
    }
    assert.same({ 2, 3 }, kam.try(chassis(), { 1, 2 }))
  end)

  it("lead from many outboxes to one inbox", function()
    local got = {}
    kit.runs(kam.Graphline {
      A = kam.OneShot "a", B = kam.OneShot "b", C = kam.OneShot "c", D = kit.into(got),
      linkages = { "A, B, C -> D" },
    })
    table.sort(got)
    assert.same({ "a", "b", "c" }, got)
  end)

  it("lend several children's outboxes to one", function()
    local got = kam.try(kam.Graphline {
      A = kam.OneShot "a", B = kam.OneShot "b",
      linkages = { "A, B -> self" },
    })
    table.sort(got)
    assert.same({ "a", "b" }, got)
  end)

  it("are refused a second time from one outbox, with the mend", function()
    local text = kit.refused(kam.Graphline, {
      A = kam.OneShot "a", B = kam.NullSink(), C = kam.NullSink(),
      linkages = { "A -> B", "A -> C" },
    })
    kit.has(text, "E0105", "A.outbox already goes to B", "kam.Split", "COPY.b -> B", "COPY.c -> C")
  end)

  it("are refused a second time from one outbox to the same inbox, too", function()
    local text = kit.refused(kam.Graphline, {
      A = kam.OneShot "a", B = kam.NullSink(), linkages = { "A -> B", "A -> B" },
    })
    kit.has(text, "A.outbox already goes to B")
  end)

  it("are refused a second time from an inbox that is passed on", function()
    local text = kit.refused(kam.Graphline, {
      A = kam.NullSink(), B = kam.NullSink(), linkages = { "self -> A", "self -> B" },
    })
    kit.has(text, "E0105", ".inbox already goes to A", "an inbox feeds one inbox")
  end)
end)

describe("link (B3)", function()
  it("refuses a box that is not there, and names the nearest", function()
    local text = kit.refused(kam.Graphline, {
      A = kam.OneShot "a", B = kam.NullSink(), linkages = { "A -> B.inbx" },
    })
    kit.has(text, "E0103", 'B (NullSink) has no inbox "inbx"', 'did you mean "inbox"?')
  end)

  it("refuses an outbox that is not there, and names the nearest", function()
    local text = kit.refused(kam.Graphline, {
      A = kam.OneShot "a", B = kam.NullSink(), linkages = { "A.outbxo -> B" },
    })
    kit.has(text, "E0103", 'A (OneShot) has no outbox "outbxo"', 'did you mean "outbox"?')
  end)

  it("refuses a circle of boxes that are passed through", function()
    local inner = kam.Graphline { A = kam.PassThrough(), outboxes = { "loop" },
      linkages = { "A -> self.loop" } }
    local text = kit.refused(kam.Graphline, {
      IN = inner, linkages = { "self -> IN", "IN.loop -> self", "self.outbox -> IN" },
    })
    kit.has(text, "error[E01")
    local a = kam.main(function() end)
    local b = kam.main(function() end)
    text = kit.refused(function()
      a:addChildren(b)
      a:link({ a, "inbox" }, { b, "inbox" })
      b:link({ b, "inbox" }, { a, "inbox" })
    end)
    kit.has(text, "E0106", "in a circle")
  end)

  it("refuses kinds of messages that can never fit", function()
    local text = kit.refused(kam.Graphline, {
      TICK = kam.PeriodicTick(1), CHUNKER = kam.Chunker(), linkages = { "TICK -> CHUNKER" },
    })
    kit.has(text, "E0107", "TICK (PeriodicTick).outbox sends numbers, CHUNKER (Chunker).inbox takes bytes")
  end)

  it("refuses a link the wrong way round", function()
    local text = kit.refused(kam.Graphline, {
      A = kam.OneShot "a", B = kam.NullSink(), linkages = { "B.inbox -> A.outbox" },
    })
    kit.has(text, "a link goes from an outbox to an inbox")
  end)

  it("changes nothing when it refuses", function()
    local got, text = {}, nil
    local one, two = kit.into(got), kam.NullSink()
    kit.runs(kam.main(function(self)
      self:addChildren(one, two)
      self:link({ self, "outbox" }, one)
      text = kit.refused(self.link, self, { self, "outbox" }, two)
      self:send "still to the first"
    end))
    kit.has(text, "already goes to")
    assert.same({ "still to the first" }, got)
  end)

  it("moves what waits in an inbox that is passed on, before the senders that wait", function()
    local got = {}
    local sink = late(got)
    local Owner = with_boxes({ inbox = { "few", limit = 2 } }, {}, function(self)
      self:sleep(0.1) -- a sender waits by now
      assert.equal(2, self:dataReady())
      self:addChildren(sink)
      self:link({ self, "inbox" }, sink)
      self:sleep(5)
    end)
    kit.runs(kam.Graphline {
      A = kit.count(5), B = Owner(), linkages = { "A -> B" },
    })
    assert.same({ 1, 2, 3, 4, 5 }, got)
  end)

  it("moves it behind what is in the other box already", function()
    local got = {}
    local sink = late(got)
    local owner = kam.main(function(self)
      self:addChildren(sink)
      local l = self:link({ self, "outbox" }, sink)
      self:send "first"
      self:unlink(l)
      self:sleep(0.1)
      self:link({ self, "inbox" }, sink)
      self:sleep(5)
    end)
    kit.runs(kam.Graphline {
      A = kam.DataSource { "second", "third" }, B = owner, linkages = { "A -> B" },
    })
    assert.same({ "first", "second", "third" }, got)
  end)

  it("may fill a box above its bound by moving", function()
    local waiting
    local Small = with_boxes({ inbox = { "one", limit = 1 } }, {}, function(self)
      self:sleep(1)
      for _ in self:messages() do end
    end)
    local small = Small()
    kit.runs(kam.Pipeline {
      kit.count(10),
      kam.main(function(self)
        self:sleep(0.1)
        self:addChildren(small)
        self:link({ self, "inbox" }, small)
        waiting = kit.box(small)
        self:sleep(5)
      end),
    })
    assert.equal(10, waiting)
  end)

  it("refuses a component that has ended", function()
    local text
    kit.runs(kam.main(function(self)
      local child = self:addChildren(kam.main(function() end))
      self:sleep(1)
      text = kit.refused(self.link, self, { self, "outbox" }, child)
    end))
    kit.has(text, "has ended")
  end)
end)

describe("removeInbox (B3)", function()
  it("counts what it discards as removed", function()
    local lost = kit.lost(function()
      kit.runs(kam.main(function(self)
        local box = self:addInbox "extra"
        local child = self:addChildren(kam.DataSource { 1, 2, 3 })
        self:link(child, { self, box })
        self:sleep(1)
        self:removeInbox(box)
      end))
    end)
    assert.same({ removed = 3 }, lost)
  end)

  it("lets the senders go on that wait for room in it", function()
    local result
    kit.runs(kam.main(function(self)
      local box = self:addInbox("extra", { "small", limit = 1 })
      local child = self:addChildren(kam.main(function(c)
        c:send(1)
        result = table.pack(c:send(2))
      end))
      self:link(child, { self, box })
      self:sleep(1)
      self:removeInbox(box)
    end))
    assert.is_false(result[1])
  end)
end)

describe("the bound of a box (B4)", function()
  -- How many messages trySend gets into a box with nobody taking.
  local function fits(msg, box, terms)
    local n = 0
    local Sink = with_boxes({ inbox = box or "as it comes" }, {}, function(self)
      self:sleep(1)
      for _ in self:messages() do end
    end)
    kit.runs(kam.Graphline {
      A = kam.main(function(self)
        for i = 1, 1000 do
          if not self:trySend(msg or i) then return end
          n = i
        end
      end),
      B = Sink(),
      linkages = { { "A -> B", limit = terms } },
    })
    return n
  end

  it("is 256 messages if nothing else is set", function() assert.equal(256, fits()) end)
  it("can be set by the box", function() assert.equal(3, fits(nil, { "few", limit = 3 })) end)
  it("can be set by the link", function() assert.equal(7, fits(nil, nil, 7)) end)
  it("of the link stands above that of the box", function()
    assert.equal(7, fits(nil, { "few", limit = 3 }, 7))
  end)
  it("can be lifted by the box", function()
    assert.equal(1000, fits(nil, { "all", limit = "unbounded" }))
  end)
  it("can be lifted by the link", function() assert.equal(1000, fits(nil, nil, "unbounded")) end)
  it("is 8 MiB of payload", function() assert.equal(8, fits(("x"):rep(MiB))) end)
  it("lets one message in whatever its size", function() assert.equal(1, fits(("x"):rep(9 * MiB))) end)
  it("counts a string's bytes, not its messages", function()
    assert.equal(128, fits(("x"):rep(64 * 1024)))
  end)
  it("is refused if it makes no sense", function()
    kit.has(kit.refused(fits, nil, { "none", limit = 0 }), "limit")
    kit.has(kit.refused(fits, nil, nil, 0), "limit")
  end)

  it("makes the sender wait, unless somebody says otherwise", function()
    local sent, got = 0, {}
    local Slow = with_boxes({ inbox = { "few", limit = 2 } }, {}, function(self)
      self:sleep(1)
      assert.equal(2, sent)
      for m in self:messages() do got[#got + 1] = m end
    end)
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        for i = 1, 5 do
          assert.is_true(self:send(i))
          sent = i
        end
      end),
      Slow(),
    })
    assert.same({ 1, 2, 3, 4, 5 }, got)
  end)

  -- What is left of 1 to 5 in a box for two.
  local function dropping(box, terms)
    local got = {}
    terms[1] = "A -> B"
    local Slow = with_boxes({ inbox = box }, {}, function(self)
      self:sleep(1)
      for m in self:messages() do got[#got + 1] = m end
    end)
    local lost = kit.lost(function()
      kit.runs(kam.Graphline { A = kit.count(5), B = Slow(), linkages = { terms } })
    end)
    return got, lost
  end

  it("drops the oldest where the box says so, and counts it", function()
    local got, lost = dropping({ "few", limit = 2, whenFull = "dropOldest" }, {})
    assert.same({ 4, 5 }, got)
    assert.same({ dropped = 3 }, lost)
  end)

  it("drops the newest where the box says so, and counts it", function()
    local got, lost = dropping({ "few", limit = 2, whenFull = "dropNewest" }, {})
    assert.same({ 1, 2 }, got)
    assert.same({ dropped = 3 }, lost)
  end)

  it("drops the oldest where the link says so", function()
    assert.same({ 4, 5 }, (dropping("any", { limit = 2, whenFull = "dropOldest" })))
  end)

  it("drops the newest where the link says so", function()
    assert.same({ 1, 2 }, (dropping("any", { limit = 2, whenFull = "dropNewest" })))
  end)

  it("lets the link's word stand above the box's", function()
    assert.same({ 1, 2, 3, 4, 5 },
      (dropping({ "few", limit = 2, whenFull = "dropOldest" }, { whenFull = "wait" })))
  end)

  it("is no bound for control", function()
    local n = 0
    kit.runs(kam.Graphline {
      A = kam.main(function(self)
        for i = 1, 1000 do
          if not self:send(i) then error("it was not sent", 0) end -- assert is too slow under gc
        end
      end),
      B = kam.main(function(self)
        self:sleep(1)
        while self:dataReady "control" do
          if not kam.isShutdown(self:recv "control") then n = n + 1 end
        end
      end),
      linkages = { "A -> B.control" },
    })
    assert.equal(1000, n)
  end)

  it("does not hold up what the runtime itself sends", function()
    local got = {}
    local Watcher = with_boxes({ inbox = { "one", limit = 1 } }, {}, function(self)
      for _ = 1, 3 do self:watch(self:addChildren(kam.main(function() end)), "inbox") end
      self:sleep(1)
      for _ = 1, 3 do got[#got + 1] = self:recv().ok end
    end)
    kit.runs(Watcher())
    assert.same({ true, true, true }, got)
  end)

  it("makes a tick late, which is dropped and counted", function()
    local got = {}
    local lost = kit.lost(function()
      kit.runs(kam.Graphline {
        TICK = kam.PeriodicTick { 1, count = 5 },
        SINK = kam.main(function(self)
          self:sleep(10)
          for m in self:messages() do got[#got + 1] = m end
        end),
        linkages = { { "TICK -> SINK", limit = 2 } },
      })
    end)
    assert.same({ 1, 2 }, got)
    assert.same({ late = 3 }, lost)
  end)
end)

describe("a sender that waits (B5)", function()
  it("has its message in the box with the take that makes room", function()
    local lengths = {}
    local Small = with_boxes({ inbox = { "two", limit = 2 } }, {}, function(self)
      self:sleep(1)
      for _ = 1, 3 do
        self:recv()
        lengths[#lengths + 1] = self:dataReady()
      end
    end)
    kit.runs(kam.Graphline {
      A = kit.count(2), B = kam.OneShot "b", C = Small(), linkages = { "A, B -> C" },
    })
    assert.same({ 2, 1, false }, lengths)
  end)

  it("is served before newcomers", function()
    local got = {}
    local Small = with_boxes({ inbox = { "one", limit = 1 } }, {}, function(self)
      self:sleep(1)
      for m in self:messages() do
        got[#got + 1] = m
        self:sleep(0.01)
      end
    end)
    local function at(time, msg)
      return kam.main(function(self)
        self:sleep(time)
        self:send(msg)
      end)
    end
    kit.runs(kam.Graphline {
      A = at(0.1, "a"), B = at(0.2, "b"), C = at(0.3, "c"), D = at(1.005, "d"), SINK = Small(),
      linkages = { "D, C, B, A -> SINK" },
    })
    assert.same({ "a", "b", "c", "d" }, got)
  end)

  it("is woken at once", function()
    local at
    local Small = with_boxes({ inbox = { "one", limit = 1 } }, {}, function(self)
      self:sleep(1)
      self:recv()
      self:sleep(1)
      self:recv()
    end)
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        local begin = kam.now()
        self:send(1)
        self:send(2)
        at = kam.now() - begin
      end),
      Small(),
    })
    assert.equal(1, math.floor(at + 0.5))
  end)

  it("goes on when the receiver ends, and its message counts as receiverGone", function()
    local result
    local Small = with_boxes({ inbox = { "one", limit = 1 } }, {}, function(self)
      self:sleep(1)
      self:recv()
    end)
    local lost = kit.lost(function()
      kit.runs(kam.Graphline {
        A = kam.main(function(self)
          self:send(1)
          self:send(2)
          result = table.pack(self:send(3))
        end),
        B = Small(),
        linkages = { "A -> B" },
      })
    end)
    assert.same({ false, "receiverGone", n = 2 }, result)
    assert.same({ receiverGone = 2 }, lost)
  end)

  it("for room that only it could make is told of its error", function()
    local ok, why, text = kit.run(kam.component "Own" {
      inboxes = { inbox = { "own", limit = 3 } },
      main = function(self)
        self:link({ self, "outbox" }, { self, "inbox" })
        for i = 1, 4 do self:send(i) end
      end,
    }())
    assert.is_nil(ok)
    assert.equal("failed", why.kind)
    kit.has(text, "E0312", "own inbox, which is full")
  end)
end)

describe("the count of messages (B6)", function()
  it("knows those that were unlinked", function()
    local lost = kit.lost(function() kit.run(kam.DataSource { 1, 2, 3 }) end)
    assert.same({ unlinked = 3 }, lost)
  end)

  it("knows those that a filter kept back", function()
    local lost = kit.lost(function()
      kit.runs(kam.Pipeline {
        kit.count(5), kam.filter(function(x) return x % 2 == 0 end), kam.NullSink(),
      })
    end)
    assert.same({ filtered = 3 }, lost)
  end)

  it("knows those that lay queued when their owner was told to end now", function()
    local sink = kam.main(function(self)
      self:sleep(5)
    end)
    local lost = kit.lost(function()
      kit.runs(kam.main(function(self)
        self:addChildren(sink)
        self:link({ self, "outbox" }, sink)
        for i = 1, 4 do self:send(i) end
        self:sleep(1)
        sink:stop()
        self:sleep(1)
      end))
    end)
    assert.same({ shutdown = 4 }, lost)
  end)

  it("knows those that lay queued when their owner failed", function()
    local lost = kit.lost(function()
      kit.run(kam.Pipeline {
        kit.count(5),
        kam.main(function(self)
          self:sleep(1)
          self:recv()
          error "on purpose"
        end),
      })
    end)
    assert.equal(4, lost.error)
  end)

  it("knows those that went to null", function()
    local lost = kit.lost(function()
      kit.runs(kam.Graphline { A = kit.count(3), linkages = { "A -> null" } })
    end)
    assert.same({ null = 3 }, lost)
  end)
end)

describe("losses (B6)", function()
  it("by an outbox that nobody is linked to are told, once, and the run has failed", function()
    local ok, why, text = kit.run(kam.Graphline { A = kit.count(3), linkages = {} })
    assert.is_nil(ok)
    assert.equal("lost", why.kind)
    kit.has(text, "E0602", "A", "sent 3 messages to outbox and nobody is linked to it",
      '"A -> null"')
    assert.equal(1, select(2, text:gsub("E0602", "")))
  end)

  it("before somebody was linked are those of who sent them", function()
    local _, why, text = kit.run(kam.main(function(self)
      local a, b = kam.PeriodicTick { 1, count = 4 }, kam.NullSink()
      self:addChildren(a, b)
      self:sleep(2.5)
      self:link(a, b)
    end))
    assert.equal("lost", why.kind)
    kit.has(text, "E0602]: PeriodicTick", "sent 2 messages to outbox before anybody was linked to it: they are lost")
  end)

  it("are told once per box", function()
    local Two = with_boxes({}, { other = "more" }, function(self)
      self:send(1)
      self:send(2, "other")
      self:send(3, "other")
    end)
    local _, _, text = kit.run(kam.Graphline { A = Two() })
    kit.has(text, "sent 1 message to outbox", "sent 2 messages to other", '"A.other -> null"')
    assert.equal(2, select(2, text:gsub("E0602", "")))
  end)

  it("because a component ended before it took any are told", function()
    local Impatient = with_boxes({}, {}, function(self)
      while self:dataReady() do self:recv() end
    end)
    local ok, why, text = kit.run(kam.Graphline {
      SHOUT = Impatient(),
      SRC = kam.DataSource { 1, 2 },
      PASS = kam.PassThrough(),
      linkages = { "SRC -> PASS -> SHOUT" },
    })
    assert.is_nil(ok)
    assert.equal("lost", why.kind)
    kit.has(text, "E0603", "SHOUT", "2 messages sent to it were lost", "before its first")
  end)

  local function ticks_into(main)
    local _, _, text = kit.run(kam.Graphline {
      SRC = kam.PeriodicTick { 1, count = 4 }, PASS = kam.PassThrough(),
      SHOUT = with_boxes({ other = "more" }, {}, main)(),
      linkages = { "SRC -> PASS -> SHOUT" },
    })
    return text
  end

  it("because a component ended when its inbox was empty for a moment are told", function()
    kit.has(ticks_into(function(self)
      self:sleep(1.5)
      while self:dataReady() do self:recv() end
    end), "E0603", "SHOUT", "when its inbox was empty for a moment, and 3 messages sent to it later were lost",
      "for m in self:messages() do")
    kit.has(ticks_into(function(self)
      self:sleep(1.5)
      while self:anyReady() do self:recv(self:anyReady()) end
    end), "when its inbox was empty for a moment")
  end)

  it("because a component ended for another reason, after it took some, are not", function()
    assert.equal("", ticks_into(function(self)
      self:recv()
      if not self:dataReady() then self:sleep(0.5) end
    end))
    assert.equal("", ticks_into(function(self)
      self:sleep(1.5)
      self:recv()
      self:dataReady "other"
    end))
  end)

  it("in a box that a component never took from are told, with its name", function()
    local _, _, text = kit.run(kam.Graphline {
      A = kam.OneShot(1), B = kam.DataSource { 2, 3 },
      MERGE = with_boxes({ other = "more" }, {}, function(self) self:recv() end)(),
      linkages = { "A -> MERGE", "B -> MERGE.other" },
    })
    kit.has(text, "E0603", 'MERGE', "never took the 2 messages in other", '[self:recv "other"]')
  end)

  it("because a component ended with messages in its first inbox are told", function()
    local ok, _, text = kit.run(kam.Graphline {
      SRC = kam.DataSource { 1, 2 },
      DEAF = with_boxes({}, {}, function(self) self:sleep(1) end)(),
      linkages = { "SRC -> DEAF" },
    })
    assert.is_nil(ok)
    kit.has(text, "E0603", "DEAF", "ended before its first message and 2 messages sent to it were lost",
      "for m in self:messages() do")
  end)

  it("because a source was stopped, as its receiver ended when it was empty for a moment, are told", function()
    local _, _, text = kit.run(kam.Pipeline {
      kam.PeriodicTick { 1, count = 4 },
      with_boxes({}, {}, function(self)
        self:sleep(1.5)
        while self:dataReady() do self:recv() end
      end)(),
    })
    kit.has(text, "E0603", "when its inbox was empty for a moment, so PeriodicTick", "which feeds it, was stopped")
  end)

  it("because a source was stopped before its first, as its receiver had ended, are told", function()
    local ok, why, text = kit.run(kam.Pipeline {
      kam.PeriodicTick(1),
      with_boxes({}, {}, function(self)
        while self:dataReady() do self:recv() end
      end)(),
    })
    assert.is_nil(ok)
    assert.equal("lost", why.kind)
    kit.has(text, "E0603", "ended before its first message, so PeriodicTick", "was stopped",
      "for m in self:messages() do")
  end)

  it("with one that failed are told, if it was watched, and so nothing was reported", function()
    local ok, why, text = kit.run(kam.main(function(self)
      local src, worker = kam.DataSource { 1, 2, 3 }, with_boxes({}, {}, function(me)
        me:sleep(1)
        me:recv()
        error "boom"
      end)()
      self:addChildren(src, worker)
      self:link(src, worker)
      self:watch(worker)
      self:recv()
    end))
    assert.is_nil(ok)
    assert.equal("lost", why.kind)
    kit.has(text, "E0607", "failed, and 2 messages that waited in inbox are lost")
  end)

  it("of many that were made at one place are told in one line", function()
    local all = {}
    for i = 1, 4 do all[i] = with_boxes({}, {}, function(self) self:send(i) end)() end
    local _, _, text = kit.run(table.unpack(all))
    kit.has(text, "E0602", "and 3 others (spec/lua/box_spec.lua:", "sent 4 messages to outbox")
    kit.lacks(text, "\n")
  end)

  it("that nobody can have expected are silent: a receiver that waited for a time", function()
    kit.runs(kam.Pipeline {
      kam.PeriodicTick(9), with_boxes({}, {}, function(self) self:recv("inbox", 1) end)(),
    })
  end)

  it("to null are silent", function()
    kit.runs(kam.Graphline { A = kit.count(3), linkages = { "A.outbox -> null" } })
  end)

  it("from an optional outbox are silent", function()
    local Quiet = with_boxes({}, { debug = { "what it thinks", optional = true } }, function(self)
      self:send("hm", "debug")
    end)
    kit.runs(Quiet())
  end)

  it("that a box declares are silent", function()
    local Slow = with_boxes({ inbox = { "newest", limit = 1, whenFull = "dropOldest" } }, {},
      function(self)
        self:sleep(1)
        assert.equal(9, self:recv())
      end)
    kit.runs(kam.Pipeline { kit.count(9), Slow() })
  end)

  it("to a component that says endsEarly are silent", function()
    local FirstOnly = kam.component "TakesNone" { endsEarly = true, main = function() end }
    kit.runs(kam.Graphline { A = kit.count(9), B = FirstOnly(), linkages = { "A -> B" } })
  end)

  it("to a component that took some before it ended are silent", function()
    local Take = kam.main(function(self) self:recv() end)
    kit.runs(kam.Graphline { A = kit.count(9), B = Take, linkages = { "A -> B" } })
  end)

  it("of an error are told with it", function()
    local _, _, text = kit.run(kam.Pipeline {
      kit.count(5),
      kam.main(function(self)
        self:sleep(1)
        self:recv()
        error "on purpose"
      end),
    })
    kit.has(text, "on purpose", "in its inbox 4 messages waited")
  end)
end)

describe("a run in which nothing was lost (B6)", function()
  it("prints nothing of ours, and has every message counted", function()
    local before = core.totals()
    kit.runs(kam.Pipeline { kit.count(500), kam.map(function(x) return x end), kam.NullSink() })
    local after = core.totals()
    assert.equal(1000, after.delivered - before.delivered)
    assert.same(before.lost, after.lost)
  end)
end)
