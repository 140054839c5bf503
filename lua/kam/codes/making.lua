-- making: E02xx, of declarations, options and making.

local kamaelia = require "kam.names"
local near = require "kam.near"
local core = require "kam.core"
local words = require "kam.words"
local quoted, full_name, did_you_mean, a, value_text =
  words.quoted, words.full_name, words.did_you_mean, words.a, words.value_text

return function(define)

define("E0201", "a declaration without main", {
  make = function(name, fields)
    local hint = did_you_mean("main", fields)
    local best = near.best("main", fields)
    return { message = ("component %s has no main%s"):format(name,
      best and ('; did you mean the field "%s" for it?'):format(best) or hint),
      mend = "main = function(self) … end",
      notes = not best and { "main = f() calls f and keeps what it returns; to give f itself: main = f" } or nil }
  end,
  why = "main is what a component does; only one that has init and children can be without.",
  wrong = 'kam.component "Shout" { mian = function(self) end }',
  right = 'kam.component "Shout" { main = function(self) end }',
})

define("E0202", "a field of the wrong type in a declaration", {
  make = function(name, field, wanted, got, mend)
    return { message = ("%s of %s must be %s, got %s"):format(field, name, a(wanted), value_text(got)),
      mark = field, mend = mend }
  end,
  why = "A declaration's fields have fixed types.",
  wrong = [[
    kam.component "Shout" {
      options = { marks = 1 },
      main = function(self) for m in self:messages() do self:send(m .. ("!"):rep(self.marks)) end end,
    }
  ]],
  right = [[
    kam.component "Shout" {
      options = { marks = { 1, "how many !" } },
      main = function(self) for m in self:messages() do self:send(m .. ("!"):rep(self.marks)) end end,
    }
  ]],
})

define("E0203", "an unknown field in a declaration", {
  make = function(name, field, known)
    local hint, best = did_you_mean(field, known)
    return { message = ("a declaration has no field %s%s (component %s)"):format(quoted(field), hint, name),
      mark = field, mend = best and best .. " = …" }
  end,
  why = "A field that nobody reads is a mistake; functions become methods, other values go into options.",
  wrong = 'kam.component "Hello" { sumary = "Greets.", main = function() print "hello" end }',
  right = 'kam.component "Hello" { summary = "Greets.", main = function() print "hello" end }',
})

define("E0204", "an option or method with a name of ours", {
  make = function(name, what, field)
    return { message = ("%s cannot have %s called %s: that is a method or field of every component")
      :format(name, a(what), quoted(field)), mark = field }
  end,
  why = "Options become fields of self, where they would hide ours. An option that must have such a "
    .. 'name says what its field is called: messages = { 10, "a second", as = "rate" }.',
  wrong = 'kam.component "Hello" { options = { send = { 1, "how often" } }, main = function() print "hello" end }',
  right = 'kam.component "Hello" { options = { times = { 1, "how often" } }, main = function() print "hello" end }',
})

