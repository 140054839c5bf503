-- Declarations, boxes and options: C1, C2, C5 and C6 of the design.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"

local function nothing() end

-- The constructor of a declaration, Shout unless it has another name.
local function declare(given, name)
  given.main = given.main or nothing
  local make = kam.component(name or "Shout")(given)
  return make
end

-- Gets rid of components that were only made.
local function discard(...)
  for _, c in ipairs { ... } do c:stop() end
  kit.runs(kam.main(nothing))
end

local function names(boxes)
  local list = {}
  for i, box in ipairs(boxes) do list[i] = box.name end
  return table.concat(list, " ")
end

after_each(kit.settled)

describe("the boxes of a component (C1)", function()
  it("are inbox, control, outbox and signal, if it declares none", function()
    local c = declare {}()
    local ins, outs = c:boxes()
    assert.equal("inbox control", names(ins))
    assert.equal("outbox signal", names(outs))
    discard(c)
  end)

  it("are those and what it declares, the standard ones first, then by name", function()
    local c = declare {
      inboxes = { zoo = "last", apple = "first", control = "told" },
      outboxes = { ["two"] = "2", one = "1" },
    }()
    local ins, outs = c:boxes()
    assert.equal("inbox control apple zoo", names(ins))
    assert.equal("outbox signal one two", names(outs))
    discard(c)
  end)

  it("may be given as a list of names", function()
    local c = declare { inboxes = { "b", "a" }, outboxes = { "c" } }()
    local ins, outs = c:boxes()
    assert.equal("inbox control a b", names(ins))
    assert.equal("outbox signal c", names(outs))
    discard(c)
  end)

  it("are there from construction: links and sends work before activation", function()
    local got = {}
    local a = declare { main = function(self) self:send "x" end }()
    local b = kit.into(got)
    a:link({ a, "outbox" }, b)
    b:activate()
    kit.runs(a)
    assert.same({ "x" }, got)
  end)

  it("say what they are for in self.inboxes and self.outboxes", function()
    local c = declare { inboxes = { more = "what more", inbox = { "lines", limit = 4 } } }()
    assert.same({ inbox = "lines", control = "", more = "what more" }, c.inboxes)
    assert.same({ outbox = "", signal = "" }, c.outboxes)
    discard(c)
  end)

  it("may be taken away with false, and linking to them is refused", function()
    local Source = declare { inboxes = { inbox = false } }
    local c = Source()
    assert.equal("control", names((c:boxes())))
    assert.is_nil(c.inboxes.inbox)
    kit.has(kit.refused(kam.Graphline, {
      A = kam.OneShot "x", B = c, linkages = { "A -> B" },
    }), "B (Shout) has no inbox")
    discard()
  end)

  it("take their limit and policy from their declaration", function()
    local c = declare { inboxes = { inbox = { "few", limit = 7, whenFull = "dropOldest" } } }()
    assert.equal(7, (c:boxes())[1].limit)
    discard(c)
  end)

  for what, box in pairs {
    ["number"] = 5, ["true"] = true, ["unknown field"] = { "x", limt = 5 },
    ["wrong limit"] = { "x", limit = "many" }, ["wrong kind"] = { "x", kind = "byts" },
    ["wrong policy"] = { "x", whenFull = "dropAll" }, ["wrong open"] = { "x", open = 1 },
  } do
    it("are refused with " .. what, function()
      local text = kit.refused(declare, { inboxes = { more = box } })
      kit.has(text, "more", "Shout", "component_spec.lua:")
    end)
  end

  it("name the nearest field when one is unknown", function()
    kit.has(kit.refused(declare, { inboxes = { more = { "x", limt = 5 } } }), 'did you mean "limit"?')
  end)

  it("refuse false for a box that is not standard", function()
    kit.has(kit.refused(declare, { inboxes = { more = false } }), "more")
  end)

  it("with kind = \"bytes\" refuse what is none, at the sender", function()
    local Bytes = declare({ inboxes = { inbox = { "bytes", kind = "bytes" } }, main = function(self)
      for _ in self:messages() do end
    end }, "Bytes")
    local ok, _, text = kit.run(kam.Graphline {
      A = kam.OneShot { {} }, B = Bytes(), linkages = { "A -> B" },
    })
    assert.is_nil(ok)
    kit.has(text, "E0311", "A (OneShot) sent a table to outbox, and B (Bytes) does not take that")
  end)

  it("with kind = \"buffer\" give the counted buffer, and else a string", function()
    local got = {}
    local Both = declare {
      inboxes = { inbox = { "as a buffer", kind = "buffer" } },
      main = function(self) got[1] = type(self:recv()) end,
    }
    kit.runs(kam.Pipeline { kam.DataSource { "abcd" }, kam.Chunker { size = 4 }, Both() })
    assert.same({ "userdata" }, got)
    assert.same({ "abcd" }, kam.try(kam.Chunker { size = 4 }, { "abcd" }))
  end)
end)

