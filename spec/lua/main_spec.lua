-- What main may call: C3 and C4 of the design.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"

-- Runs main in a component of its own that is fed list; gives what main gave. The
-- feeder lives as long as it.
local function within(main, list, boxes)
  local result
  local Within = kam.component "Within" {
    inboxes = boxes or {},
    outboxes = { extra = { "more", optional = true }, outbox = { "unheard", optional = true } },
    main = function(self) result = table.pack(main(self)) end,
  }
  local c = Within()
  local ok, _, text = kit.run(kam.main(function(self)
    self:addChildren(c)
    self:link({ self, "outbox" }, c)
    for _, m in ipairs(list or {}) do self:send(m) end
    self:sleep(100)
  end))
  assert(ok, text)
  return table.unpack(result or {}, 1, result and result.n)
end

-- The report of a component whose main fails so.
local function failing(main)
  local ok, _, text = kit.run(kam.component "Shout" {
    inboxes = { other = "more" }, main = main,
  }())
  assert.is_nil(ok)
  return text
end

local function round(seconds) return math.floor(seconds * 1000 + 0.5) / 1000 end

after_each(kit.settled)

describe("send", function()
  it("gives true, and nothing else", function()
    assert.same({ true, n = 1 }, table.pack(within(function(self) return self:send "x" end)))
  end)

  it("gives false and receiverGone when nobody is left to take it", function()
    local got
    kit.runs(kam.main(function(self)
      local child = self:addChildren(kam.main(function(c) c:recv() end))
      self:link({ self, "outbox" }, child)
      self:send "x"
      self:sleep(1)
      got = table.pack(self:send "y")
    end))
    assert.same({ false, "receiverGone", n = 2 }, got)
  end)

  it("sends to outbox unless a box is named", function()
    local got = {}
    kit.runs(kam.Graphline {
      A = kam.component "Two" {
        outboxes = { extra = "more" },
        main = function(self)
          self:send(1)
          self:send(2, "extra")
          self:send(3, "outbox")
          self:send(4, nil)
        end,
      }(),
      B = kam.each(function(m) got[#got + 1] = "outbox " .. m end),
      C = kam.each(function(m) got[#got + 1] = "extra " .. m end),
      linkages = { "A -> B", "A.extra -> C" },
    })
    table.sort(got)
    assert.same({ "extra 2", "outbox 1", "outbox 3", "outbox 4" }, got)
  end)

  it("takes any value but nil", function()
    local t, f, co = {}, function() end, coroutine.create(function() end)
    local got = kam.try(kam.main(function(self)
      for _, v in ipairs { 1, 1.5, "s", "", true, t, f, co, kam.null } do self:send(v) end
      self:send(false)
      self:send(math.mininteger)
      self:send(math.huge)
    end))
    assert.same(12, #got)
    assert.is_true(math.type(got[1]) == "integer" and math.type(got[2]) == "float")
    assert.is_true(rawequal(got[6], t) and rawequal(got[7], f) and rawequal(got[8], co))
    assert.is_true(rawequal(got[9], kam.null))
    assert.is_false(got[10])
    assert.equal(math.mininteger, got[11])
    assert.equal(math.huge, got[12])
  end)

  it("refuses nil, and says what to send instead", function()
    kit.has(failing(function(self) self:send(nil) end), "E0301", "nil is no message", "kam.null")
    kit.has(failing(function(self) self:send() end), "E0301")
  end)

  it("carries strings of any bytes as they are", function()
    local s = "\0\1\255\n" .. ("x"):rep(100000)
    assert.same({ s }, kam.try(kam.PassThrough(), { s }))
  end)

  it("carries tables by reference", function()
    local t = {}
    assert.is_true(rawequal(t, kam.try(kam.Pipeline { kam.PassThrough(), kam.PassThrough() }, { t })[1]))
  end)

  it("names the nearest outbox when there is none of that name", function()
    kit.has(failing(function(self) self:send("x", "outbxo") end), "E0307",
      'Shout has no outbox "outbxo"', 'did you mean "outbox"?', "main_spec.lua:")
  end)

  it("says so when the box is an inbox", function()
    kit.has(failing(function(self) self:send("x", "other") end), "other is an inbox of Shout")
  end)

  it("says so when a function gave two values", function()
    kit.has(failing(function(self) self:send(("aaa"):gsub("a", "b")) end), "E0307",
      "the box must be a string, got the number 3", 'self:send((s:gsub("a", "b")))')
  end)

  it("gives way after 64 messages", function()
    local most, sent = 0, 0
    kit.runs(kam.Graphline {
      A = kam.main(function(self)
        for i = 1, 200 do
          self:send(i)
          sent = sent + 1
        end
      end),
      B = kam.main(function(self)
        for _ in self:messages() do
          most = math.max(most, sent)
          sent = 0
        end
      end),
      linkages = { "A -> B" },
    })
    assert.is_true(most <= 64, "sent in one run: " .. most)
  end)
end)

describe("trySend", function()
  local function small(main)
    local got = {}
    kit.runs(kam.Graphline {
      A = kam.main(main),
      B = kam.main(function(self)
        self:sleep(1)
        for m in self:messages() do got[#got + 1] = m end
      end),
      linkages = { { "A -> B", limit = 1 } },
    })
    return got
  end

  it("gives true when there was room, and else false and full, without waiting", function()
    local results, begun, took = {}, nil, nil
    local got = small(function(self)
      begun = kam.now()
      results[1] = table.pack(self:trySend(1))
      results[2] = table.pack(self:trySend(2))
      took = kam.now() - begun
    end)
    assert.same({ { true, n = 1 }, { false, "full", n = 2 } }, results)
    assert.same({ 1 }, got)
    assert.equal(0, took)
  end)

  it("counts what is refused neither as sent nor as lost", function()
    local before = core.totals().sent
    local lost = kit.lost(function()
      small(function(self)
        local _, _ = self:trySend(1), self:trySend(2)
      end)
    end)
    assert.same({}, lost)
    assert.equal(1, core.totals().sent - before - 0)
  end)

  -- What is said at the end of a run in which SINK has room for one.
  local function told(main)
    return kit.said(kam.run, kam.Graphline {
      FAST = kam.main(main),
      SINK = kam.main(function(self)
        self:sleep(1)
        for _ in self:messages() do end
      end),
      linkages = { { "FAST -> SINK", limit = 1 } },
    })
  end

  it("is told at the end when nobody looked at what it gave, with the place and the mend", function()
    local text, ok, why = told(function(self)
      for i = 1, 5 do self:trySend(i .. tostring(i), "outbox") end
    end)
    kit.has(text, "E0606", "trySend of FAST (spec/lua/main_spec.lua:", "refused 4 messages",
      "SINK.inbox was full", "[self:send(x)]")
    assert.is_nil(ok)
    assert.equal("lost", why.kind)
  end)

  it("accuses nobody who tries again, counts, keeps or hands on what it gave", function()
    assert.equal("", (told(function(self)
      local missed = 0
      for i = 1, 3 do
        if not self:trySend(i) then missed = missed + 1 end
      end
      local ok = self:trySend(4)
      local f = function() return self:trySend(5) end
      f()
      while not self:trySend(6) do self:sleep(0.1) end
      assert(missed == 2 and not ok)
    end)))
  end)

  it("names the nearest outbox", function()
    kit.has(failing(function(self) self:trySend("x", "signl") end), 'did you mean "signal"?')
  end)
end)

describe("recv", function()
  it("gives the message and nothing else", function()
    assert.same({ "x", n = 1 }, table.pack(within(function(self) return self:recv() end, { "x" })))
  end)

  it("gives false for a message that is false", function()
    assert.same({ false, n = 1 }, table.pack(within(function(self) return self:recv() end, { false })))
  end)

  it("waits for a message", function()
    local at
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        self:sleep(3)
        self:send "x"
      end),
      kam.main(function(self)
        local begun = kam.now()
        self:recv()
        at = kam.now() - begun
      end),
    })
    assert.equal(3, round(at))
  end)

  it("gives nil and timeout after its time, and not sooner", function()
    local begun, got, took
    within(function(self)
      begun = kam.now()
      got = table.pack(self:recv("inbox", 2.5))
      took = kam.now() - begun
    end)
    assert.same({ nil, "timeout", n = 2 }, got)
    assert.equal(2.5, round(took))
  end)

  it("with no time to wait only looks", function()
    assert.same({ nil, "timeout", n = 2 },
      table.pack(within(function(self) return self:recv("inbox", 0) end)))
    assert.same({ "x", n = 1 },
      table.pack(within(function(self) return self:recv("inbox", 0) end, { "x" })))
  end)

  it("keeps a message that comes within the time, and its time-out does not come later", function()
    local got
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        self:sleep(1)
        self:send "x"
        self:sleep(10)
        self:send "y"
      end),
      kam.main(function(self) got = { self:recv("inbox", 2), (self:recv()) } end),
    })
    assert.same({ "x", "y" }, got)
  end)

  it("gives nil and ended once all that fed the box have ended", function()
    local got
    kit.runs(kam.Pipeline { kam.OneShot "x", kam.main(function(self)
      got = { self:recv(), table.pack(self:recv()), table.pack(self:recv("inbox", 5)) }
    end) })
    assert.same({ "x", { nil, "ended", n = 2 }, { nil, "ended", n = 2 } }, got)
  end)

  it("reads the box that is named", function()
    local got
    kit.runs(kam.Graphline {
      A = kam.OneShot "a", B = kam.OneShot "b",
      C = kam.component "Two" {
        inboxes = { other = "more" },
        main = function(self) got = { self:recv "other", self:recv(), (self:recv "other") } end,
      }(),
      linkages = { "A -> C", "B -> C.other" },
    })
    assert.same({ "b", "a" }, got)
  end)

  it("refuses a time in place of the box, and says how", function()
    kit.has(failing(function(self) self:recv(5) end), '5 is not a box', 'recv("inbox", 5)')
  end)

  it("refuses an outbox, and says how to read", function()
    kit.has(failing(function(self) self:recv "outbox" end), "E0308", "outbox is an outbox of Shout",
      'self:recv "inbox"')
  end)

  it("names the nearest inbox", function()
    kit.has(failing(function(self) self:recv "othr" end), 'Shout has no inbox "othr"',
      'did you mean "other"?')
  end)

  it("refuses a time below 0", function()
    kit.has(failing(function(self) self:recv("inbox", -1) end), "E0310", "-1")
  end)

  it("on a box that is linked onward says where it leads", function()
    kit.has(failing(function(self)
      local child = self:addChildren(kam.NullSink())
      self:link({ self, "inbox" }, child)
      self:recv()
    end), "E0309", "inbox of Shout is passed on to NullSink", ".inbox")
  end)

  it("of control takes the end there", function()
    local got
    kit.runs(kam.Pipeline { kam.OneShot "x", kam.main(function(self)
      self:recv()
      got = self:recv "control"
    end) })
    assert.equal("producerFinished", kam.isShutdown(got))
  end)
end)

