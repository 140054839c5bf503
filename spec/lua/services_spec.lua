-- Services by name, and questions that get an answer: design C3, C6; ask, registerService.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"

-- A component that answers each request with f(msg).
local function serving(f)
  return kam.component "Server" {
    inboxes = { inbox = { "requests", open = true } },
    main = function(self)
      for request in self:messages() do request:reply(f(request.msg)) end
    end,
  }()
end

-- What asking gives: runs a component that asks, beside others.
local function asked(ask, ...)
  local got
  local asker = kam.main(function(self) got = table.pack(ask(self)) end)
  local all = { ... }
  all[#all + 1] = asker
  local text = kit.said(kam.run, table.unpack(all))
  return got, text
end

describe("ask", function()
  after_each(kit.settled)

  it("gives the answer of a component", function()
    local server = serving(function(n) return n * 2 end)
    assert.same({ 14, n = 1 }, asked(function(self) return self:ask(server, 7) end, server))
  end)

  it("gives false as an answer", function()
    local server = serving(function() return false end)
    assert.same({ false, n = 1 }, asked(function(self) return self:ask(server, 7) end, server))
  end)

  it("finds a service by its name", function()
    local server = serving(tostring)
    kam.registerService("ECHO", server)
    assert.same({ "7", n = 1 }, asked(function(self) return self:ask("ECHO", 7) end, server))
  end)

  it("asks a named box", function()
    local server = kam.component "Server" {
      inboxes = { questions = { "requests", open = true } },
      main = function(self)
        for request in self:messages "questions" do request:reply "yes" end
      end,
    }()
    assert.same({ "yes", n = 1 },
      asked(function(self) return self:ask({ server, "questions" }, 7) end, server))
  end)

  it("gives up after its time, and a late answer is nobody's", function()
    local late
    local server = kam.component "Server" {
      inboxes = { inbox = { "requests", open = true } },
      main = function(self)
        local first = self:recv()
        self:sleep(5)
        late = first:reply "late"
        self:recv():reply "in time"
      end,
    }()
    local got = asked(function(self)
      local a, why = self:ask(server, 1, 2)
      return a, why, (self:ask(server, 2, 9))
    end, server)
    assert.same({ nil, "timeout", "in time", n = 3 }, got)
    assert.is_false(late)
  end)

  it("gives receiverGone when the request is dropped", function()
    local server = kam.component "Server" {
      inboxes = { inbox = { "requests", open = true } },
      main = function(self) repeat until not self:recv() end,
    }()
    assert.same({ nil, "receiverGone", n = 2 }, asked(function(self) return self:ask(server, 1) end, server))
  end)

  it("gives receiverGone when the other ends before it takes it", function()
    local server = kam.main(function(self) self:sleep(1) end)
    local clock = kam.PeriodicTick { 0.1, count = 100 }
    local got = asked(function(self) return self:ask(server, 1) end, server,
      kam.Pipeline { clock, kam.NullSink() })
    assert.same({ nil, "receiverGone", n = 2 }, got)
  end)

  it("gives receiverGone when the other fails at it", function()
    local server = kam.main(function(self)
      local request = self:recv()
      error("cannot " .. request.msg)
    end)
    local report
    local watcher = kam.main(function(self)
      self:watch(server)
      report = self:recv()
    end)
    assert.same({ nil, "receiverGone", n = 2 },
      asked(function(self) return self:ask(server, "fly") end, watcher, server))
    kit.has(report.error, "cannot fly")
  end)

  it("gives receiverGone at once when the other has ended", function()
    local server = kam.main(function() end)
    local got = asked(function(self)
      self:sleep(1)
      return self:ask(server, 1)
    end, server)
    assert.same({ nil, "receiverGone", n = 2 }, got)
  end)

  it("may be passed on by who is asked", function()
    local server = serving(function(n) return n + 1 end)
    local front = kam.component "Front" {
      inboxes = { inbox = { "requests", open = true } },
      main = function(self) for request in self:messages() do self:send(request) end end,
    }()
    local g = kam.Graphline { FRONT = front, BACK = server, linkages = { "FRONT -> BACK" } }
    assert.same({ 8, n = 1 }, asked(function(self) return self:ask(front, 7) end, g))
  end)

  it("asks a component that sends one message for each, in order, for many", function()
    local map = kam.map(function(n) return n * n end)
    local sum, askers = 0, {}
    for i = 1, 300 do
      askers[i] = kam.main(function(self)
        local square = self:ask(map, i)
        assert(square == i * i)
        sum = sum + 1
      end)
    end
    kit.runs(map, table.unpack(askers))
    assert.equal(300, sum)
  end)

  it("refuses one whose answers go elsewhere", function()
    local map = kam.map(tostring)
    local g = kam.Pipeline { kam.main(function(self) self:sleep(1) end), map, kam.NullSink() }
    local _, text = asked(function(self) return self:ask(map, 1) end, g)
    kit.has(text, "E0319", "cannot ask map", "what it sends goes to NullSink")
  end)

  it("refuses one that answers no questions", function()
    local sink = kam.NullSink()
    local _, text = asked(function(self) return self:ask(sink, 1) end, sink)
    kit.has(text, "E0320", "answers no questions")
  end)

  it("refuses a second answer", function()
    local server = kam.component "Server" {
      inboxes = { inbox = { "requests", open = true } },
      main = function(self)
        local request = self:recv()
        request:reply(1)
        request:reply(2)
      end,
    }()
    local _, text = asked(function(self) return self:ask(server, "what") end, server)
    kit.has(text, "E0318", 'the request "what" has been answered already')
  end)

  it("is a stall, told in words, when the answer never comes", function()
    local kept
    local server = kam.component "Server" {
      inboxes = { inbox = { "requests", open = true } },
      main = function(self) for request in self:messages() do kept = request end end,
    }()
    kam.registerService("NAMES", server)
    local got, text = asked(function(self) return self:ask("NAMES", 1) end, server)
    kit.has(text, "stalled", "waits for an answer from NAMES")
    assert.is_nil(got)
    assert.equal(1, kept.msg)
  end)

  it("works in no coroutine of the user's own", function()
    local server = serving(tostring)
    local _, text = asked(function(self)
      coroutine.wrap(function() self:ask(server, 1) end)()
    end, server)
    kit.has(text, "E0304", "ask was called in a coroutine of your own")
  end)
end)

describe("a service", function()
  it("is found with its box", function()
    local c = kam.NullSink()
    kam.registerService("SINK", c)
    assert.same({ c, "inbox" }, { kam.retrieveService "SINK" })
    kam.deregisterService "SINK"
    kit.has(kit.refused(kam.retrieveService, "SINK"), "E0317", 'there is no service "SINK"')
    c:stop()
  end)

  it("is there once", function()
    local a, b = kam.NullSink(), kam.NullSink()
    kam.registerService("ONCE", a)
    kit.has(kit.refused(kam.registerService, "ONCE", b), "E0316", "the service \"ONCE\" is there already")
    kam.deregisterService "ONCE"
    a:stop()
    b:stop()
  end)

  it("is gone with its component", function()
    local c = kam.main(function() end)
    kam.registerService("SHORT", c)
    kit.runs(c)
    kit.has(kit.refused(kam.retrieveService, "SHORT"), "there is no service")
  end)

  it("is offered when a name is nearly right", function()
    local c = kam.NullSink()
    kam.registerService("NAMES", c)
    kit.has(kit.refused(kam.retrieveService, "NAMSE"), 'did you mean "NAMES"?')
    kam.deregisterService "NAMES"
    c:stop()
  end)

  it("is made by its first use, once", function()
    local made = 0
    local function make()
      made = made + 1
      return serving(tostring)
    end
    local first = kam.service("MADE", make)
    assert.equal(first, kam.service("MADE", make))
    assert.equal(first, kam.service "MADE")
    assert.equal(1, made)
    kam.run()
    kit.has(kit.refused(kam.service, "MADE"), "E0317", 'there is no service "MADE"')
  end)

  it("is an inbox that there is", function()
    local c = kam.NullSink()
    kit.has(kit.refused(kam.registerService, "X", c, "inbx"), "E0103", 'has no inbox "inbx"')
    kit.has(kit.refused(kam.registerService, 7, c), "E0315")
    assert.equal("made", core.state(c))
    c:stop()
  end)
end)
