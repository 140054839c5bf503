-- graph: E01xx, of graphs and links.

local core = require "kam.core"
local near = require "kam.near"
local words = require "kam.words"
local quoted, name_of, full_name, box_names, did_you_mean, a, value_text =
  words.quoted, words.name_of, words.full_name, words.box_names, words.did_you_mean, words.a, words.value_text

return function(define)

define("E0101", "a linkage that cannot be read", {
  make = function(text, part)
    local mend = text:gsub("%s*=>%s*", " -> "):gsub("%s+to%s+", " -> ")
      :gsub("([^-])>%s*", "%1-> "):gsub("%-%s*%->", "->"):gsub("%s+%->", " ->")
    return { message = ("cannot read the link %s"):format(quoted(text)), mark = text,
      under = part, mend = mend ~= text and quoted(mend) or '"A -> B"' }
  end,
  why = 'A linkage is names with "->" between them; a name is NAME or NAME.box.',
  wrong = 'kam.Graphline { A = kam.OneShot "hello", B = kam.ConsoleEchoer(), linkages = { "A => B" } }:run()',
  right = 'kam.Graphline { A = kam.OneShot "hello", B = kam.ConsoleEchoer(), linkages = { "A -> B" } }:run()',
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
  wrong = 'kam.Graphline { SRC = kam.OneShot "x", SNK = kam.NullSink(), linkages = { "SRC -> SKN" } }:run()',
  right = 'kam.Graphline { SRC = kam.OneShot "x", SNK = kam.NullSink(), linkages = { "SRC -> SNK" } }:run()',
})

define("E0103", "a box that the component does not have", {
  make = function(c, name, side)
    local names = box_names(c, side == "outbox")
    local hint, best = did_you_mean(name, names)
    local other = box_names(c, side ~= "outbox")
    local e = { message = ("%s has no %s %s%s"):format(full_name(c), side, quoted(name), hint),
      mark = "." .. name, under = name, mend = best and best ~= name and quoted(best) or nil }
    if #names > 0 then
      e.notes = { ("its %ses: %s"):format(side, table.concat(names, ", ")) }
    end
    for _, n in ipairs(other) do
      if n == name and side == "outbox" then
        e.message = ("a link goes from an outbox to an inbox, and %s is an inbox of %s")
          :format(quoted(name), full_name(c))
        e.mend = ('"… -> %s", the other way round'):format(name_of(c))
      elseif n == name then
        e.message = ("a link goes from an outbox to an inbox, and %s is an outbox of %s")
          :format(quoted(name), full_name(c))
      end
    end
    if side == "inbox" and name == "inbox" then e.mark = nil end
    return e
  end,
  why = "Boxes are declared by the component; kam doc NAME lists them.",
  wrong = 'kam.Graphline { A = kam.OneShot "x", B = kam.ConsoleEchoer(), linkages = { "A -> B.inbx" } }:run()',
  right = 'kam.Graphline { A = kam.OneShot "x", B = kam.ConsoleEchoer(), linkages = { "A -> B" } }:run()',
})

define("E0104", "a link the wrong way round", {
  make = function(from, box, to, to_box, text)
    return { message = ("a link goes from an outbox to an inbox, and %s.%s -> %s.%s is the wrong way round")
      :format(name_of(from), box, name_of(to), to_box), mark = text,
      mend = quoted(("%s -> %s"):format(name_of(to), name_of(from))) }
  end,
  why = "Messages leave by outboxes and arrive in inboxes.",
  wrong = 'kam.Graphline { A = kam.OneShot "x", B = kam.ConsoleEchoer(), linkages = { "B.inbox -> A.outbox" } }:run()',
  right = 'kam.Graphline { A = kam.OneShot "x", B = kam.ConsoleEchoer(), linkages = { "A -> B" } }:run()',
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
  wrong = [[
    kam.Graphline {
      A = kam.OneShot "x", B = kam.ConsoleEchoer(), C = kam.ConsoleEchoer(),
      linkages = { "A -> B", "A -> C" },
    }:run()
  ]],
  right = [[
    kam.Graphline {
      A = kam.OneShot "x", COPY = kam.Split { "b", "c" }, B = kam.ConsoleEchoer(), C = kam.ConsoleEchoer(),
      linkages = { "A -> COPY", "COPY.b -> B", "COPY.c -> C" },
    }:run()
  ]],
})

