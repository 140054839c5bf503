-- Pipeline and Graphline.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"

local function double() return kam.map(function(x) return x * 2 end) end

local function refused(make, ...)
  local given = table.pack(...)
  return kit.refused(function()
    local c = make(table.unpack(given, 1, given.n))
    return c
  end)
end

after_each(kit.settled)

describe("a Pipeline", function()
  it("hands messages from one component to the next, in order", function()
    assert.same({ 2, 4, 6 }, kam.try(kam.Pipeline { kam.PassThrough(), double() }, { 1, 2, 3 }))
  end)

  it("takes its components as arguments, too", function()
    assert.same({ 4 }, kam.try(kam.Pipeline(double(), double()), { 1 }))
  end)

  it("may have one component only", function()
    assert.same({ 2 }, kam.try(kam.Pipeline { double() }, { 1 }))
    assert.same({ 2 }, kam.try(kam.Pipeline(double()), { 1 }))
  end)

  it("may stand in a Pipeline", function()
    assert.same({ 8 }, kam.try(kam.Pipeline {
      double(), kam.Pipeline { kam.Pipeline { double() }, kam.PassThrough() }, double(),
    }, { 1 }))
  end)

  it("may begin with what takes nothing", function()
    assert.same({ 2, 4 }, kam.try(kam.Pipeline { kam.DataSource { 1, 2 }, double() }))
  end)

  it("may end with what sends nothing", function()
    local got = {}
    kit.runs(kam.Pipeline { kit.count(3), double(), kit.into(got) })
    assert.same({ 2, 4, 6 }, got)
  end)

  it("of a source in a Pipeline takes nothing either", function()
    kit.has(refused(kam.Pipeline, { kam.PassThrough(), kam.Pipeline { kit.count(1), double() } }), "E0110")
  end)

  it("refuses a component that takes nothing behind one that sends", function()
    kit.has(refused(kam.Pipeline, { kam.DataSource { 1 }, kam.PeriodicTick(1) }), "E0110",
      "PeriodicTick", "takes no messages, so it can only be first in a Pipeline", "chassis_spec.lua:")
  end)

  it("names the boxes of one that has no inbox of that name", function()
    local Sides = kam.component "Sides" {
      inboxes = { inbox = false, left = "one", right = "other" }, main = function() end,
    }
    kit.has(refused(kam.Pipeline, { kam.OneShot(1), Sides() }), "E0110", "Sides has no box inbox for OneShot",
      "it has left, right, for a Graphline")
  end)

  it("does not link what sends nothing to the next", function()
    local got = {}
    kit.runs(kam.Pipeline { kam.Pipeline { kit.count(2), kit.into(got) }, kam.OneShot "x", kit.into(got) })
    table.sort(got, function(a, b) return tostring(a) < tostring(b) end)
    assert.same({ 1, 2, "x" }, got)
  end)

  it("needs at least one component", function()
    kit.has(refused(kam.Pipeline, {}), "E0111", "a Pipeline needs at least one component")
    kit.has(refused(kam.Pipeline), "Pipeline")
  end)

  it("says which item is no component", function()
    kit.has(refused(kam.Pipeline, { kam.NullSink(), 5 }), "E0112",
      "item 2 of 2 is the number 5, not a component")
    kit.has(refused(kam.Pipeline, { kam.OneShot "x", nil, kam.NullSink() }), "item 2 of 3 is nil")
    kit.has(refused(kam.Pipeline, { "ConsoleReader" }), "item 1 is the string")
  end)

  it("says so when an item is the kind, and not a component", function()
    kit.has(refused(kam.Pipeline, { kam.ConsoleReader, kam.ConsoleEchoer() }), "E0112",
      "item 1 of 2 is the kind ConsoleReader, not a component; make one", "kam.ConsoleReader()")
  end)

  it("says so when an item is a function", function()
    kit.has(refused(kam.Pipeline, { kam.OneShot "x", string.upper }), "is a function, not a component",
      "kam.map(f)")
  end)

  it("refuses an option that it does not have", function()
    kit.has(refused(kam.Pipeline, { kam.NullSink(), circulr = true }), "E0205", 'did you mean "circular"?')
  end)

  it("that is circular links the last one back to the first", function()
    local got = {}
    local first = kam.main(function(self)
      self:send(1)
      for n in self:messages() do
        got[#got + 1] = n
        if n > 20 then return end
        self:send(n)
      end
    end)
    kit.runs(kam.Pipeline { first, double(), circular = true })
    assert.same({ 2, 4, 8, 16, 32 }, got)
  end)

  it("ends when all its components have ended", function()
    local ended
    kit.runs(kam.main(function(self)
      local begun = kam.now()
      self:addInbox "ended"
      self:watch(self:addChildren(kam.Pipeline {
        kam.PeriodicTick { 1, count = 3 }, kam.NullSink(),
      }), "ended")
      self:recv "ended"
      ended = kam.now() - begun
    end))
    assert.equal(3, math.floor(ended + 0.5))
  end)

  it("tells its components to end now when it is told", function()
    local notes = {}
    local p = kam.Pipeline { kam.main(function(self)
      self:sleep(100)
      notes[1] = self:told()
    end), kam.NullSink() }
    kit.runs(p, kam.main(function(self)
      self:sleep(1)
      p:stop()
    end))
    assert.same({ "shutdownMicroprocess" }, notes)
  end)

  it("loses nothing in the middle of which MyComponent of the design stands", function()
    local MyComponent = kam.component "MyComponent" {
      inboxes  = { inbox = "some data in", control = "stops the component" },
      outboxes = { outbox = "some data out", signal = "shutdown signal" },
      main = function(self)
        while not self:doShutdown() do
          if self:dataReady "inbox" then
            local data = self:recv "inbox"
            self:send(data, "outbox")
          end
          if not self:anyReady() then self:pause() end
        end
      end,
      doShutdown = function(self)
        if self:dataReady "control" then
          if kam.isShutdown(self:recv "control") then
            self:send(kam.producerFinished(), "signal")
            return true
          end
        end
        return false
      end,
    }
    for _, n in ipairs { 1, 2, 63, 64, 65, 255, 256, 257, 1000 } do
      local got = {}
      kit.runs(kam.Pipeline { kit.count(n), MyComponent(), MyComponent(), kit.into(got) })
      assert.same(kit.numbers(n), got)
    end
  end)
end)

describe("a Graphline", function()
  it("links its components as its linkages say", function()
    local got = {}
    kit.runs(kam.Graphline {
      A = kit.count(3), B = double(), C = kit.into(got), linkages = { "A -> B", "B -> C" },
    })
    assert.same({ 2, 4, 6 }, got)
  end)

  it("passes its own boxes through: self is its inbox on the left, its outbox on the right", function()
    assert.same({ 2, 4 }, kam.try(kam.Graphline {
      B = double(), linkages = { "self -> B -> self" },
    }, { 1, 2 }))
  end)

  it("has other boxes of its own where they are declared", function()
    local h <close> = kam.handle(kam.Graphline {
      B = double(), inboxes = { "next" }, linkages = { "self.next -> B -> self" },
    })
    h:put(4, "next")
    assert.equal(8, h:get())
  end)

  it("takes texts and terms for its own boxes", function()
    local g = kam.Graphline {
      B = double(), inboxes = { next = { "which is next", limit = 3 } },
      outboxes = { more = "what more there is" },
      linkages = { "self.next -> B -> self.more" },
    }
    assert.equal("which is next", g.inboxes.next)
    assert.equal("what more there is", g.outboxes.more)
    g:stop()
    kit.runs(kam.main(function() end))
  end)

  it("refuses an outbox of its own that is not declared, and names the nearest", function()
    local g = { B = double(), outboxes = { "out" }, linkages = { "B -> self.outt" } }
    kit.has(refused(kam.Graphline, g), "E0114", 'this Graphline has no outbox "outt"; did you mean "out"?',
      'mend: "B -> self.out"')
    kit.has(refused(kam.Graphline, { B = double(), linkages = { "B -> self.more" } }), "E0114",
      'this Graphline has no outbox "more"; it has: outbox, signal', 'outboxes = { "more" }')
  end)

  it("refuses an inbox of its own that is not declared, and says how to add it", function()
    kit.has(refused(kam.Graphline, { B = double(), linkages = { "self.nxt -> B" } }), "E0114",
      'this Graphline has no inbox "nxt"; it has: control, inbox', 'inboxes = { "nxt" }')
  end)

  it("passes control to a child where a linkage says so", function()
    local told
    local h <close> = kam.handle(kam.Graphline {
      B = kam.main(function(self)
        repeat self:pause() until self:dataReady "control"
        told = kam.isShutdown(self:recv "control")
      end),
      linkages = { "self.control -> B.control" },
    })
    h:get("outbox", 1) -- it has begun
    h:put(kam.shutdownMicroprocess(), "control")
    h:get()
    assert.equal("shutdownMicroprocess", told)
  end)

  it("refuses a name that is not in it, and names the nearest", function()
    kit.has(refused(kam.Graphline, {
      SRC = kam.OneShot "x", SNK = kam.NullSink(), linkages = { "SRC -> SKN" },
    }), "E0102", 'there is no component "SKN" in this graph; did you mean "SNK"?', "in this graph: SNK, SRC",
      '"SRC -> SNK"', "chassis_spec.lua:")
  end)

  it("says which item is no component", function()
    kit.has(refused(kam.Graphline, { A = 5, linkages = {} }), "E0112", "A is the number 5, not a component")
    kit.has(refused(kam.Graphline, { A = kam.NullSink, linkages = {} }),
      "A is the kind NullSink, not a component")
  end)

  it("needs at least one component", function()
    kit.has(refused(kam.Graphline, { linkages = {} }), "E0111", "a Graphline needs at least one component")
  end)

  it("needs linkages that are a list", function()
    kit.has(refused(kam.Graphline, { A = kam.NullSink(), linkages = "A -> B" }), "linkages")
  end)

  it("refuses components without a name", function()
    kit.has(refused(kam.Graphline, { kam.OneShot "x", A = kam.NullSink(), linkages = {} }), "E0")
  end)

  it("starts its components in the order of their making", function()
    local order = {}
    local function note(name) return kam.main(function() order[#order + 1] = name end) end
    local z, m, a = note "z", note "m", note "a"
    kit.runs(kam.Graphline { A = a, M = m, Z = z, linkages = {} })
    assert.same({ "z", "m", "a" }, order)
  end)

  it("needs no linkages", function()
    local n = 0
    kit.runs(kam.Graphline { A = kam.main(function() n = n + 1 end), B = kam.main(function() n = n + 1 end) })
    assert.equal(2, n)
  end)

  it("may stand in a Pipeline, and a Pipeline in it", function()
    local got = {}
    kit.runs(kam.Pipeline {
      kit.count(2),
      kam.Graphline { P = kam.Pipeline { double(), double() }, linkages = { "self -> P -> self" } },
      kit.into(got),
    })
    assert.same({ 4, 8 }, got)
  end)

  it("lets sources in it go on when what feeds its inbox has ended", function()
    local got = {}
    kit.runs(kam.Pipeline {
      kam.OneShot "x",
      kam.Graphline {
        TICK = kam.PeriodicTick { 1, count = 3 }, BOTH = kam.PassThrough(),
        linkages = { "self, TICK -> BOTH -> self" },
      },
      kit.into(got),
    })
    assert.same({ "x", 1, 2, 3 }, got)
  end)

  it("takes a link to null away again, and no other", function()
    local g = kam.Graphline { A = kam.PassThrough(), B = kam.NullSink(), T = kam.Tee(), linkages = { "A -> B" } }
    local function links()
      local list = {}
      for i, l in ipairs(core.links()) do list[i] = kam.show(l) end
      return list
    end
    local before = links()
    for _, text in ipairs { "T -> null", "A -> null", "T.signal -> null" } do
      g:link(text)
      g:unlink(text)
      assert.same(before, links())
    end
    g:link "T -> null"
    assert.has_error(function() g:link "T -> null -> B" end)
    assert.equal(#before + 1, #links())
    g:unlink "T -> null"
  end)

  it("can be linked, unlinked and added to while it lives", function()
    local got = {}
    local g = kam.Graphline {
      TICK = kam.PeriodicTick { 1, count = 4 },
      A = kam.each(function(n) got[#got + 1] = "A" .. n end),
      linkages = { "TICK -> A" },
    }
    kit.runs(kam.main(function(self)
      self:addChildren(g)
      self:sleep(2.5)
      g:unlink "TICK -> A"
      g:add { B = kam.each(function(n) got[#got + 1] = "B" .. n end) }
      g:link "TICK -> B"
      self:sleep(2.5)
    end))
    assert.same({ "A1", "A2", "B3", "B4" }, got)
    assert.equal("B", g.children.B.name)
  end)

  it("that cannot be built leaves nothing behind that runs", function()
    local ran = false
    local a = kam.main(function() ran = true end)
    refused(kam.Graphline, { A = a, linkages = { "A -> NOBODY" } })
    kit.runs(kam.main(function() end))
    assert.is_false(ran)
    assert.equal(0, core.totals().active)
  end)
end)
