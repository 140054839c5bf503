-- Programs of a first month, those that need only what is there.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

-- What a script of that text writes; it must end well.
local function output(text, input, files)
  local here <close> = place.new(files)
  here:write("program.lua", 'local kam = require "kam"\n' .. text)
  local out, err, status = here:run("kam program.lua", input)
  assert.same({ "", 0 }, { err, status })
  return out
end

after_each(kit.settled)

it("P1 echoes lines", function()
  assert.equal("hello\nworld\n", output(
    "kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }:run()", "hello\nworld\n"))
end)

it("P1 prints tables as Lua does", function()
  assert.equal('{ x = 1 }\n{ "a", { 2 } }\n', output(
    'kam.Pipeline { kam.DataSource { { x = 1 }, { "a", { 2 } } }, kam.ConsoleEchoer() }:run()'))
end)

it("P2 shouts", function()
  assert.equal("HI!!!\n", output([[
local Shout = kam.component "Shout" {
  summary = "Sends on what it receives, in capitals.",
  options = { marks = { 1, "how many exclamation marks", min = 0, max = 10 } },
  main = function(self)
    for text in self:messages() do
      self:send(text:upper() .. ("!"):rep(self.marks))
    end
  end,
}
kam.Pipeline { kam.ConsoleReader(), Shout { marks = 3 }, kam.ConsoleEchoer() }:run()]], "hi\n"))
end)

it("P3 counts words, and sends the table at the end", function()
  assert.equal("{ a = 2, b = 1, c = 1 }\n", output([[
local WordCount = kam.component "WordCount" {
  summary = "Counts words, and sends the table of counts at the end.",
  main = function(self)
    local counts = {}
    for line in self:messages() do
      for word in line:gmatch "%a+" do
        counts[word] = (counts[word] or 0) + 1
      end
    end
    self:send(counts)
  end,
}
kam.Pipeline { kam.source(io.lines "words.txt"), WordCount(), kam.ConsoleEchoer() }:run()]], nil,
    { ["words.txt"] = "a b\na c\n" }))
end)

it("P8 merges two sources, and ends when both have", function()
  local got = {}
  kit.runs(kam.Graphline {
    A = kit.count(2), B = kam.PeriodicTick { 1, count = 3 }, OUT = kit.into(got),
    linkages = { "A, B -> OUT" },
  })
  assert.same({ 1, 2, 1, 2, 3 }, got)
end)