define("E0106", "boxes passed through in a circle", {
  make = function(from, box, to, to_box)
    return { message = ("%s.%s -> %s.%s would pass boxes through in a circle: no message could "
      .. "ever arrive"):format(name_of(from), box, name_of(to), to_box) }
  end,
  why = "A box that is passed through hands its messages on; the last of such a chain must take them.",
  wrong = [[
    kam.main(function(self)
      local a, b = self:addChildren(kam.PassThrough(), kam.PassThrough())
      self:link({ self, "inbox" }, { self, "inbox" })
    end):run()
  ]],
  right = [[
    kam.Pipeline {
      kam.OneShot "x",
      kam.main(function(self)
        local echoer = self:addChildren(kam.ConsoleEchoer())
        self:link({ self, "inbox" }, echoer)
      end),
    }:run()
  ]],
})

-- What makes one kind of messages of another, the first that fits: from, to, how it is written.
local converters = {
  { "picture", "bytes", "kam.FrameToYUV4MPEG()" }, { "table", "bytes", "kam.JSONEncode()" },
  { "bytes", "table", "kam.JSONDecode()" }, { "bytes", "line", "kam.LineSplit()" },
  { "line", "bytes", "kam.LineJoin()" }, { "number", "line", "kam.Stringify()" },
  { "number", "bytes", "kam.map(tostring)" }, { "line", "number", "kam.map(tonumber)" },
}

-- What may stand between who sends and who takes these kinds.
local function converter(sent, taken)
  for _, c in ipairs(converters) do
    if sent[c[1]] and taken[c[2]] then return c[3] end
  end
end

define("E0107", "message kinds that can never fit", {
  make = function(from, box, to, to_box)
    local sent, taken = words.kinds(from, box, true), words.kinds(to, to_box)
    local between = converter(sent, taken)
    return { message = ("%s.%s sends %s, %s.%s takes %s"):format(full_name(from), box, words.any_of(sent),
      full_name(to), to_box, words.any_of(taken)), mend = between and between .. " between them" }
  end,
  why = "Boxes may declare what kind of messages they send or take, and these two have none in common.",
  wrong = 'kam.Pipeline { kam.PeriodicTick { 0.1, count = 2 }, kam.FileWriter "ticks.txt" }:run()',
  right = 'kam.Pipeline { kam.PeriodicTick { 0.1, count = 2 }, kam.Stringify(), kam.FileWriter "ticks.txt" }:run()',
})

define("E0108", "a link to a component that has ended", {
  make = function(from, box, to, to_box)
    return { message = ("cannot link %s.%s to %s.%s: one of them has ended"):format(name_of(from),
      box, name_of(to), to_box) }
  end,
  why = "What has ended sends and receives no more.",
  wrong = [[
    kam.main(function(self)
      local late = self:addChildren(kam.main(function(child)
        child:recv()
        child:sleep(0.1)
        child:link({ child, "outbox" }, { self, "inbox" })
      end))
      self:link({ self, "outbox" }, late)
      self:send "begin"
    end):run()
  ]],
  right = [[
    kam.main(function(self)
      local child = self:addChildren(kam.PassThrough())
      self:link(child, { self, "inbox" })
      self:link({ self, "outbox" }, child)
      self:send "begin"
      print(self:recv())
    end):run()
  ]],
})