describe("options (C2)", function()
  local Shout = declare {
    options = {
      marks = { 1, "how many", min = 0, max = 10 },
      seconds = { 1.0, "how long" },
      word = { "hi", "what to say" },
      loud = { false, "in capitals" },
      mode = { "a", "which", oneOf = { "a", "b" } },
      list = { { 1, 2 }, "some" },
      maybe = { type = "string", optional = true, "perhaps" },
    },
    first = "marks",
  }

  -- What Shout { … } raises.
  local function wrong(given)
    return kit.refused(function() return Shout(given) end)
  end

  it("become fields of self, their defaults where they are not given", function()
    local c = Shout { marks = 3, loud = true }
    assert.same({ 3, 1.0, "hi", true, "a" }, { c.marks, c.seconds, c.word, c.loud, c.mode })
    assert.same({ 1, 2 }, c.list)
    assert.is_nil(c.maybe)
    discard(c)
  end)

  it("that are unknown are refused, with the nearest name and the caller's line", function()
    local text = wrong { marsk = 3 }
    kit.has(text, "E0205", 'Shout has no option "marsk"', 'did you mean "marks"?', "component_spec.lua:",
      "its options: list, loud, marks, maybe")
  end)

  it("of the wrong type are refused, with the mend where there is one", function()
    kit.has(wrong { marks = "3" }, "E0206", "Shout's option marks is an integer, got the string \"3\"",
      "marks = 3")
    kit.has(wrong { word = 3 }, "Shout's option word is a string, got the number 3")
    kit.has(wrong { loud = 1 }, "is a boolean")
    kit.has(wrong { list = 1 }, "is a table")
    kit.has(wrong { maybe = {} }, "is a string, got a table")
  end)

  it("of an integer refuse a fraction, and say how to allow it", function()
    kit.has(wrong { marks = 1.5 }, "is an integer, got the number 1.5", "declare it 1.0 to allow fractions")
  end)

  it("of an integer take a float without a fraction", function()
    local c = Shout { marks = 3.0 }
    assert.equal("integer", math.type(c.marks))
    discard(c)
  end)

  it("with a default of 1.0 take integers and fractions", function()
    local c, d = Shout { seconds = 2 }, Shout { seconds = 0.5 }
    assert.equal(2, c.seconds)
    assert.equal(0.5, d.seconds)
    discard(c, d)
  end)

  it("out of range are refused, with the range", function()
    kit.has(wrong { marks = 11 }, "E0208", "Shout's option marks must be from 0 to 10, got the number 11")
    kit.has(wrong { marks = -1 }, "from 0 to 10")
    kit.has(wrong { mode = "c" }, 'must be one of "a", "b", got the string "c"')
    kit.has(wrong { seconds = 0 / 0 }, "seconds")
  end)

  it("that have no default must be given, unless they are optional", function()
    local Reader = declare({ options = { path = { type = "string", "file to read" } } }, "Reader")
    kit.has(kit.refused(function() return Reader() end), "E0207", "Reader's option path must be given",
      "component_spec.lua:")
    kit.has(kit.refused(function() return Reader {} end), "Reader's option path must be given")
    kit.has(kit.refused(function() return Reader { nil } end), "Reader's option path must be given")
  end)

  it("take a single value for the first", function()
    local c = Shout(4)
    assert.equal(4, c.marks)
    local d = Shout { 5, word = "ho" }
    assert.same({ 5, "ho" }, { d.marks, d.word })
    discard(c, d)
  end)

  it("take several values for several first names", function()
    local Client = declare({
      options = { host = { "localhost", "where" }, port = { 80, "which" } }, first = { "host", "port" },
    }, "Client")
    local c, d = Client { "example", 8080 }, Client("example", 81)
    assert.same({ "example", 8080 }, { c.host, c.port })
    assert.same({ "example", 81 }, { d.host, d.port })
    discard(c, d)
  end)

  it("imply the first if there is one only", function()
    local One = declare { options = { size = { 1, "how large" } } }
    local c = One(7)
    assert.equal(7, c.size)
    discard(c)
  end)

  it("of type list take the array part", function()
    local All = declare {
      options = { items = { type = "list", "what" }, loud = { false, "how" } }, first = "items",
    }
    local c = All { 1, 2, 3, loud = true }
    assert.same({ 1, 2, 3 }, { table.unpack(c.items) })
    assert.is_true(c.loud)
    discard(c)
  end)

  it("refuse a single value where there is no first", function()
    local None = declare {}
    kit.has(kit.refused(function() return None "x" end), "E0209", "Shout takes no single value")
    kit.has(kit.refused(function() return None { 1 } end), "E0209")
  end)

  it("that are tables by default are each instance's own", function()
    local c, d = Shout(), Shout()
    c.list[1] = "changed"
    assert.same({ 1, 2 }, d.list)
    discard(c, d)
  end)

  it("are not changed by what becomes of the table they were given in", function()
    local given = { marks = 3 }
    local c = Shout(given)
    given.marks = 4
    assert.equal(3, c.marks)
    assert.is_nil(getmetatable(given))
    discard(c)
  end)

  it("with names of ours are refused at declaration", function()
    for _, name in ipairs { "send", "name", "link", "inboxes", "children", "recv", "run" } do
      kit.has(kit.refused(declare, { options = { [name] = { 1, "x" } } }), "E0204", "Shout",
        ('called "%s"'):format(name))
    end
  end)

  it("may be called like one of our methods if it says what its field is called", function()
    local Paced = kam.component "Paced" {
      options = { messages = { 10, "a second", as = "rate" }, link = { type = "list", "x", as = "links" } },
      first = "messages",
      main = function(self)
        for _ in self:messages() do self:send { self.rate, #self.links } end
      end,
    }
    assert.same({ { 10, 1 } }, kam.try(Paced { link = { 1 } }, { 1 }))
    assert.same({ { 3, 2 } }, kam.try(Paced { 3, link = { 1, 2 } }, { 1 }))
    local c = Paced { link = {} }
    c:set { messages = 5 }
    assert.same({ { 5, 0 } }, kam.try(c, { 1 }))
    kit.has(kit.refused(declare, { options = { x = { 1, "x", as = "send" } } }), "E0204", '"send"')
  end)

  it("must be declared as tables", function()
    kit.has(kit.refused(declare, { options = { marks = 1 } }), "option marks of Shout must be a table",
      'marks = { 1, "what it is" }')
  end)

  it("refuse unknown fields in their declaration", function()
    kit.has(kit.refused(declare, { options = { marks = { 1, "x", mni = 0 } } }), '"mni"',
      'did you mean "min"?')
  end)

  it("refuse unknown types in their declaration", function()
    kit.has(kit.refused(declare, { options = { marks = { type = "intger", "x" } } }), "marks")
  end)

  it("of components declared in C are checked the same way", function()
    kit.has(kit.refused(function() return kam.Chunker { size = 0 } end), "E0208", "Chunker's option size")
    kit.has(kit.refused(function() return kam.Chunker { siez = 9 } end), 'did you mean "size"?')
    kit.has(kit.refused(function() return kam.Chunker { size = "9" } end), "Chunker's option size is an integer")
    kit.has(kit.refused(function() return kam.PeriodicTick(0) end), "PeriodicTick's option seconds must be")
  end)
end)

describe("set (C2)", function()
  local function living(make, given)
    local seen = {}
    local c = declare {
      options = { marks = { 1, "how many", min = 0, max = 10 }, word = { "hi", "what" } },
      main = function(self)
        self:sleep(1)
        seen.marks = self.marks
      end,
    }(make)
    c:activate()
    local text = given and select(2, pcall(c.set, c, given))
    kit.runs(kam.main(nothing))
    return seen.marks, text
  end

  it("changes options of a living component", function()
    assert.equal(5, (living({ marks = 2 }, { marks = 5 })))
  end)

  it("is checked the same way, and then changes nothing", function()
    local marks, text = living({ marks = 2 }, { marks = 11 })
    assert.equal(2, marks)
    kit.has(tostring(text), "E0208", "from 0 to 10")
    marks, text = living({ marks = 2 }, { marsk = 3 })
    assert.equal(2, marks)
    kit.has(tostring(text), "E0205", 'did you mean "marks"?')
  end)

  it("changes those of a component in C that declares them live", function()
    local got = {}
    local tick = kam.PeriodicTick(1)
    kit.runs(kam.Graphline {
      TICK = tick,
      OUT = kam.main(function(self)
        local begun = kam.now()
        for n in self:messages() do
          got[n] = math.floor((kam.now() - begun) * 10 + 0.5) / 10
          if n == 2 then tick:set { seconds = 0.1 } end
          if n == 4 then return end
        end
      end),
      linkages = { "TICK -> OUT" },
    })
    assert.same({ 1, 2, 2.1, 2.2 }, got)
  end)

  it("refuses those of a component in C that are not", function()
    local c = kam.Chunker { size = 4 }
    c:activate()
    kit.has(kit.refused(function() c:set { size = 5 } end), "E0219", "Chunker's option size")
    discard(c)
  end)
end)

describe("a declaration (C5)", function()
  it("needs only main or init", function()
    discard(kam.component "A" { main = nothing }(), kam.component "B" { init = nothing }())
  end)

  it("without main is refused, with the field that was probably meant", function()
    kit.has(kit.refused(function() kam.component "Shout" { mian = nothing } end), "E0201",
      "component Shout has no main", 'did you mean the field "mian" for it?')
    kit.has(kit.refused(function() kam.component "Shout" {} end), "component Shout has no main")
  end)

  it("with a main that is no function is refused", function()
    kit.has(kit.refused(function() kam.component "Shout" { main = 5 } end), "main of Shout must be a function")
  end)

  it("refuses an unknown field, and names the nearest", function()
    kit.has(kit.refused(declare, { desciption = "x" }), "E0203", '"desciption"', "Shout")
    kit.has(kit.refused(declare, { sumary = "x" }), 'did you mean "summary"?')
    kit.has(kit.refused(declare, { option = { } }), 'did you mean "options"?')
  end)

  it("refuses fields of the wrong type", function()
    kit.has(kit.refused(declare, { summary = 5 }), "summary of Shout must be a string")
    kit.has(kit.refused(declare, { inboxes = "inbox" }), "inboxes of Shout must be a table")
    kit.has(kit.refused(declare, { effects = "yes" }), "effects of Shout must be a boolean")
  end)

  it("makes any other function a method", function()
    local Counting = declare {
      main = function(self) self:send(self:twice(21)) end,
      twice = function(_, x) return 2 * x end,
    }
    assert.same({ 42 }, kam.try(Counting()))
  end)

  it("refuses methods with names of ours", function()
    kit.has(kit.refused(declare, { send = nothing }), "E0204", "Shout", '"send"')
    kit.has(kit.refused(declare, { log = nothing }), "E0204")
  end)

  it("needs a name", function()
    kit.has(kit.refused(kam.component, 5), "name")
    kit.has(kit.refused(kam.component, "two words"), "name")
  end)

  it("comes back as a table from kam.declaration", function()
    local d = kam.declaration(kam.Chunker)
    assert.equal("Chunker", d.name)
    assert.equal("text", d.family)
    assert.equal("size", d.options[1].name)
    assert.is_string(d.summary)
    assert.is_string(d.example)
    assert.equal("Collate", kam.declaration(kam.Collate).name)
    assert.equal("Pipeline", kam.declaration(kam.Pipeline).name)
    assert.is_nil(kam.declaration(print))
  end)

  it("looks the same for components in C and in Lua", function()
    local fields = { "name", "family", "summary", "doc", "ends", "example", "inboxes", "outboxes", "options" }
    for _, make in ipairs { kam.Chunker, kam.Collate } do
      local d = kam.declaration(make)
      for _, field in ipairs(fields) do assert.truthy(d[field], d.name .. " has no " .. field) end
    end
  end)
end)

describe("init (C5)", function()
  it("runs at making, with the options there", function()
    local seen
    local c = declare {
      options = { n = { 1, "how many" } },
      init = function(self) seen = self.n end,
    } { n = 3 }
    assert.equal(3, seen)
    discard(c)
  end)

  it("may add boxes, children and links", function()
    local Sorter = kam.component "Sorter" {
      options = { lengths = { type = "list", "word lengths that get a box" } },
      init = function(self)
        for _, n in ipairs(self.lengths) do self:addOutbox("len" .. n) end
      end,
      main = function(self)
        for word in self:messages() do
          self:send(word, self.outboxes["len" .. #word] and "len" .. #word or "outbox")
        end
      end,
    }
    local h <close> = kam.handle(Sorter { 2, 3 })
    for _, w in ipairs { "a", "bb", "ccc", "dddd" } do h:put(w) end
    assert.same({ "a", "bb", "ccc", "dddd" }, { h:get(), h:get "len2", h:get "len3", (h:get()) })
  end)

  it("may not wait", function()
    for _, call in ipairs { "recv", "pause", "yield", "messages" } do
      local text = kit.refused(function()
        return kam.component "Shout" { init = function(self) self[call](self) end, main = nothing }()
      end)
      kit.has(text, "E0306", call)
    end
    kit.has(kit.refused(function()
      return kam.component "Shout" { init = function(self) self:sleep(1) end, main = nothing }()
    end), "E0306")
  end)

  it("that fails makes no component", function()
    kit.runs(kam.main(nothing))
    local before = core.totals().components
    kit.has(kit.refused(function()
      return kam.component "Shout" {
        init = function(self)
          self:addChildren(kam.NullSink())
          error "on purpose"
        end,
        main = nothing,
      }()
    end), "on purpose")
    kit.runs(kam.main(nothing))
    assert.equal(before, core.totals().components)
  end)

  it("says what it cannot be made of, where it is made", function()
    local Port = kam.component "Port" {
      init = function() error("port 80 is taken", 0) end,
      main = nothing,
    }
    kit.has(kit.refused(function() return Port() end), "E0226", "Port cannot be made so: port 80 is taken", "component_spec.lua:")
  end)

  it("takes one of some values, of any type", function()
    local Kind = kam.component "Kind" { options = { n = { 1, "a number", oneOf = { 1, 2, 4 } },
      x = { 0.5, "another", oneOf = { 0.5, 1 } }, s = { "a", "a text", oneOf = { "a", "b" } } }, main = function() end }
    for name, values in pairs { n = { 3, "1", 2.5 }, x = { 0.7 }, s = { "c", 1 } } do
      for _, v in ipairs(values) do
        kit.has(kit.refused(function() Kind { [name] = v } end), name)
      end
    end
    for _, given in ipairs { { n = 4, x = 1, s = "b" }, { n = 2.0 } } do assert.has_no.errors(function() Kind(given) end) end
  end)

  it("without main makes a component that ends when its children have", function()
    local child
    local ended
    local Chassis = kam.component "Chassis" {
      init = function(self)
        child = self:addChildren(kam.main(function(c) c:sleep(3) end))
      end,
    }
    kit.runs(kam.main(function(self)
      local begun = kam.now()
      self:addInbox "ended"
      self:watch(self:addChildren(Chassis()), "ended")
      self:recv "ended"
      ended = kam.now() - begun
    end))
    assert.equal(3, math.floor(ended + 0.5))
    assert.equal("ended", core.state(child))
  end)

  it("without main and without children makes one that ends at once", function()
    kit.runs(kam.component "Empty" { init = nothing }())
  end)
end)

describe("main (C5)", function()
  it("closes what is marked <close>, however it ends", function()
    local function guarded(f)
      local closed = 0
      kit.said(kam.run, declare {
        main = function(self)
          local guard <close> = setmetatable({}, { __close = function() closed = closed + 1 end })
          f(self, guard)
        end,
      }())
      return closed
    end
    assert.equal(1, guarded(nothing))
    assert.equal(1, guarded(function() error "on purpose" end))
    assert.equal(1, guarded(function(self)
      self:stop()
      while true do self:sleep(1) end
    end))
    assert.equal(1, guarded(function(self) self:recv() end)) -- a stall, which is killed
  end)

  it("has fields of its own in self, which other instances do not see", function()
    local seen = {}
    local Counts = declare {
      main = function(self)
        self.n = (self.n or 0) + 1
        seen[#seen + 1] = self.n
      end,
    }
    kit.runs(Counts(), Counts())
    assert.same({ 1, 1 }, seen)
  end)
end)

describe("a component from outside (C6)", function()
  it("gives true from run, or nil and a report", function()
    assert.is_true((declare {}():run()))
    local ok, why
    kit.said(function() ok, why = declare { main = function() error "x" end }():run() end)
    assert.is_nil(ok)
    assert.equal("failed", why.kind)
    kit.said(function() ok, why = declare { main = function(self) self:recv() end }():run() end)
    assert.is_nil(ok)
    assert.equal("stalled", why.kind)
    assert.is_true(#why.lines > 0)
    kit.said(function() ok, why = kam.OneShot "x":run() end)
    assert.is_nil(ok)
    assert.equal("lost", why.kind)
  end)

  it("is made ready by activate, which gives it back", function()
    local ran = false
    local c = declare { main = function() ran = true end }()
    assert.equal(c, c:activate())
    assert.is_false(ran)
    kam.run()
    assert.is_true(ran)
  end)

  it("is run with others by kam.run", function()
    local n = 0
    local Adds = declare { main = function() n = n + 1 end }
    kit.runs(Adds(), Adds(), Adds())
    assert.equal(3, n)
  end)

  it("is told to end now by stop", function()
    local told
    local c = declare { main = function(self)
      self:sleep(100)
      told = self:told()
    end }()
    kit.runs(c, kam.main(function(self)
      self:sleep(1)
      c:stop()
    end))
    assert.equal("shutdownMicroprocess", told)
  end)

  it("has a name, and shows itself by it", function()
    local a, b = declare({}, "Named")(), declare({}, "Named")()
    assert.equal("Named", a.name)
    assert.equal("Named", tostring(a):match "^Named")
    assert.equal("Named", tostring(b):match "^Named")
    discard(a, b)
  end)

  it("has the name of its key in a Graphline", function()
    local c = declare {}()
    local g = kam.Graphline { SHOUT = c }
    assert.equal("SHOUT", c.name)
    assert.equal("SHOUT", tostring(c))
    discard(g)
  end)

  it("has children, by number or by name", function()
    local a, b = kam.NullSink(), kam.NullSink()
    local p, g = kam.Pipeline { a }, kam.Graphline { B = b }
    assert.is_true(rawequal(a, p.children[1]))
    assert.is_true(rawequal(b, g.children.B))
    discard(p, g)
  end)

  it("cannot be run inside a component", function()
    local ok, _, text = kit.run(declare { main = function() kam.NullSink():run() end }())
    assert.is_nil(ok)
    kit.has(text, "E0214", "the system is already running", "self:addChildren(c)")
    discard()
  end)

  it("cannot be run again when it has ended", function()
    local c = declare {}()
    kit.runs(c)
    kit.has(kit.refused(kam.run, c), "E0210", "Shout has ended")
  end)
end)

describe("kam.Name", function()
  it("is the constructor of a component of the library", function()
    assert.equal("ConsoleEchoer", kam.declaration(kam.ConsoleEchoer).name)
    assert.equal("DataSource", kam.declaration(kam.DataSource).name)
  end)

  it("names the nearest when there is none of that name", function()
    kit.has(kit.refused(function() return kam.ConsolReader end), "E0221",
      "there is no component ConsolReader", "did you mean kam.ConsoleReader?", "component_spec.lua:")
  end)

  it("names the nearest function, or all, when there is none of that name", function()
    kit.has(kit.refused(function() return kam.compnent end), "E0227",
      'kam has no function compnent; did you mean "component"?', "mend: kam.component")
    kit.has(kit.refused(function() return kam.nothing_of_that_name end), "its functions: component, ")
  end)
end)

describe("kam.null", function()
  it("is one value, which shows itself", function()
    assert.equal("kam.null", tostring(kam.null))
    assert.equal(kam.null, kam.null)
    assert.equal("{ kam.null }", kam.show { kam.null })
  end)
end)
