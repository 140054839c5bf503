-- codes: every error that the system raises: its text, its mend, and what
-- `kam explain` says of it. make(...) gives { message =, mark =, mend =, … } of
-- what the caller knows; wrong and right are two lines that show it.

local core = require "kam.core"
local near = require "kam.near"

local codes = {}

local function quoted(s) return ('"%s"'):format(tostring(s)) end

local function name_of(c)
  local name, kind = core.name(c)
  if not name then return c and c.name or "a component that has ended" end
  return name, kind
end

-- "B", or "B (FileWriter)" if its name is not its kind's.
local function full_name(c)
  local name, kind = name_of(c)
  if not kind or name == kind then return name end
  return ("%s (%s)"):format(name, kind)
end

local function box_names(c, out)
  local ins, outs = core.boxes(c)
  local names = {}
  for _, box in ipairs(out and outs or ins) do names[#names + 1] = box.name end
  return names
end

local function did_you_mean(name, names)
  local best = near.best(tostring(name), names)
  return best and ("; did you mean %s?"):format(quoted(best)) or "", best
end

local function a(noun)
  return (noun:find "^[aeiouAEIOU]" and "an " or "a ") .. noun
end

-- "an integer", "the string \"3\"".
local function value_text(v)
  local t = type(v)
  if t == "nil" then return "nil" end
  if t == "string" then return "the string " .. core.show({ v }):sub(3, -3) end
  if t == "table" then return core.isself(v) and "a component" or "a table" end
  if t == "function" or t == "thread" or t == "userdata" then return a(t) end
  return ("the %s %s"):format(t, tostring(v))
end

codes.value_text, codes.full_name = value_text, full_name

local function define(code, title, entry)
  entry.title = title
  codes[code] = entry
end

-- --- graphs and links ---

define("E0101", "a linkage that cannot be read", {
  make = function(text, part)
    local mend = text:gsub("%s*=>%s*", " -> "):gsub("%s+to%s+", " -> ")
      :gsub("([^-])>%s*", "%1-> "):gsub("%-%s*%->", "->"):gsub("%s+%->", " ->")
    return { message = ("cannot read the link %s"):format(quoted(text)), mark = text,
      under = part, mend = mend ~= text and quoted(mend) or '"A -> B"' }
  end,
  why = 'A linkage is names with "->" between them; a name is NAME or NAME.box.',
  wrong = 'linkages = { "A => B" }', right = 'linkages = { "A -> B" }',
})

define("E0102", "a name that is not in the graph", {
  make = function(name, names, text)
    local hint, best = did_you_mean(name, names)
    return { message = ("there is no component %s in this graph%s"):format(quoted(name), hint),
      mark = text, under = name, mend = best and quoted((text:gsub(name, best, 1))),
      notes = { #names > 0 and "in this graph: " .. table.concat(names, ", ")
        or "nothing has a name here: names are those of the children of a Graphline" } }
  end,
  why = "A linkage names the components by the keys that they have in the Graphline.",
  wrong = 'kam.Graphline { SRC = kam.OneShot "x", SNK = kam.NullSink(), linkages = { "SRC -> SKN" } }',
  right = 'kam.Graphline { SRC = kam.OneShot "x", SNK = kam.NullSink(), linkages = { "SRC -> SNK" } }',
})

define("E0103", "a box that the component does not have", {
  make = function(c, name, side)
    local names = box_names(c, side == "outbox")
    local hint, best = did_you_mean(name, names)
    local other = box_names(c, side ~= "outbox")
    local e = { message = ("%s has no %s %s%s"):format(full_name(c), side, quoted(name), hint),
      mark = "." .. name, under = name, mend = best and best ~= name and quoted(best) or nil }
    if #names > 0 then
      e.notes = { ("its %ss: %s"):format(side, table.concat(names, ", ")) }
    end
    for _, n in ipairs(other) do
      if n == name and side == "outbox" then
        e.message = ("a link goes from an outbox to an inbox, and %s is an inbox of %s")
          :format(quoted(name), full_name(c))
      elseif n == name then
        e.message = ("a link goes from an outbox to an inbox, and %s is an outbox of %s")
          :format(quoted(name), full_name(c))
      end
    end
    if side == "inbox" and name == "inbox" then e.mark = nil end
    return e
  end,
  why = "Boxes are declared by the component; kam doc NAME lists them.",
  wrong = '"A -> B.inbx"', right = '"A -> B"',
})

define("E0104", "a link the wrong way round", {
  make = function(from, box, to, to_box)
    return { message = ("a link goes from an outbox to an inbox, and %s.%s -> %s.%s is the wrong way round")
      :format(name_of(from), box, name_of(to), to_box),
      mend = quoted(("%s -> %s"):format(name_of(to), name_of(from))) }
  end,
  why = "Messages leave by outboxes and arrive in inboxes.",
  wrong = '"B.inbox -> A.outbox"', right = '"A -> B"',
})

define("E0105", "an outbox that already goes somewhere", {
  make = function(from, box, to)
    local name = name_of(from)
    local taken, what = core.sink(from, box), "outbox"
    if not taken then taken, what = core.sink(from, box, true), "inbox" end
    local first, second = taken and name_of(taken) or "B", name_of(to)
    return { message = ("%s.%s already goes to %s; an %s feeds one inbox"):format(name, box, first, what),
      mend = ('to copy: COPY = kam.Split { "b", "c" }, "%s -> COPY", "COPY.b -> %s", "COPY.c -> %s"')
        :format(name, first, second) }
  end,
  why = "An outbox feeds one inbox. To copy messages to several, put a Split or a Backplane between.",
  wrong = '"A -> B", "A -> C"', right = '"A -> COPY", "COPY.b -> B", "COPY.c -> C"',
})

define("E0106", "boxes passed through in a circle", {
  make = function(from, box, to, to_box)
    return { message = ("%s.%s -> %s.%s would pass boxes through in a circle: no message could "
      .. "ever arrive"):format(name_of(from), box, name_of(to), to_box) }
  end,
  why = "A box that is passed through hands its messages on; the last of such a chain must take them.",
  wrong = 'self:link({ a, "inbox" }, { b, "inbox" }) self:link({ b, "inbox" }, { a, "inbox" })',
  right = 'self:link({ self, "inbox" }, a)',
})

define("E0107", "message kinds that can never fit", {
  make = function(from, box, to, to_box)
    return { message = ("%s.%s sends what %s.%s does not take"):format(full_name(from), box,
      full_name(to), to_box) }
  end,
  why = "Boxes may declare what kind of messages they send or take, and these two have none in common.",
  wrong = '"TICK -> CHUNKER"', right = '"TICK -> kam.map(tostring) -> CHUNKER"',
})

define("E0108", "a link to a component that has ended", {
  make = function(from, box, to, to_box)
    return { message = ("cannot link %s.%s to %s.%s: one of them has ended"):format(name_of(from),
      box, name_of(to), to_box) }
  end,
  why = "What has ended sends and receives no more.", wrong = "", right = "",
})

define("E0109", "self without a box in a link", {
  make = function()
    return { message = "self in a link needs a box, because both its inbox and its outbox could be meant",
      mend = '{ self, "outbox" }' }
  end,
  why = "Inside a component, link takes { self, \"box\" }.",
  wrong = "self:link(child, self)", right = 'self:link({ child, "outbox" }, { self, "outbox" })',
})

define("E0110", "a neighbour that can only be first", {
  make = function(left, right)
    return { message = ("%s takes no messages, so it can only be first in a Pipeline, and %s sends to it")
      :format(full_name(right), full_name(left)) }
  end,
  why = "A source has no inbox; what stands before it in a Pipeline would send to nobody.",
  wrong = "kam.Pipeline { kam.ConsoleReader(), kam.PeriodicTick() }",
  right = "kam.Pipeline { kam.PeriodicTick(), kam.ConsoleEchoer() }",
})

define("E0111", "an empty chassis", {
  make = function(kind)
    return { message = ("%s needs at least one component"):format(a(kind)),
      mend = "kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }" }
  end,
  why = "There is nothing in it that could run.",
  wrong = "kam.Pipeline {}", right = "kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }",
})

define("E0112", "an item that is no component", {
  make = function(where, value, kind)
    if kind then
      return { message = ("%s is the kind %s, not a component; make one"):format(where, kind),
        mark = kind, mend = ("kam.%s()"):format(kind) }
    end
    if type(value) == "function" then
      return { message = ("%s is a function, not a component"):format(where),
        mend = "kam.map(f), or kam.main(f) for a whole main" }
    end
    return { message = ("%s is %s, not a component"):format(where, value_text(value)) }
  end,
  why = "A chassis is made of components, and a component is made by calling its kind.",
  wrong = "kam.Pipeline { kam.ConsoleReader, kam.ConsoleEchoer }",
  right = "kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }",
})

define("E0113", "one outbox to several inboxes", {
  make = function(text, left, rights)
    local lines = {}
    for i, r in ipairs(rights) do lines[i] = ('"COPY.%s -> %s"'):format(r:lower(), r) end
    return { message = ("%s goes to several in the link %s; an outbox feeds one inbox"):format(left,
      quoted(text)), mark = text, mend = ('to copy: COPY = kam.Split { … }, "%s -> COPY", %s')
        :format(left, table.concat(lines, ", ")) }
  end,
  why = "Several may feed one; one that is to feed several needs a Split between.",
  wrong = '"A -> B, C"', right = '"A -> COPY", "COPY.b -> B", "COPY.c -> C"',
})

define("E0114", "a box of the graph's own that it does not have", {
  make = function(kind, box, names, text)
    return { message = ("this %s has no inbox %s; it has: %s"):format(kind, quoted(box),
      table.concat(names, ", ")), mark = text, under = box,
      mend = ('to add one: inboxes = { "%s" }'):format(box) }
  end,
  why = "A Graphline's own boxes are declared in it.",
  wrong = '"self.nxt -> CHOOSER"', right = 'inboxes = { "nxt" }, linkages = { "self.nxt -> CHOOSER" }',
})

define("E0115", "a link from null, or to a list", {
  make = function(text, what)
    return { message = ("the link %s %s"):format(quoted(text), what), mark = text }
  end,
  why = 'null takes what is to be discarded: "A.debug -> null".',
  wrong = '"null -> A"', right = '"A -> null"',
})

-- --- declarations and options ---

define("E0201", "a declaration without main", {
  make = function(name, fields)
    local hint = did_you_mean("main", fields)
    local best = near.best("main", fields)
    return { message = ("component %s has no main%s"):format(name,
      best and ('; did you mean the field "%s" for it?'):format(best) or hint),
      mend = "main = function(self) … end" }
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
  wrong = "main = loop()", right = "main = loop",
})

define("E0203", "an unknown field in a declaration", {
  make = function(name, field, known)
    local hint, best = did_you_mean(field, known)
    return { message = ("a declaration has no field %s%s (component %s)"):format(quoted(field), hint, name),
      mark = field, mend = best and best .. " = …" }
  end,
  why = "A field that nobody reads is a mistake; functions become methods, other values go into options.",
  wrong = 'desciption = "…"', right = 'doc = "…"',
})

define("E0204", "an option or method with a name of ours", {
  make = function(name, what, field)
    return { message = ("%s cannot have %s called %s: that is a method or field of every component")
      :format(name, a(what), quoted(field)), mark = field }
  end,
  why = "Options become fields of self, where they would hide ours.",
  wrong = 'options = { send = { 1, "…" } }', right = 'options = { sends = { 1, "…" } }',
})

define("E0205", "an unknown option", {
  make = function(kind, option, names)
    local hint, best = did_you_mean(option, names)
    return { message = ("%s has no option %s%s"):format(kind, quoted(option), hint), mark = option,
      mend = best and best .. " = …",
      notes = { #names > 0 and "its options: " .. table.concat(names, ", ") or "it has no options" } }
  end,
  why = "Options are declared; kam doc NAME lists them.",
  wrong = "Shout { marsk = 3 }", right = "Shout { marks = 3 }",
})

define("E0206", "an option of the wrong type", {
  make = function(kind, option, wanted, got, mend)
    return { message = ("%s's option %s is %s, got %s"):format(kind, option, a(wanted), value_text(got)),
      mark = option, mend = mend }
  end,
  why = "Options are checked when the component is made.",
  wrong = 'Shout { marks = "3" }', right = "Shout { marks = 3 }",
})

define("E0207", "an option that must be given", {
  make = function(kind, option, first)
    return { message = ("%s's option %s must be given"):format(kind, option),
      mend = first and ('kam.%s "…"'):format(kind) or ("kam.%s { %s = … }"):format(kind, option) }
  end,
  why = "It has no default.", wrong = "kam.OneShot()", right = 'kam.OneShot "hello"',
})

define("E0208", "an option out of range", {
  make = function(kind, option, range, got)
    return { message = ("%s's option %s must be %s, got %s"):format(kind, option, range, value_text(got)),
      mark = option }
  end,
  why = "The declaration says what values make sense.",
  wrong = "kam.Chunker { size = 0 }", right = "kam.Chunker { size = 188 }",
})

define("E0209", "a value for a component without a first option", {
  make = function(kind, got)
    return { message = ("%s takes no single value, got %s"):format(kind, value_text(got)),
      mend = ("kam.%s { name = value }"):format(kind) }
  end,
  why = "A single value means the option that the declaration calls first; this one has none.",
  wrong = 'kam.Collate "x"', right = "kam.Collate()",
})

define("E0210", "a component that has ended", {
  make = function(c) return { message = ("%s has ended"):format(c.name or "the component") } end,
  exit = 1, why = "What has ended can be named, but no longer linked, started or owned.", wrong = "", right = "",
})

define("E0211", "a value that is no component", {
  make = function(v) return { message = ("a component is needed here, got %s"):format(value_text(v)) } end,
  why = "Only components have boxes.", wrong = 'self:link("x", self)', right = "self:link(child, other)",
})

define("E0212", "a component that has an owner", {
  make = function(c) return { message = ("%s belongs to another component already"):format(full_name(c)) } end,
  why = "Every component has one owner. To use one kind twice, make two.", wrong = "local c = kam.Collate() kam.Pipeline { c, c }",
  right = "kam.Pipeline { kam.Collate(), kam.Collate() }",
})

define("E0213", "a component that runs already", {
  make = function(c) return { message = ("%s cannot become a child: it runs, has ended, or is its own owner")
    :format(full_name(c)) } end,
  why = "Children start with their owner.", wrong = "", right = "",
})

define("E0214", "run inside a component", {
  make = function()
    return { message = "the system is already running; add the component to it",
      mend = "self:addChildren(c)" }
  end,
  exit = 1, why = "run() is for ordinary code; inside a system there is one scheduler, which runs.",
  wrong = "main = function(self) kam.Pipeline { … }:run() end",
  right = "main = function(self) self:addChildren(kam.Pipeline { … }) end",
})

define("E0215", "a handle inside a component", {
  make = function() return { message = "a handle is for ordinary code; inside a component use recv, send or ask" } end,
  exit = 1, why = "The system moves inside a handle's calls, and it is moving already.", wrong = "", right = "",
})

define("E0216", "a handle that is closed", {
  make = function() return { message = "this handle is closed" } end, exit = 1,
  why = "It has been closed by hand, or at the end of its block.", wrong = "", right = "",
})

define("E0217", "a handle to a component without that inbox", {
  make = function(_, box) return { message = ("the component has no inbox %s to put into"):format(quoted(box or "inbox")) } end,
  exit = 1, why = "put goes to an inbox.", wrong = 'h:put(1, "outbox")', right = "h:put(1)",
})

define("E0218", "a handle to a component without that outbox", {
  make = function(_, box) return { message = ("the component has no outbox %s to get from"):format(quoted(box or "outbox")) } end,
  exit = 1, why = "get takes from an outbox.", wrong = 'h:get "inbox"', right = "h:get()",
})

define("E0219", "an option that cannot be changed while it runs", {
  make = function(kind, option) return { message = ("%s's option %s cannot be changed while it runs")
    :format(kind, option), mark = option } end,
  exit = 1, why = "Only options that the declaration calls live can.", wrong = "", right = "",
})

define("E0220", "two components of one name", {
  make = function(name) return { message = ("there are two kinds of component called %s"):format(name) } end,
  why = "A component's name is unique in the library.", wrong = "", right = "",
})

define("E0221", "an unknown component", {
  make = function(name, names)
    local hint, best = did_you_mean(name, names)
    if best then hint = ("; did you mean kam.%s?"):format(best) end
    return { message = ("there is no component %s%s"):format(name, hint), mark = "kam." .. name,
      under = name, notes = not best and { "kam list shows them all" } or nil }
  end,
  why = "kam list shows them all.", wrong = "kam.ConsolReader()", right = "kam.ConsoleReader()",
})

define("E0222", "a function that is none", {
  make = function(what, got)
    return { message = ("kam.%s needs a function, got %s"):format(what, value_text(got)),
      mend = ("kam.%s(function(m) … end)"):format(what) }
  end,
  why = "Without parentheses a function is a value; with them it is called.",
  wrong = "kam.map(f())", right = "kam.map(f)",
})

-- --- inside main ---

define("E0301", "nil as a message", {
  make = function() return { message = "nil is no message; to send that there is nothing, send false or kam.null" } end,
  exit = 1, why = "A receiver could not tell it from the end.", wrong = "self:send(t.x)", right = "self:send(t.x or false)",
})

define("E0303", "waiting where Lua cannot yield", {
  make = function(name)
    return { message = ("%s cannot wait here: it is called from a function of C (table.sort, string.gsub, "
      .. "a metamethod or the like)"):format(name), mend = "collect the values first, and send them after" }
  end,
  exit = 1, why = "A call that may wait has to be able to give way, and C code in between cannot.",
  wrong = "table.sort(t, function(a, b) self:send(a) return a < b end)",
  right = "table.sort(t) for _, v in ipairs(t) do self:send(v) end",
})

define("E0304", "waiting in a coroutine of your own", {
  make = function(name)
    return { message = ("%s was called in a coroutine of your own, where it cannot wait; let it yield "
      .. "values, and %s in main"):format(name, name), mend = "for v in coroutine.wrap(f) do self:send(v) end" }
  end,
  exit = 1, why = "What it would wait for comes to main's own coroutine.", wrong = "coroutine.wrap(function() self:send(1) end)()",
  right = "for v in coroutine.wrap(f) do self:send(v) end",
})

define("E0305", "a method called with a dot", {
  make = function(name) return { message = ('%s was called with "."'):format(name), mark = "." .. name,
    mend = ("self:%s(…)"):format(name) } end,
  exit = 1, why = "A method needs its component, which the colon passes.", wrong = "self.send(x)", right = "self:send(x)",
})

define("E0306", "a method called outside main", {
  make = function(name) return { message = ("%s works only inside main of its own component; from outside use a handle")
    :format(name), mend = "kam.handle(c)" } end,
  exit = 1, why = "Only the component itself sends and takes.", wrong = "c:send(1)", right = "kam.handle(c):put(1)",
})

define("E0307", "an outbox that the component does not have", {
  make = function(c, box, call)
    if type(box) ~= "string" then
      return { message = ("%s: the box must be a string, got %s; a function that gave two values? keep the first")
        :format(call, value_text(box)), mend = 'self:send((s:gsub("a", "b")))' }
    end
    for _, name in ipairs(box_names(c)) do
      if name == box then
        return { message = ("%s is an inbox of %s: one takes from it; to send, name an outbox")
          :format(box, name_of(c)), mark = quoted(box), mend = "self:send(x)" }
      end
    end
    local hint, best = did_you_mean(box, box_names(c, true))
    return { message = ("%s has no outbox %s%s"):format(full_name(c), quoted(box), hint),
      mark = quoted(box), under = box, mend = best and quoted(best) }
  end,
  exit = 1, why = "Boxes are declared, or added with addOutbox.", wrong = 'self:send(x, "outbxo")', right = "self:send(x)",
})

define("E0308", "an inbox that the component does not have", {
  make = function(c, box, call)
    if type(box) ~= "string" then
      return { message = ('%s is not a box; for a time-out: %s("inbox", %s)'):format(tostring(box), call,
        tostring(box)) }
    end
    for _, name in ipairs(box_names(c, true)) do
      if name == box then
        return { message = ("%s is an outbox of %s: one sends to it; to read, name an inbox")
          :format(box, name_of(c)), mark = quoted(box), mend = ('self:%s "inbox"'):format(call) }
      end
    end
    local hint, best = did_you_mean(box, box_names(c))
    return { message = ("%s has no inbox %s%s"):format(full_name(c), quoted(box), hint),
      mark = quoted(box), under = box, mend = best and quoted(best) }
  end,
  exit = 1, why = "Boxes are declared, or added with addInbox.", wrong = 'self:recv "outbox"', right = 'self:recv "inbox"',
})

define("E0309", "an inbox that is passed on", {
  make = function(c, box)
    local to, to_box = core.sink(c, box, true)
    return { message = ("%s of %s is passed on to %s.%s: what comes there is not ours to take")
      :format(box, name_of(c), to and name_of(to) or "a child", to_box or "inbox") }
  end,
  exit = 1, why = "A message is delivered straight to the last box of a chain.", wrong = "", right = "",
})

define("E0310", "a time that makes no sense", {
  make = function(v) return { message = ("a time is a number of seconds from 0 on, got %s"):format(value_text(v)) } end,
  exit = 1, why = "Time does not run backwards.", wrong = "self:sleep(-1)", right = "self:sleep(1)",
})

define("E0311", "a message of a kind that the box does not take", {
  make = function(c, box, msg, to)
    return { message = ("%s sent %s to %s, and %s does not take that"):format(full_name(c),
      msg == nil and "a message" or value_text(msg), box, to and full_name(to) or "its receiver"),
      notes = to and { ("kam doc %s says what it takes"):format(select(2, name_of(to))) } or nil }
  end,
  exit = 1, why = "A box may say what kind of messages it takes.", wrong = "", right = "",
})

define("E0312", "a send that only the sender could make room for", {
  make = function(c, box)
    return { message = ("%s.%s leads back to %s's own inbox, which is full: only it could make room, and "
      .. "it would wait for ever"):format(name_of(c), box, name_of(c)) }
  end,
  exit = 1, why = "A component that waits for itself never goes on.", wrong = "", right = "",
})

define("E0313", "a buffer that was released", {
  make = function() return { message = "this buffer was released" } end, exit = 1,
  why = "release gives its memory back at once.", wrong = "", right = "",
})

define("E0314", "a standard box that cannot be removed", {
  make = function(c, box) return { message = ("%s of %s was declared, and only added boxes can be removed")
    :format(box, full_name(c)) } end,
  exit = 1, why = "", wrong = "", right = "",
})

-- --- running ---

define("E0400", "a component failed", {
  make = function(text) return { message = text } end, exit = 1,
  why = "An error in a component ends it; its owner stops its other children and fails in turn.", wrong = "", right = "",
})

define("E0401", "a component that does not give way", {
  make = function() return { message = "has not given way for 10 s while others waited: it is stopped",
    mend = "self:yield() in its loop" } end,
  exit = 1, why = "All components of a system share one thread; each has to give way now and then.",
  wrong = "while true do n = n + 1 end", right = "while true do n = n + 1 self:yield() end",
})

define("E0402", "stopped by the user", {
  make = function() return { message = "did not give way when it was asked to end: it is stopped" } end,
  exit = 1, why = "", wrong = "", right = "",
})

define("E0501", "a map that gave nothing", {
  make = function(n)
    return { message = ("gave nothing for message %d; is a `return` missing?"):format(n),
      mend = "to drop messages on purpose use kam.filter" }
  end,
  exit = 1, why = "kam.map sends on what its function returns, and nil is no message.",
  wrong = "kam.map(function(s) s:upper() end)", right = "kam.map(function(s) return s:upper() end)",
})

define("E0601", "made but never run", {
  make = function(kind, file, line)
    return { message = ("the %s was made but never run"):format(kind), file = file, line = line,
      mend = "}:run()" }
  end,
  exit = 1, why = "Making a component starts nothing.",
  wrong = "kam.Pipeline { a, b }", right = "kam.Pipeline { a, b }:run()",
})

define("E0602", "messages lost: nobody is linked", {
  make = function(text) return { message = text } end, exit = 1,
  why = 'An outbox that is not linked discards. Link it, or link it to null: "A -> null".',
  wrong = "", right = '"A.debug -> null"',
})

define("E0603", "messages lost: the receiver ended first", {
  make = function(text) return { message = text } end, exit = 1,
  why = "A component that ends when its inbox is empty for a moment ends too early.",
  wrong = "while self:dataReady() do … end", right = "for m in self:messages() do … end",
})

define("E0604", "activated but never run", {
  make = function(kind, file, line)
    return { message = ("the %s was activated but nothing ran it"):format(kind), file = file, line = line,
      mend = "kam.run()" }
  end,
  exit = 1, why = "activate() only makes it ready; run() of any component runs all.",
  wrong = "c:activate()", right = "c:activate() kam.run()",
})

define("E0701", "a system that cannot be read", {
  make = function(text) return { message = text } end,
  why = "kam run 'A | B x=1 | C' is components with | between, each with options.",
  wrong = "kam run 'ConsoleReader || ConsoleEchoer'", right = "kam run 'ConsoleReader | ConsoleEchoer'",
})

define("E0702", "wrong usage", {
  make = function(text) return { message = text } end,
  why = "kam --help says how.", wrong = "", right = "",
})

return codes