define("E0109", "self without a box in a link", {
  make = function()
    return { message = "self in a link needs a box, because both its inbox and its outbox could be meant",
      mend = '{ self, "outbox" }' }
  end,
  why = "Inside a component, link takes { self, \"box\" }.",
  wrong = [[
    kam.Pipeline {
      kam.main(function(self)
        local child = self:addChildren(kam.OneShot "x")
        self:link(child, self)
      end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.main(function(self)
        local child = self:addChildren(kam.OneShot "x")
        self:link(child, { self, "outbox" })
      end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
})

define("E0110", "a neighbour that can only be first", {
  make = function(left, right)
    local others = {}
    for _, name in ipairs(near.names(right.inboxes)) do
      if name ~= "control" and name ~= "inbox" then others[#others + 1] = name end
    end
    if others[1] and not right.inboxes.inbox then
      return { message = ("%s has no box inbox for %s, which stands before it in a Pipeline, to send to; "
        .. "it has %s, for a Graphline"):format(full_name(right), full_name(left), table.concat(others, ", ")) }
    end
    return { message = ("%s takes no messages, so it can only be first in a Pipeline, and %s sends to it")
      :format(full_name(right), full_name(left)) }
  end,
  why = "A source has no inbox; what stands before it in a Pipeline would send to nobody.",
  wrong = "kam.Pipeline { kam.ConsoleReader(), kam.PeriodicTick { 0.1, count = 2 } }:run()",
  right = "kam.Pipeline { kam.PeriodicTick { 0.1, count = 2 }, kam.ConsoleEchoer() }:run()",
})

define("E0111", "an empty chassis", {
  make = function(kind)
    return { message = ("%s needs at least one component"):format(a(kind)),
      mend = "kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }" }
  end,
  why = "There is nothing in it that could run.",
  wrong = "kam.Pipeline {}:run()",
  right = "kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }:run()",
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
    local e = { message = ("%s is %s, not a component"):format(where, value_text(value)) }
    if type(value) == "table" and value == package.loaded.kam then
      e.message = where .. ' is kam itself: its functions are called with "."'
      e.mark, e.mend = "kam:", "kam.Pipeline { … }"
    elseif type(value) == "table" and type(value[1]) == "string" and value[1]:find "%->" then
      e.mark, e.mend = where, "linkages = { … }"
    elseif type(value) == "string" and value:find "^%u%a+$" then
      e.mark, e.mend = value_text(value):match '".*"', ("kam.%s()"):format(value)
    end
    return e
  end,
  why = "A chassis is made of components, and a component is made by calling its kind.",
  wrong = "kam.Pipeline { kam.ConsoleReader, kam.ConsoleEchoer }:run()",
  right = "kam.Pipeline { kam.ConsoleReader(), kam.ConsoleEchoer() }:run()",
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
  wrong = [[
    kam.Graphline {
      A = kam.OneShot "x", B = kam.ConsoleEchoer(), C = kam.ConsoleEchoer(),
      linkages = { "A -> B, C" },
    }:run()
  ]],
  right = [[
    kam.Graphline {
      A = kam.OneShot "x", COPY = kam.Split { "b", "c" }, B = kam.ConsoleEchoer(), C = kam.ConsoleEchoer(),
      linkages = { "A -> COPY", "COPY.b -> B", "COPY.c -> C" },
    }:run()
  ]],
})

define("E0114", "a box of the graph's own that it does not have", {
  make = function(kind, box, names, text, side)
    local hint, best = did_you_mean(box, names)
    if best == box then hint, best = "", nil end
    return { message = ("this %s has no %s %s%s"):format(kind, side, quoted(box),
      best and hint or "; it has: " .. table.concat(names, ", ")), mark = text, under = box,
      mend = best and quoted((text:gsub("self%." .. box, "self." .. best)))
        or ("to add one: %ses = { %s }"):format(side, quoted(box)) }
  end,
  why = "A Graphline's own boxes are declared in it.",
  wrong = [[
    local both = kam.Graphline { OUT = kam.ConsoleEchoer(), linkages = { "self, self.more -> OUT" } }
    kam.Graphline {
      A = kam.OneShot "a", B = kam.OneShot "b", BOTH = both,
      linkages = { "A -> BOTH", "B -> BOTH.more" },
    }:run()
  ]],
  right = [[
    local both = kam.Graphline {
      OUT = kam.ConsoleEchoer(), inboxes = { "more" }, linkages = { "self, self.more -> OUT" },
    }
    kam.Graphline {
      A = kam.OneShot "a", B = kam.OneShot "b", BOTH = both,
      linkages = { "A -> BOTH", "B -> BOTH.more" },
    }:run()
  ]],
})

define("E0115", "a link from null, or to a list", {
  make = function(text, what)
    return { message = ("the link %s %s"):format(quoted(text), what), mark = text }
  end,
  why = 'null takes what is to be discarded: "A.debug -> null".',
  wrong = 'kam.Graphline { A = kam.OneShot "x", linkages = { "null -> A" } }:run()',
  right = 'kam.Graphline { A = kam.OneShot "x", linkages = { "A -> null" } }:run()',
})

end