describe("messages", function()
  it("gives each message until the end", function()
    assert.same({ 1, 2, false, 3 }, kam.try(kam.main(function(self)
      for m in self:messages() do self:send(m) end
    end), { 1, 2, false, 3 }))
  end)

  it("reads the box that is named", function()
    local got = {}
    kit.runs(kam.Graphline {
      A = kam.DataSource { 1, 2 },
      B = kam.component "Two" {
        inboxes = { other = "more" },
        main = function(self)
          for m in self:messages "other" do got[#got + 1] = m end
        end,
      }(),
      linkages = { "A -> B.other" },
    })
    assert.same({ 1, 2 }, got)
  end)

  it("called again goes on where it was, also from a helper", function()
    local function next_of(self)
      for m in self:messages() do return m end
    end
    assert.same({ 3, 7 }, kam.try(kam.main(function(self)
      self:send(next_of(self) + next_of(self))
      self:send(next_of(self) + next_of(self))
    end), { 1, 2, 3, 4 }))
  end)

  it("on a box that is linked onward is refused at once", function()
    kit.has(failing(function(self)
      self:link({ self, "inbox" }, (self:addChildren(kam.NullSink())))
      self:messages()
    end), "E0309")
  end)
end)

describe("recvAny", function()
  local boxes = { inbox = "1", b = "2", c = "3" }

  -- Runs main with what is in the boxes there from the start; feeders have ended.
  local function any(lists, main)
    local parts, linkages = {}, {}
    for _, name in ipairs { "inbox", "b", "c" } do
      if lists[name] then
        parts["FEED_" .. name] = kam.DataSource(lists[name])
        linkages[#linkages + 1] = ("FEED_%s -> X.%s"):format(name, name)
      end
    end
    parts.X = kam.component "X" { inboxes = boxes, main = function(self)
      self:sleep(1)
      main(self)
    end }()
    parts.linkages = linkages
    kit.runs(kam.Graphline(parts))
  end

  it("gives the box and the message", function()
    local got
    any({ b = { "x" } }, function(self) got = table.pack(self:recvAny()) end)
    assert.same({ "b", "x", n = 2 }, got)
  end)

  it("looks at the data boxes in turn", function()
    local got = {}
    any({ inbox = { 1, 2 }, b = { 3, 4 }, c = { 5, 6 } }, function(self)
      for i = 1, 6 do got[i] = self:recvAny() end
    end)
    assert.same({ "inbox", "b", "c", "inbox", "b", "c" }, got)
  end)

  it("with a list gives priority in its order", function()
    local got = {}
    any({ inbox = { 1, 2 }, b = { 3, 4 }, c = { 5 } }, function(self)
      for i = 1, 5 do got[i] = self:recvAny { "c", "b", "inbox" } end
    end)
    assert.same({ "c", "b", "b", "inbox", "inbox" }, got)
  end)

  it("with a list looks at those boxes only", function()
    local got
    any({ inbox = { 1 }, b = { 2 } }, function(self)
      got = { self:recvAny { "b" }, (select(2, self:recvAny { "b" })) }
      self:recv()
    end)
    assert.equal("b", got[1])
    any({ inbox = { 1 }, b = { 2 } }, function(self)
      self:recvAny { "b" }
      got = table.pack(self:recvAny { "b" })
      self:recv()
    end)
    assert.same({ nil, "ended", n = 2 }, got)
  end)

  it("does not look at control", function()
    local got
    kit.runs(kam.Graphline {
      A = kam.OneShot "x", B = kam.main(function(self)
        self:sleep(1)
        got = table.pack(self:recvAny(nil, 1))
        self:recv "control"
      end),
      linkages = { "A -> B.control" },
    })
    assert.same({ nil, "timeout", n = 2 }, got)
  end)

  it("gives nil and ended when all fed boxes have ended", function()
    local got
    any({ inbox = { 1 }, b = { 2 }, c = { 3 } }, function(self)
      for _ = 1, 3 do self:recvAny() end
      got = table.pack(self:recvAny())
    end)
    assert.same({ nil, "ended", n = 2 }, got)
  end)

  it("stops also when one of its boxes was never fed", function()
    local got
    any({ inbox = { 1 }, b = { 2 } }, function(self)
      for _ = 1, 2 do self:recvAny() end
      got = self:recvAny()
    end)
    assert.is_nil(got)
  end)

  it("gives nil and timeout after its time", function()
    local got, begun, took
    within(function(self)
      begun = kam.now()
      got = table.pack(self:recvAny(nil, 2))
      took = kam.now() - begun
    end)
    assert.same({ nil, "timeout", n = 2 }, got)
    assert.equal(2, round(took))
  end)

  it("names the nearest inbox", function()
    kit.has(failing(function(self) self:recvAny { "othr" } end), 'did you mean "other"?')
  end)
end)

describe("messagesAny", function()
  it("gives box and message until the end, also for false", function()
    local got = {}
    kit.runs(kam.Graphline {
      A = kam.DataSource { 1, false }, B = kam.DataSource { "x" },
      C = kam.component "Gate" {
        inboxes = { gate = "more" },
        main = function(self)
          for box, m in self:messagesAny() do got[#got + 1] = box .. " " .. tostring(m) end
        end,
      }(),
      linkages = { "A -> C", "B -> C.gate" },
    })
    table.sort(got)
    assert.same({ "gate x", "inbox 1", "inbox false" }, got)
  end)

  it("with a list gives priority in its order", function()
    local got = {}
    kit.runs(kam.Graphline {
      A = kam.DataSource { 1, 2 }, B = kam.DataSource { 3, 4 },
      C = kam.component "Gate" {
        inboxes = { gate = "more" },
        main = function(self)
          self:sleep(1)
          for _, m in self:messagesAny { "gate", "inbox" } do got[#got + 1] = m end
        end,
      }(),
      linkages = { "A -> C", "B -> C.gate" },
    })
    assert.same({ 3, 4, 1, 2 }, got)
  end)
end)

describe("dataReady", function()
  it("gives how many wait, and false for none", function()
    local got
    within(function(self)
      self:sleep(1)
      got = { self:dataReady(), self:dataReady "inbox", self:dataReady "b", self:dataReady "control" }
      self:recv()
    end, { "x", "y" }, { b = "empty" })
    assert.same({ 2, 2, false, false }, got)
  end)

  it("names the nearest inbox", function()
    kit.has(failing(function(self) self:dataReady "othr" end), 'did you mean "other"?')
  end)
end)

describe("anyReady", function()
  it("gives a box that has something, and nil for none", function()
    local got
    within(function(self)
      self:sleep(1)
      got = { self:anyReady(), self:recv(), self:anyReady() }
    end, { "x" })
    assert.same({ "inbox", "x", nil }, got)
  end)

  it("looks at control, too", function()
    local got
    kit.runs(kam.Pipeline { kam.OneShot "x", kam.main(function(self)
      self:recv()
      self:sleep(1)
      got = self:anyReady()
    end) })
    assert.equal("control", got)
  end)
end)

describe("pause", function()
  it("waits until something comes, and says where", function()
    local at, box
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        self:sleep(2)
        self:send "x"
      end),
      kam.main(function(self)
        local begun = kam.now()
        box = self:pause()
        at = kam.now() - begun
        self:recv()
      end),
    })
    assert.equal("inbox", box)
    assert.equal(2, round(at))
  end)

  it("returns at once if something came since the last pause", function()
    local got, begun, took
    within(function(self)
      self:sleep(1)
      begun = kam.now()
      got = table.pack(self:pause(5))
      took = kam.now() - begun
      self:recv()
    end, { "x" })
    assert.same({ "inbox", n = 1 }, got)
    assert.equal(0, took)
  end)

  it("waits although a message lies there, if nothing came since the last pause", function()
    local begun, took, second
    within(function(self)
      self:sleep(1)
      self:pause()
      begun = kam.now()
      second = table.pack(self:pause(5))
      took = kam.now() - begun
      self:recv()
    end, { "x" })
    assert.same({ nil, n = 1 }, second)
    assert.equal(5, round(took))
  end)

  it("says control when it is told to end", function()
    local got
    kit.runs(kam.Pipeline { kam.OneShot "x", kam.main(function(self)
      self:recv()
      got = self:pause()
    end) })
    assert.equal("control", got)
  end)

  it("gives nil after its time", function()
    assert.same({ nil, n = 1 }, table.pack(within(function(self) return self:pause(1) end)))
  end)
end)

describe("sleep", function()
  it("sleeps its time and gives true", function()
    local took
    assert.same({ true, n = 1 }, table.pack(within(function(self)
      local begun = kam.now()
      local r = self:sleep(0.25)
      took = kam.now() - begun
      return r
    end)))
    assert.equal(0.25, round(took))
  end)

  it("is not woken by messages", function()
    local took
    kit.runs(kam.Pipeline {
      kam.main(function(self)
        self:sleep(1)
        self:send "x"
        self:sleep(5)
      end),
      kam.main(function(self)
        local begun = kam.now()
        self:sleep(3)
        took = kam.now() - begun
        self:recv()
      end),
    })
    assert.equal(3, round(took))
  end)

  it("needs a time", function()
    kit.has(failing(function(self) self:sleep() end), "number expected")
    kit.has(failing(function(self) self:sleep(-1) end), "E0310")
  end)
end)

describe("yield", function()
  it("lets the others run first", function()
    local order = {}
    local function twice(name)
      return kam.main(function(self)
        order[#order + 1] = name .. 1
        self:yield()
        order[#order + 1] = name .. 2
      end)
    end
    kit.runs(kam.Graphline { A = twice "a", B = twice "b" })
    assert.same({ "a1", "b1", "a2", "b2" }, order)
  end)

  it("is what a bare coroutine.yield is", function()
    local order = {}
    local function twice(name)
      return kam.main(function()
        order[#order + 1] = name .. 1
        coroutine.yield()
        order[#order + 1] = name .. 2
        coroutine.yield(1, 2, 3)
        order[#order + 1] = name .. 3
      end)
    end
    kit.runs(kam.Graphline { A = twice "a", B = twice "b" })
    assert.same({ "a1", "b1", "a2", "b2", "a3", "b3" }, order)
  end)
end)

describe("shuttingDown", function()
  it("gives false as long as nobody told, and then takes the end from control", function()
    local got
    kit.runs(kam.Pipeline { kam.OneShot "x", kam.main(function(self)
      got = { self:shuttingDown(), self:recv() }
      self:pause()
      got[3] = self:dataReady "control"
      got[4] = self:shuttingDown()
      got[5] = self:dataReady "control"
      got[6] = self:shuttingDown()
    end) })
    assert.same({ false, "x", 1, "producerFinished", false, false }, got)
  end)

  it("passes the end on to signal", function()
    local h <close> = kam.handle(kam.main(function(self)
      repeat self:pause() until self:shuttingDown()
      self:sleep(5)
    end))
    h:finish()
    assert.equal("producerFinished", kam.isShutdown(h:get("signal", 1)))
  end)
end)

describe("told", function()
  it("only looks", function()
    local got = {}
    local feeder = kam.main(function(self)
      self:send "x"
      self:sleep(1)
    end)
    kit.runs(kam.Pipeline { feeder, kam.main(function(self)
      got[1] = self:told() or "no"
      for _ in self:messages() do end
      got[2] = self:told()
      got[3] = self:told()
      got[4] = self:dataReady "control"
    end) })
    assert.same({ "no", "producerFinished", "producerFinished", 1 }, got)
  end)
end)

describe("link in main", function()
  it("takes a component, { component, box } and NAME.box, and gives a linkage to unlink", function()
    local got = {}
    kit.runs(kam.main(function(self)
      local g = kam.Graphline { IN = kam.PassThrough(), OUT = kit.into(got) }
      self:addChildren(g)
      g:link("IN", "OUT")
      local l = self:link({ self, "outbox" }, { g.children.IN, "inbox" })
      self:send(1)
      assert.is_true(self:unlink(l))
      assert.is_false(self:unlink(l))
      self:link({ self, "outbox" }, g.children.IN)
      self:send(2)
    end))
    assert.same({ 1, 2 }, got)
  end)

  it("takes terms", function()
    local full
    kit.runs(kam.main(function(self)
      local child = self:addChildren(kam.main(function(c)
        c:sleep(1)
        for _ in c:messages() do end
      end))
      self:link({ self, "outbox" }, child, { limit = 2 })
      self:send(1)
      self:send(2)
      full = select(2, self:trySend(3))
    end))
    assert.equal("full", full)
  end)

  it("refuses bare self, because both boxes could be meant", function()
    kit.has(failing(function(self) self:link(self:addChildren(kam.OneShot "x"), self) end), "E0109",
      "self in a link needs a box")
  end)

  it("refuses what is no component", function()
    kit.has(failing(function(self) self:link({ self, "outbox" }, 5) end), "E0211", "the number 5")
  end)

  it("is undone for a whole component by unlink", function()
    local lost = kit.lost(function()
      kit.run(kam.main(function(self)
        local child = self:addChildren(kam.main(function(c) c:sleep(5) end))
        self:link({ self, "outbox" }, child)
        self:unlink(child)
        self:send "x"
      end))
    end)
    assert.same({ unlinked = 1 }, lost)
  end)
end)

describe("addInbox and addOutbox", function()
  it("give the actual name, with a suffix when it is taken", function()
    local names
    within(function(self)
      names = { self:addInbox "a", self:addInbox "a", self:addInbox "a", self:addInbox "inbox",
        self:addOutbox "a", self:addOutbox "a" }
      for _, n in ipairs(names) do assert.is_string(n) end
    end)
    assert.equal("a", names[1])
    assert.equal("a", names[5])
    local seen = {}
    for i = 1, 4 do
      assert.is_nil(seen[names[i]])
      seen[names[i]] = true
    end
    assert.is_true(names[2]:find "^a" ~= nil and names[2] ~= "a")
    assert.is_true(names[4]:find "^inbox" ~= nil and names[4] ~= "inbox")
    assert.is_true(names[6]:find "^a" ~= nil and names[6] ~= "a")
  end)

  it("show in self.inboxes and self.outboxes, and are gone when removed", function()
    local got
    within(function(self)
      local i, o = self:addInbox("more", "what more"), self:addOutbox "out"
      got = { self.inboxes.more, self.outboxes.out }
      self:removeInbox(i)
      self:removeOutbox(o)
      got[3], got[4] = self.inboxes.more or "gone", self.outboxes.out or "gone"
    end)
    assert.same({ "what more", "", "gone", "gone" }, got)
  end)

  it("can be linked, sent to and read at once", function()
    local got
    within(function(self)
      local i, o = self:addInbox "i", self:addOutbox "o"
      self:link({ self, o }, { self, i })
      self:send("x", o)
      got = self:recv(i)
    end)
    assert.equal("x", got)
  end)

  it("take what a declaration takes", function()
    local full
    kit.runs(kam.main(function(self)
      local i = self:addInbox("small", { "few", limit = 2, whenFull = "dropNewest" })
      local o = self:addOutbox("o")
      self:link({ self, o }, { self, i })
      for n = 1, 4 do self:send(n, o) end
      full = self:dataReady(i)
      self:recv(i)
      self:recv(i)
    end))
    assert.equal(2, full)
  end)

  it("are refused a wrong field", function()
    kit.has(failing(function(self) self:addInbox("x", { "text", limt = 2 }) end), "limt",
      'did you mean "limit"?')
  end)

  it("do not remove what was declared", function()
    kit.has(failing(function(self) self:removeInbox "inbox" end), "E0314", "inbox of Shout was declared")
    kit.has(failing(function(self) self:removeOutbox "signal" end), "E0314")
  end)
end)

describe("addChildren", function()
  it("gives the components back", function()
    local a, b = kam.NullSink(), kam.NullSink()
    local got
    within(function(self) got = table.pack(self:addChildren(a, b)) end)
    assert.equal(2, got.n)
    assert.is_true(rawequal(a, got[1]) and rawequal(b, got[2]))
  end)

  it("starts them, if their owner runs", function()
    local ran = false
    within(function(self)
      self:addChildren(kam.main(function() ran = true end))
      self:sleep(1)
    end)
    assert.is_true(ran)
  end)

  it("lets them start with their owner, if it does not run yet", function()
    local ran = 0
    local Owner = kam.component "Owner" {
      init = function(self)
        self:addChildren(kam.main(function() ran = ran + 1 end))
      end,
      main = function(self) self:sleep(1) end,
    }
    local owner = Owner()
    assert.equal(0, ran)
    kit.runs(owner)
    assert.equal(1, ran)
  end)

  it("refuses what has an owner, or runs already", function()
    kit.has(failing(function(self)
      local child = self:addChildren(kam.main(function(c) c:sleep(1) end))
      self:addChildren(child)
    end), "E0212", "belongs to another component already")
    kit.has(failing(function(self) self:addChildren(self) end), "E0213")
  end)
end)

describe("removeChild", function()
  it("ends the child and forgets it", function()
    local told, left
    within(function(self)
      local child = self:addChildren(kam.main(function(c)
        c:sleep(100)
        told = c:told()
      end))
      self:sleep(1)
      self:removeChild(child)
      left = #self.children
      self:sleep(1)
    end)
    assert.equal("shutdownMicroprocess", told)
    assert.equal(0, left)
  end)

  it("are listed while they live, in the order in which they were added", function()
    local lists, first = {}, nil
    local function note(self)
      local list = {}
      for i, c in ipairs(self.children) do list[i] = c.seconds end
      for _, c in pairs(self.children) do list.some = c end
      lists[#lists + 1] = list
    end
    within(function(self)
      note(self)
      for seconds = 3, 1, -1 do
        local c = kam.main(function(me) me:sleep(seconds) end)
        rawset(c, "seconds", seconds)
        self:addChildren(c)
      end
      first = self.children[1]
      note(self)
      self:sleep(1.5)
      note(self)
      self:sleep(2)
      note(self)
    end)
    assert.equal(3, first.seconds)
    for _, list in ipairs(lists) do list.some = list.some and "some" end
    assert.same({ {}, { 3, 2, 1, some = "some" }, { 3, 2, some = "some" }, {} }, lists)
  end)

  it("that come and go leave nothing behind", function()
    local kept
    within(function(self)
      for _ = 1, 3 do
        for _ = 1, 100 do self:addChildren(kam.main(function() end)) end
        self:sleep(1)
        collectgarbage()
        kept = kept or core.totals().memory
      end
      collectgarbage()
      kept = core.totals().memory - kept
      assert.equal(0, #self.children)
    end)
    assert.is_true(kept < 20000, kept)
  end)
end)

describe("watch", function()
  it("gives the end as { component =, ok =, error = } in the box", function()
    local got
    local child = kam.main(function(c) c:sleep(1) end)
    within(function(self)
      self:addInbox "ended"
      self:watch(self:addChildren(child), "ended")
      got = self:recv "ended"
    end)
    assert.same({ component = child, ok = true }, got)
  end)

  it("serves also those that are not one's children", function()
    local got
    local other = kam.main(function(self) self:sleep(1) end)
    kit.runs(other, kam.main(function(self)
      self:watch(other, "inbox")
      got = self:recv()
    end))
    assert.is_true(got.ok)
  end)

  it("refuses a box that is not there, before anything ends", function()
    kit.has(failing(function(self) self:watch(self:addChildren(kam.OneShot "x"), "endd") end), "endd")
  end)
end)

describe("join", function()
  -- A component that answers each message by what a child sends, and says how that ended.
  local function each(make)
    return kam.component "Each" {
      main = function(self)
        for msg in self:messages() do
          local c = make(msg)
          self:link({ c, "outbox" }, { self, "outbox" })
          self:addChildren(c)
          local over, why = self:join(c)
          self:send(over and (over.error and "failed" or over.ok) or why)
        end
      end,
    } ()
  end

  it("waits until a component has ended, also when nothing more comes", function()
    local got = kam.try(each(function(msg)
      return kam.main(function(self)
        self:sleep(1)
        self:send(msg)
      end)
    end), { "a", "b" })
    assert.same({ "a", true, "b", true }, got)
    assert.same({ "hi", true }, kam.try(each(kam.OneShot), { "hi" }))
  end)

  it("tells of a failure", function()
    assert.same({ "failed" }, kam.try(each(function() return kam.main(function() error "no" end) end), { 1 }))
  end)

  it("ends when it is told to end now", function()
    local got
    local waits = kam.main(function(self) got = table.pack(self:join(self:addChildren(kam.PeriodicTick(1)))) end)
    kit.runs(waits, kam.main(function(self)
      self:sleep(0.5)
      waits:stop()
    end))
    assert.same({ nil, "told", n = 2 }, got)
  end)

  it("tells at once of one that has ended", function()
    local got
    within(function(self)
      local short, long = self:addChildren(kam.main(function() end), kam.main(function(c) c:sleep(1) end))
      got = { self:join(long), self:join(short) }
    end)
    assert.is_true(got[1].ok and got[2].ok)
  end)

  it("takes components only", function()
    kit.has(failing(function(self) self:join "x" end), "E0211")
  end)
end)

describe("log", function()
  it("says its arguments on the standard error, with the component's name before them", function()
    local text = kit.said(kam.run, kam.Graphline {
      SHOUT = kam.main(function(self) self:log("no answer:", { x = 1 }, nil, 5) end),
    })
    assert.equal("SHOUT: no answer: { x = 1 } nil 5", text)
  end)
end)

describe("a call that may wait", function()
  local calls = {
    send = function(self) self:send "x" end,
    trySend = function(self) self:trySend "x" end,
    recv = function(self) self:recv() end,
    recvAny = function(self) self:recvAny() end,
    messages = function(self) self:messages() end,
    messagesAny = function(self) self:messagesAny() end,
    pause = function(self) self:pause(0) end,
    sleep = function(self) self:sleep(0) end,
    yield = function(self) self:yield() end,
  }

  for name, call in pairs(calls) do
    it(name .. " is refused in a coroutine of the user's own, at the first call", function()
      local sent = core.totals().sent
      kit.has(failing(function(self) coroutine.wrap(call)(self) end), "E0304",
        name .. " was called in a coroutine of your own")
      assert.equal(sent, core.totals().sent)
    end)

    it(name .. " is refused inside table.sort, at the first call", function()
      local sent = core.totals().sent
      kit.has(failing(function(self)
        table.sort({ 2, 1 }, function(a, b)
          call(self)
          return a < b
        end)
      end), "E0303", name .. " cannot wait here")
      assert.equal(sent, core.totals().sent)
    end)

    it(name .. " is refused outside main", function()
      local c = kam.main(function() end)
      kit.has(kit.refused(call, c), "E0306", name .. " works only inside main")
      c:stop()
      kit.runs(kam.main(function() end))
    end)

    it(name .. " is refused for another component", function()
      local other = kam.main(function(self) self:sleep(2) end)
      kit.has(failing(function(self)
        self:addChildren(other)
        self:sleep(1)
        call(other)
      end), "E0306")
    end)

    it(name .. " says so when it is called with a dot", function()
      kit.has(failing(function(self) self[name] "x" end), "E0305", name .. ' was called with "."',
        ("self:%s(…)"):format(name))
    end)
  end

  it("is refused inside string.gsub and in metamethods called from C", function()
    kit.has(failing(function(self) return ("a"):gsub("a", function(c) self:send(c) end) end), "E0303")
    kit.has(failing(function(self)
      local t = setmetatable({}, { __lt = function() self:recv() return true end })
      table.sort { t, setmetatable({}, getmetatable(t)) }
    end), "E0303")
  end)

  it("may be called from helpers, pcall, iterators and metamethods of Lua", function()
    local got = kam.try(kam.main(function(self)
      local function helper() self:send(1) end
      helper()
      pcall(function() self:send(2) end)
      for _, v in ipairs { 3 } do self:send(v) end
      local t = setmetatable({}, { __index = function(_, key)
        self:send(key)
        return key
      end })
      assert(t[4] == 4)
      xpcall(function() self:send(5) end, print)
    end))
    assert.same({ 1, 2, 3, 4, 5 }, got)
  end)

  it("may wait inside pcall", function()
    local got
    kit.runs(kam.Pipeline { kam.main(function(self) self:sleep(1) self:send "x" end), kam.main(function(self)
      got = table.pack(pcall(self.recv, self))
    end) })
    assert.same({ true, "x", n = 2 }, got)
  end)
end)

describe("coroutines of the user's own", function()
  it("work as ever inside main", function()
    local got = {}
    kit.runs(kam.main(function()
      local co = coroutine.create(function(a)
        local b = coroutine.yield(a + 1)
        return b * 2
      end)
      got[1] = table.pack(coroutine.resume(co, 1))
      got[2] = table.pack(coroutine.resume(co, 5))
      got[3] = table.pack(coroutine.resume(co))
      for v in coroutine.wrap(function() coroutine.yield "a" coroutine.yield "b" end) do
        got[#got + 1] = v
      end
      got[#got + 1] = select(2, pcall(coroutine.wrap(function() error({ "an error" }) end)))[1]
    end))
    assert.same({ { true, 2, n = 2 }, { true, 10, n = 2 }, { false, "cannot resume dead coroutine", n = 2 },
      "a", "b", "an error" }, got)
  end)
end)

describe("the ends (C4)", function()
  it("are told from other messages by isShutdown", function()
    assert.equal("producerFinished", kam.isShutdown(kam.producerFinished()))
    assert.equal("shutdownMicroprocess", kam.isShutdown(kam.shutdownMicroprocess()))
    for _, v in ipairs { 1, "producerFinished", {}, true } do assert.is_false(kam.isShutdown(v)) end
    assert.is_false(kam.isShutdown(nil))
  end)

  it("travel through data boxes as messages", function()
    local got = kam.try(kam.PassThrough(), { kam.producerFinished() })
    assert.equal("producerFinished", kam.isShutdown(got[1]))
  end)
end)