define("E0205", "an unknown option", {
  make = function(kind, option, names)
    local hint, best = did_you_mean(option, names)
    return { message = ("%s has no option %s%s"):format(kind, quoted(option), hint), mark = option,
      mend = best and best .. " = …",
      notes = { #names > 0 and "its options: " .. table.concat(names, ", ") or "it has no options" } }
  end,
  why = "Options are declared; kam doc NAME lists them.",
  wrong = 'kam.Pipeline { kam.OneShot "abcd", kam.Chunker { sise = 2 }, kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "abcd", kam.Chunker { size = 2 }, kam.ConsoleEchoer() }:run()',
})

define("E0206", "an option of the wrong type", {
  make = function(kind, option, wanted, got, mend)
    return { message = ("%s's option %s is %s, got %s"):format(kind, option, a(wanted), value_text(got)),
      mark = option, mend = mend }
  end,
  why = "Options are checked when the component is made.",
  wrong = 'kam.Pipeline { kam.OneShot "abcd", kam.Chunker { size = "2" }, kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "abcd", kam.Chunker { size = 2 }, kam.ConsoleEchoer() }:run()',
})

define("E0207", "an option that must be given", {
  make = function(kind, option, first)
    return { message = ("%s's option %s must be given"):format(kind, option),
      mend = first and ('kam.%s "…"'):format(kind) or ("kam.%s { %s = … }"):format(kind, option) }
  end,
  why = "It has no default.",
  wrong = "kam.Pipeline { kam.OneShot(), kam.ConsoleEchoer() }:run()",
  right = 'kam.Pipeline { kam.OneShot "hello", kam.ConsoleEchoer() }:run()',
})

define("E0208", "an option out of range", {
  make = function(kind, option, range, got)
    return { message = ("%s's option %s must be %s, got %s"):format(kind, option, range, value_text(got)),
      mark = option }
  end,
  why = "The declaration says what values make sense.",
  wrong = 'kam.Pipeline { kam.OneShot "abcd", kam.Chunker { size = 0 }, kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "abcd", kam.Chunker { size = 2 }, kam.ConsoleEchoer() }:run()',
})

define("E0209", "a value for a component without a first option", {
  make = function(kind, got)
    return { message = ("%s takes no single value, got %s"):format(kind, value_text(got)),
      mend = ("kam.%s { name = value }"):format(kind) }
  end,
  why = "A single value means the option that the declaration calls first; this one has none.",
  wrong = 'kam.Pipeline { kam.DataSource { 1, 2 }, kam.Collate "x", kam.ConsoleEchoer() }:run()',
  right = "kam.Pipeline { kam.DataSource { 1, 2 }, kam.Collate(), kam.ConsoleEchoer() }:run()",
})

define("E0210", "a component that has ended", {
  make = function(c) return { message = ("%s has ended"):format(c.name or "the component") } end,
  exit = 1, why = "What has ended can be named, but no longer linked, started or owned.",
  wrong = [[
    local hello = kam.Pipeline { kam.OneShot "hello", kam.ConsoleEchoer() }
    hello:run()
    hello:run()
  ]],
  right = [[
    local function hello() return kam.Pipeline { kam.OneShot "hello", kam.ConsoleEchoer() } end
    hello():run()
    hello():run()
  ]],
})

define("E0211", "a value that is no component", {
  make = function(v)
    return { message = ("a component is needed here, got %s"):format(value_text(v)),
      mend = type(v) == "function" and "a kind is made into a component by calling it: kam.ConsoleEchoer()" or nil }
  end,
  why = "Only components have boxes.",
  wrong = [[
    kam.main(function(self)
      local a = self:addChildren(kam.OneShot "x")
      self:link(a, kam.ConsoleEchoer)
    end):run()
  ]],
  right = [[
    kam.main(function(self)
      local a, b = self:addChildren(kam.OneShot "x", kam.ConsoleEchoer())
      self:link(a, b)
    end):run()
  ]],
})

define("E0212", "a component that has an owner", {
  make = function(c) return { message = ("%s belongs to another component already"):format(full_name(c)) } end,
  why = "Every component has one owner. To use one kind twice, make two.",
  wrong = [[
    local up = kam.map(string.upper)
    kam.Pipeline { kam.OneShot "x", up, up, kam.ConsoleEchoer() }:run()
  ]],
  right = [[
    local function up() return kam.map(string.upper) end
    kam.Pipeline { kam.OneShot "x", up(), up(), kam.ConsoleEchoer() }:run()
  ]],
})

define("E0213", "a component that runs already", {
  make = function(c) return { message = ("%s cannot become a child: it runs, has ended, or is its own owner")
    :format(full_name(c)) } end,
  why = "Children start with their owner.",
  wrong = "kam.main(function(self) self:addChildren(self) end):run()",
  right = "kam.main(function(self) self:addChildren(kam.DataSource { {} }) end):run()",
})

define("E0214", "run inside a component", {
  make = function()
    return { message = "the system is already running; add the component to it",
      mend = "self:addChildren(c)" }
  end,
  exit = 1, why = "run() is for ordinary code; inside a system there is one scheduler, which runs.",
  wrong = 'kam.main(function() kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:run() end):run()',
  right = [[
    kam.main(function(self)
      local hello = self:addChildren(kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() })
      self:watch(hello)
      self:recv()
    end):run()
  ]],
})

define("E0215", "a handle inside a component", {
  make = function() return { message = "a handle is for ordinary code; inside a component use recv, send or ask" } end,
  exit = 1, why = "The system moves inside a handle's calls, and it is moving already.",
  wrong = [[
    kam.main(function()
      local up <close> = kam.handle(kam.map(string.upper))
      up:put "x"
      print(up:get())
    end):run()
  ]],
  right = [[
    kam.main(function(self)
      local up = self:addChildren(kam.map(string.upper))
      print(self:ask(up, "x"))
    end):run()
  ]],
})

define("E0216", "a handle that is closed", {
  make = function() return { message = "this handle is closed" } end, exit = 1,
  why = "It has been closed by hand, or at the end of its block.",
  wrong = [[
    local up = kam.handle(kam.map(string.upper))
    up:put "x"
    up:close()
    print(up:get())
  ]],
  right = [[
    local up = kam.handle(kam.map(string.upper))
    up:put "x"
    print(up:get())
    up:close()
  ]],
})

define("E0217", "a handle to a component without that inbox", {
  make = function(_, box) return { message = ("the component has no inbox %s to put into"):format(quoted(box or "inbox")) } end,
  exit = 1, why = "put goes to an inbox.",
  wrong = [[
    local up <close> = kam.handle(kam.map(string.upper))
    up:put("x", "outbox")
    print(up:get())
  ]],
  right = [[
    local up <close> = kam.handle(kam.map(string.upper))
    up:put("x", "inbox")
    print(up:get())
  ]],
})

define("E0218", "a handle to a component without that outbox", {
  make = function(_, box) return { message = ("the component has no outbox %s to get from"):format(quoted(box or "outbox")) } end,
  exit = 1, why = "get takes from an outbox.",
  wrong = [[
    local up <close> = kam.handle(kam.map(string.upper))
    up:put "x"
    print(up:get "inbox")
  ]],
  right = [[
    local up <close> = kam.handle(kam.map(string.upper))
    up:put "x"
    print(up:get "outbox")
  ]],
})

define("E0219", "an option that cannot be changed while it runs", {
  make = function(kind, option) return { message = ("%s's option %s cannot be changed while it runs")
    :format(kind, option), mark = option } end,
  exit = 1, why = "Only options that the declaration calls live can.",
  wrong = [[
    kam.main(function(self)
      local chunker = self:addChildren(kam.Chunker { size = 2 })
      chunker:set { size = 3 }
    end):run()
  ]],
  right = [[
    kam.main(function(self)
      local tick = self:addChildren(kam.PeriodicTick { 60, count = 2 })
      self:link(tick, self:addChildren(kam.ConsoleEchoer()))
      tick:set { seconds = 0.1 }
    end):run()
  ]],
})

-- What is said of one of Kamaelia's names that is not one of ours.
local function kamaelias(name, ours)
  local text, target, hint = kamaelia.answer(name)
  if not text then return nil end
  local missing = target and target:find "^%u" ~= nil
  for _, known in ipairs(ours) do missing = missing and known ~= target end
  return { message = text, mend = target and not missing and "kam." .. target or nil,
    notes = { missing and "it is not in this build" or hint }, mark = "kam." .. name, under = name }
end

define("E0221", "an unknown component", {
  make = function(name, names)
    local said = kamaelias(name, names)
    if said then return said end
    local hint, best = did_you_mean(name, names)
    if best then hint = ("; did you mean kam.%s?"):format(best) end
    return { message = ("there is no component %s%s"):format(name, hint), mark = "kam." .. name,
      under = name, notes = not best and { "kam list shows them all" } or nil }
  end,
  why = "kam list shows them all. Names that Kamaelia had for them are answered with ours.",
  wrong = "kam.Pipeline { kam.ConsolReader(), kam.ConsoleEchoer() }:run()",
  right = "kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }:run()",
})

define("E0222", "a function that is none", {
  make = function(what, got)
    return { message = ("kam.%s needs a function, got %s"):format(what, value_text(got)),
      mend = ("kam.%s(function(m) … end)"):format(what) }
  end,
  why = "Without parentheses a function is a value; with them it is called.",
  wrong = 'kam.Pipeline { kam.OneShot "x", kam.map(string.upper "x"), kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "x", kam.map(string.upper), kam.ConsoleEchoer() }:run()',
})

define("E0223", "a component that this build lacks", {
  make = function(name, needs)
    return { message = ("%s is not in this build, because the library %s was not there when it was built")
      :format(name, needs), mark = "kam." .. name, under = name, mend = "kam doctor" }
  end,
  why = "A family of components needs its library; kam doctor says what to install, then build again.",
  wrong = 'kam.Pipeline { kam.FileReader "a.gz", kam.GzipDecompress(), kam.ConsoleEchoer() }:run()',
  right = "kam doctor",
})

define("E0224", "a maker that is none", {
  make = function(name, got)
    return { message = ("%s: a maker is needed, a constructor or a function that gives a component, got %s")
      :format(name, value_text(got)) }
  end,
  why = "Where components are made again and again, what is given is how to make one.",
  wrong = 'kam.Supervisor { A = "OneShot", OUT = kam.ConsoleEchoer, linkages = { "A -> OUT" } }:run()',
  right = [[
    kam.Supervisor {
      A = function() return kam.OneShot "x" end, OUT = kam.ConsoleEchoer, linkages = { "A -> OUT" },
    }:run()
  ]],
})

define("E0225", "a component where a maker is needed", {
  make = function(name, c)
    return { message = ("%s is a component, and a maker is needed here, which can make it again"):format(name),
      mark = name, mend = ("%s = function() return kam.%s(…) end"):format(name, select(2, core.name(c)) or "Name") }
  end,
  why = "A Supervisor makes its components anew when they fail.",
  wrong = 'kam.Supervisor { A = kam.OneShot "x", OUT = kam.ConsoleEchoer, linkages = { "A -> OUT" } }:run()',
  right = [[
    kam.Supervisor {
      A = function() return kam.OneShot "x" end, OUT = kam.ConsoleEchoer, linkages = { "A -> OUT" },
    }:run()
  ]],
})

define("E0226", "options that do not go together", {
  make = function(kind, text)
    return { message = ("%s cannot be made so: %s"):format(kind, text), mark = kind }
  end,
  why = "Each option may be right, and the component still not know what to do with all of them. In a "
    .. "component of your own, init says so with error(text, 0).",
  wrong = "kam.Pipeline { kam.DataSource { 1, 2 }, kam.RateLimit(), kam.ConsoleEchoer() }:run()",
  right = "kam.Pipeline { kam.DataSource { 1, 2 }, kam.RateLimit { messages = 10 }, kam.ConsoleEchoer() }:run()",
})

define("E0227", "an unknown function of kam", {
  make = function(name, functions)
    local hint, best = did_you_mean(name, functions)
    return { message = ("kam has no function %s%s"):format(name, hint), mark = "kam." .. name,
      under = name, mend = best and "kam." .. best,
      notes = not best and { "its functions: " .. table.concat(functions, ", ") } or nil }
  end,
  why = "What kam has not cannot be called, and a field that is none would be nil in silence.",
  wrong = 'kam.Pipeline { kam.OneShot "x", kam.mapp(string.upper), kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "x", kam.map(string.upper), kam.ConsoleEchoer() }:run()',
})

end
