-- warnings: W0001 to W0010, what `kam check` says of a graph that can be built.

local words = require "kam.words"

return function(define)

define("W0001", "an outbox that is linked to nobody", {
  make = function(c, box)
    local name = words.name_of(c)
    return { message = ("%s sends to %s, and nobody is linked to it"):format(words.full_name(c), box),
      mend = ('"%s%s -> null" if that is meant, or kam.NullSink() after it'):format(name,
        box == "outbox" and "" or "." .. box) }
  end,
  why = "What is sent there is lost, and the run ends with E0602 and exit 1.",
  wrong = "kam.OneShot(1):run()", right = "kam.Pipeline { kam.OneShot(1), kam.ConsoleEchoer() }:run()",
})

define("W0002", "an inbox that nobody feeds", {
  make = function(c, box)
    return { message = ("%s waits for messages in %s, and nothing is linked to it"):format(words.full_name(c),
      box), mend = ('"… -> %s"'):format(words.name_of(c)) }
  end,
  why = "An inbox that nothing ever fed has not ended: a component that waits on it stalls the system.",
  wrong = [[
    kam.Graphline {
      A = kam.OneShot(1), B = kam.ConsoleEchoer(), C = kam.ConsoleEchoer(),
      linkages = { "A -> B" },
    }:run()
  ]],
  right = 'kam.Graphline { A = kam.OneShot(1), B = kam.ConsoleEchoer(), linkages = { "A -> B" } }:run()',
})

define("W0003", "a component that is never run", {
  make = function(c)
    return { message = ("the %s is made, and nothing runs or owns it"):format(words.full_name(c)), mend = ":run()" }
  end,
  why = "Making a component starts nothing; the run ends with E0601 and exit 1.",
  wrong = "kam.Pipeline { kam.OneShot(1), kam.ConsoleEchoer() }",
  right = "kam.Pipeline { kam.OneShot(1), kam.ConsoleEchoer() }:run()",
})
define("W0004", "a loop that nothing ends", {
  make = function(c, call)
    local name = words.full_name(c)
    if not call then
      return { message = ("this loop of %s has no way out, and never gives way"):format(name),
        mend = "while self:sleep(1) do" }
    end
    local mends = { recv = "for msg in self:messages() do", recvAny = "for box, msg in self:messagesAny() do",
      sleep = "while self:sleep(…) do", send = "if not self:send(…) then return end",
      trySend = "while not self:shuttingDown() do" }
    return { message = ("this loop of %s has no way out: when it is told to end, or its input has "):format(name)
      .. "ended, it goes on", mend = mends[call] or "while not self:shuttingDown() do" }
  end,
  why = "A component that is told to end is stopped by force, after 1,000 calls that do not wait; what it was "
    .. "about to do is lost. Calls that wait say that the end has come: look at what they give.",
  wrong = "kam.main(function(self)\n  while true do self:sleep(1) end\nend):run()",
  right = "kam.main(function(self)\n  while self:sleep(1) do print \"tick\" end\nend):run()",
})

-- An end as a linkage has it.
local function end_text(c, box, usual)
  local name = words.name_of(c)
  return box == usual and name or ("%s.%s"):format(name, box)
end