it("P10 sends the time again and again, until it is told to end", function()
  local got = {}
  kit.runs(kam.Pipeline {
    kam.main(function(self)
      while self:sleep(1) do self:send(os.date "%H:%M:%S") end
    end),
    kam.main(function(self)
      for _ = 1, 3 do got[#got + 1] = self:recv() end
    end),
  })
  assert.equal(3, #got)
end)

it("P11 says that it is still there when nothing comes for five seconds", function()
  local Patient = kam.component "Patient" {
    main = function(self)
      while true do
        local msg, why = self:recv("inbox", 5)
        if why == "ended" then return end
        self:send(why == "timeout" and "still there?" or msg)
      end
    end,
  }
  local got = {}
  kit.runs(kam.Pipeline {
    kam.main(function(self)
      self:send "a"
      self:sleep(12)
      self:send "b"
    end),
    Patient(), kit.into(got),
  })
  assert.same({ "a", "still there?", "still there?", "b" }, got)
end)

it("P12 passes messages on while the gate is open", function()
  local Gate = kam.component "Gate" {
    summary = "Passes messages on while the gate is open.",
    inboxes = { inbox = "what to pass", gate = "true: open, false: closed" },
    main = function(self)
      local open = true
      for box, msg in self:messagesAny() do
        if box == "gate" then open = msg
        elseif open then self:send(msg) end
      end
    end,
  }
  local got = {}
  local function at(list)
    return kam.main(function(self)
      for _, item in ipairs(list) do
        self:sleep(item[1])
        self:send(item[2])
      end
    end)
  end
  kit.runs(kam.Graphline {
    TICK = kam.PeriodicTick { 1, count = 6 }, SWITCH = at { { 2.5, false }, { 2, true } },
    GATE = Gate(), OUT = kit.into(got),
    linkages = { "TICK -> GATE -> OUT", "SWITCH -> GATE.gate" },
  })
  assert.same({ 1, 2, 5, 6 }, got)
end)

it("P13 has a child for each user, which it makes, links, watches and removes", function()
  local logged
  local Session = kam.component "Session" {
    options = { user = { type = "string", "who" } },
    main = function(self)
      for text in self:messages() do
        if text == "bye" then return end
        if text == "crash" then error "on purpose" end
        self:send(self.user .. ": " .. text)
      end
    end,
  }
  local Sessions = kam.component "Sessions" {
    summary = "One Session for each user; messages are { user =, text = }.",
    inboxes = { inbox = "{ user =, text = }", ended = "a session has ended" },
    main = function(self)
      local outbox = {}
      for box, msg in self:messagesAny() do
        if box == "ended" then
          self:removeOutbox(outbox[msg.component.user])
          outbox[msg.component.user] = nil
          if not msg.ok then self:log("session failed:", msg.error) end
        else
          if not outbox[msg.user] then
            local child = self:addChildren(Session { user = msg.user })
            outbox[msg.user] = self:addOutbox "session"
            self:link({ self, outbox[msg.user] }, child)
            self:link({ child, "outbox" }, { self, "outbox" })
            self:watch(child, "ended")
          end
          self:send(msg.text, outbox[msg.user])
        end
      end
    end,
  }
  local got = {}
  logged = kit.said(function()
    assert.is_true(kam.run(kam.Pipeline {
      kam.main(function(self)
        for _, m in ipairs { { "ann", "hi" }, { "bob", "ho" }, { "ann", "bye" }, { "bob", "crash" },
          { "ann", "again" } } do
          self:send { user = m[1], text = m[2] }
          self:sleep(1)
        end
      end),
      Sessions(), kit.into(got),
    }))
  end)
  assert.same({ "ann: hi", "bob: ho", "ann: again" }, got)
  kit.has(logged, "Sessions: session failed:", "on purpose")
end)

it("P19 has boxes that depend on its options", function()
  local Sorter = kam.component "Sorter" {
    summary  = "Sends each word to the outbox of its length.",
    outboxes = { outbox = "the rest", unknown = { "not strings", optional = true } },
    options  = { lengths = { type = "list", "word lengths that get a box" } },
    first    = "lengths",
    init = function(self)
      for _, n in ipairs(self.lengths) do self:addOutbox("len" .. n) end
    end,
    main = function(self)
      for word in self:messages() do
        if type(word) ~= "string" then self:send(word, "unknown")
        elseif self.outboxes["len" .. #word] then self:send(word, "len" .. #word)
        else self:send(word) end
      end
    end,
  }
  local two, rest = {}, {}
  kit.runs(kam.Graphline {
    SRC = kam.DataSource { "a", "bb", 5, "cc", "ddd" }, SORT = Sorter { 2 },
    TWO = kit.into(two), REST = kit.into(rest),
    linkages = { "SRC -> SORT -> REST", "SORT.len2 -> TWO" },
  })
  assert.same({ { "bb", "cc" }, { "a", "ddd" } }, { two, rest })
end)

it("P20 is made of functions", function()
  assert.equal("THREE\nFOUR\n", output([[
kam.Pipeline {
  kam.source(io.lines "words.txt"),
  kam.map(string.upper),
  kam.filter(function(w) return #w > 3 end),
  kam.each(print),
}:run()]], nil, { ["words.txt"] = "one\nthree\nsix\nfour\n" }))
end)

it("P21 is a state machine whose state is its place in the program", function()
  local Turnstile = kam.component "Turnstile" {
    summary = "Locked until a coin comes; a push locks it again.",
    inboxes = { inbox = '"coin" or "push"' },
    main = function(self)
      local function expect(wanted)
        for event in self:messages() do
          if event == wanted then return true end
          self:send("not now: " .. event)
        end
        return false
      end
      while expect "coin" do
        self:send "unlocked"
        if not expect "push" then break end
        self:send "locked"
      end
    end,
  }
  assert.same({ "not now: push", "unlocked", "not now: coin", "locked" },
    kam.try(Turnstile(), { "push", "coin", "coin", "push" }))
end)

it("P22 is a test", function()
  local here <close> = place.new {
    ["shout.lua"] = [[
local kam = require "kam"
return kam.component "Shout" {
  options = { marks = { 1, "how many" } },
  main = function(self)
    for text in self:messages() do self:send(text:upper() .. ("!"):rep(self.marks)) end
  end,
}]],
    ["shout_spec.lua"] = [[
local kam = require "kam"
local Shout = require "shout"

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
end)]],
  }
  local out, _, status = here:run "kam test shout_spec.lua"
  assert.equal(0, status)
  kit.has(out, "3 passed, 0 failed")
end)

it("P23 leaves a handle in the middle of its messages", function()
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