-- "A -> B -> A" of a list of edges.
local function ring_text(ring)
  local parts = { (words.name_of(ring[1].from)) }
  for _, edge in ipairs(ring) do parts[#parts + 1] = end_text(edge.to, edge.tobox, "inbox") end
  return table.concat(parts, " -> ")
end

define("W0005", "a ring of boxes that can all be full", {
  make = function(_, ring)
    local back = ring[#ring]
    local one = #ring == 1 and "it waits for room in its own inbox, which nobody else can make"
      or "when all these boxes are full, each waits for the next one and none goes on"
    return { message = ("messages go round: %s; %s"):format(ring_text(ring), one),
      mend = ('{ "%s -> %s", limit = 1000 }, or trySend in one of them'):format(
        end_text(back.from, back.box, "outbox"), end_text(back.to, back.tobox, "inbox")) }
  end,
  why = "A box holds 256 messages, and who sends to a full one waits. A ring is safe if fewer messages than that "
    .. "are ever on their way round it: a larger limit, or a whenFull that drops, says that you have thought of it.",
  wrong = [[
    local half = kam.map(function(n) return n // 2 end)
    kam.Graphline {
      SRC = kam.DataSource { 1 }, A = half, B = kam.PassThrough(),
      linkages = { "SRC -> A -> B -> A" },
    }:run()
  ]],
  right = [[
    kam.Graphline {
      SRC = kam.DataSource { 1 }, A = kam.FirstOnly(), B = kam.ConsoleEchoer(),
      linkages = { "SRC -> A -> B" },
    }:run()
  ]],
})

define("W0006", "an end that can overtake messages", {
  make = function(c, from, feeder)
    local name, of, other = words.name_of(c), words.name_of(from), words.name_of(feeder)
    return { message = ("%s is told to end when %s signals, and %s feeds it too: what %s sends after that is lost")
      :format(words.full_name(c), of, other, other),
      mend = ('"%s.signal -> %s.control" too, or take "%s.signal -> %s.control" away'):format(other, name, of, name) }
  end,
  why = "Without wires from signal to control the end comes by itself, behind the last message of the last feeder. "
    .. "Once one is wired by hand, only those that are wired are waited for.",
  wrong = [[
    kam.Graphline {
      A = kam.OneShot(1), B = kam.Delay(1), C = kam.ConsoleEchoer(),
      linkages = { "A -> B -> C", "A.signal -> C.control" },
    }:run()
  ]],
  right = [[
    kam.Graphline {
      A = kam.OneShot(1), B = kam.Delay(1), C = kam.ConsoleEchoer(),
      linkages = { "A -> B -> C" },
    }:run()
  ]],
})

define("W0007", "a variable that components share", {
  make = function(name, writer, users)
    local other = 0
    for _, c in ipairs(users) do
      if c ~= writer then other = other + 1 end
    end
    return { message = ('%s changes "%s", and %d other %s it too: who comes first is a matter of chance'):format(
      words.full_name(writer), name, other, other == 1 and "component uses" or "components use"),
      mark = name, mend = ("local %s in main, or a component that owns it and takes messages"):format(name) }
  end,
  why = "Components take turns, and the order of turns is not theirs to know: with another --seed the result may be "
    .. "another one. What belongs to one component is a local of its main; what others need is sent to them.",
  wrong = [[
    local total = 0
    local function add(n) total = total + n end
    kam.Graphline {
      S = kam.Split { "a", "b" }, SRC = kam.DataSource { 1, 2 }, A = kam.each(add), B = kam.each(add),
      linkages = { "SRC -> S", "S.a -> A", "S.b -> B" },
    }:run()
  ]],
  right = [[
    local function add(total, n) return total + n end
    kam.Pipeline { kam.DataSource { 1, 2 }, kam.Fold(add), kam.ConsoleEchoer() }:run()
  ]],
})

define("W0008", "a test that takes the message false for the end", {
  make = function(c)
    return { message = ("here %s takes false, which is a message, for the end"):format(words.full_name(c)),
      mend = "if msg == nil then", mark = "recv" }
  end,
  why = "recv gives nil when there is no message; false can be sent like anything else.",
  wrong = [[
    kam.Pipeline {
      kam.OneShot(1),
      kam.main(function(self)
        while true do
          local msg = self:recv()
          if not msg then break end
          print(msg)
        end
      end),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.OneShot(1),
      kam.main(function(self)
        for msg in self:messages() do print(msg) end
      end),
    }:run()
  ]],
})

define("W0009", "a name that is tested, and that nobody defines", {
  make = function(name, best)
    return { message = ("the script tests %s, and nobody defines it%s"):format(words.quoted(name),
      best and ("; did you mean %s?"):format(words.quoted(best)) or ""), mend = best }
  end,
  why = "A name that may be missing is tested before it is used, so this is no error. A misspelt one looks the same.",
  wrong = [[
    local verbose = true
    if verbsoe then print "hello" end
  ]],
  right = [[
    local verbose = true
    if verbose then print "hello" end
  ]],
})

define("W0010", "a subscriber that everybody waits for", {
  make = function(server, name)
    return { message = ("a handler of %s subscribes to a backplane, and waits when it is full: one peer that reads "
      .. "no more then holds up all who publish"):format(words.name_of(server)),
      mark = name, mend = ('kam.%s { "…", whenFull = "dropOldest" }'):format(name) }
  end,
  why = "A peer may go to sleep without hanging up. What is for it fills its subscriber's box, then publishers wait. "
    .. 'With whenFull = "dropOldest" or "dropNewest" only this peer loses messages, and the run tells how many.',
  wrong = [[
    kam.ServerCore {
      port = 0,
      protocol = function() return kam.Pipeline { kam.SubscribeTo "NEWS", kam.LineJoin() } end,
    }:run()
  ]],
  right = [[
    kam.ServerCore {
      port = 0,
      protocol = function()
        return kam.Pipeline { kam.SubscribeTo { "NEWS", whenFull = "dropOldest" }, kam.LineJoin() }
      end,
    }:run()
  ]],
})

end
