-- running: E04xx to E07xx, of runs, their ends, and the command.


local value_text = require "kam.words".value_text

return function(define)

define("E0400", "a component failed", {
  make = function(text) return { message = text } end, exit = 1,
  why = "An error in a component ends it; its owner stops its other children and fails in turn.",
  wrong = [[
    kam.Pipeline {
      kam.OneShot { { name = "Ann" } },
      kam.map(function(t) return t.born.year end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.OneShot { { name = "Ann" } },
      kam.map(function(t) return t.born and t.born.year or "unknown" end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
})

define("E0401", "a component that does not give way", {
  make = function(_, seconds)
    return { message = ("has not given way for %s s while others waited: it is stopped"):format(seconds),
      mend = "self:yield() in its loop" }
  end,
  exit = 1, why = "All components of a system share one thread; each has to give way now and then.",
  wrong = [[
    kam.configure { stopAfter = 0.1 }
    kam.Pipeline {
      kam.main(function(self)
        local sum = 0
        for i = 1, 1e10 do sum = sum + i end
        self:send(sum)
      end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
  right = [[
    kam.configure { stopAfter = 0.1 }
    kam.Pipeline {
      kam.main(function(self)
        local sum = 0
        for i = 1, 1e6 do
          sum = sum + i
          if i % 1000 == 0 then self:yield() end
        end
        self:send(sum)
      end),
      kam.ConsoleEchoer(),
    }:run()
  ]],
})

define("E0402", "stopped by the user", {
  make = function() return { message = "did not give way when it was asked to end: it is stopped" } end,
  exit = 1,
  why = "^C asks all components to end. One that does not give way cannot hear it: a second ^C, or 2 seconds, stop it.",
  wrong = [[
    kam.main(function()
      local sum = 0
      while true do sum = sum + 1 end
    end):run()
  ]],
  right = [[
    kam.main(function(self)
      local sum = 0
      while not self:shuttingDown() do
        sum = sum + 1
        self:yield()
      end
    end):run()
  ]],
})

define("E0403", "waiting that holds up the system", {
  make = function(name, call, component)
    return { message = ("%s holds up the whole system in %s; that waiting is a component's work"):format(name, call),
      mark = call, mend = component }
  end,
  exit = 1,
  why = "While a function of Lua waits for a person, a file or a program, no component runs. Components wait "
    .. "without holding up the others.",
  wrong = [[
    kam.Graphline {
      BUILD = kam.main(function() os.execute "sleep 2" end),
      TICK = kam.PeriodicTick { 0.5, count = 2 }, OUT = kam.ConsoleEchoer(),
      linkages = { "TICK -> OUT" },
    }:run()
  ]],
  right = [[
    kam.Graphline {
      BUILD = kam.UnixProcess { "sleep", "0.2" },
      TICK = kam.PeriodicTick { 0.1, count = 2 }, OUT = kam.ConsoleEchoer(),
      linkages = { "BUILD, TICK -> OUT" },
    }:run()
  ]],
})

define("E0404", "a loop that never takes what waits for it", {
  make = function(name, box, n, file, line)
    return { message = ('%s turns round and round: %d %s in "%s", and its loop never takes %s'):format(name, n,
      n == 1 and "message waits" or "messages wait", box, n == 1 and "it" or "them"), file = file, line = line,
      mend = ('self:recv "%s"'):format(box) }
  end,
  exit = 1,
  why = "It has given way for a second, again and again, and has taken and sent nothing, though a message was there. "
    .. "A loop over all boxes forgets none: for box, msg in self:messagesAny() do.",
  wrong = [[
    local Merge = kam.component "Merge" {
      inboxes = { other = "more of the same" },
      main = function(self)
        while not self:shuttingDown() do
          if self:dataReady() then print(self:recv()) end
          self:yield()
        end
      end,
    }
    kam.TTL {
      kam.Graphline {
        A = kam.PeriodicTick(60), B = kam.DataSource { 2, 3 }, MERGE = Merge(),
        linkages = { "A -> MERGE", "B -> MERGE.other" },
      }, 2,
    }:run()
  ]],
  right = [[
    local Merge = kam.component "Merge" {
      inboxes = { other = "more of the same" },
      main = function(self)
        for box, msg in self:messagesAny() do print(box, msg) end
      end,
    }
    kam.TTL {
      kam.Graphline {
        A = kam.PeriodicTick(60), B = kam.DataSource { 2, 3 }, MERGE = Merge(),
        linkages = { "A -> MERGE", "B -> MERGE.other" },
      }, 0.1,
    }:run()
  ]],
})

define("E0501", "a map that gave nothing", {
  make = function(n)
    return { message = ("gave nothing for message %d; is a `return` missing?"):format(n),
      mend = "to drop messages on purpose use kam.filter" }
  end,
  exit = 1, why = "kam.map sends on what its function returns, and nil is no message.",
  wrong = 'kam.Pipeline { kam.OneShot "x", kam.map(function(s) s:upper() end), kam.ConsoleEchoer() }:run()',
  right = 'kam.Pipeline { kam.OneShot "x", kam.map(function(s) return s:upper() end), kam.ConsoleEchoer() }:run()',
})

define("E0601", "made but never run", {
  make = function(kind, file, line)
    return { message = ("the %s was made but never run"):format(kind), file = file, line = line,
      mend = "}:run()" }
  end,
  exit = 1, why = "Making a component starts nothing.",
  wrong = 'kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }',
  right = 'kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:run()',
})

define("E0602", "messages lost: nobody is linked", {
  make = function(text) return { message = text } end, exit = 1,
  why = 'An outbox that is not linked discards. Link it, or link it to null: "A -> null".',
  wrong = 'kam.Pipeline { kam.OneShot "x", kam.Tee(), kam.ConsoleEchoer() }:run()',
  right = [[
    kam.Graphline {
      A = kam.OneShot "x", TEE = kam.Tee(), OUT = kam.ConsoleEchoer(),
      linkages = { "A -> TEE -> OUT", "TEE.copy -> null" },
    }:run()
  ]],
})

define("E0603", "messages lost: the receiver ended first", {
  make = function(text) return { message = text } end, exit = 1,
  why = "A component that ends when its inbox is empty for a moment ends too early.",
  wrong = [[
    kam.Pipeline {
      kam.PeriodicTick { 0.1, count = 2 },
      kam.main(function(self) while self:dataReady() do print(self:recv()) end end),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.PeriodicTick { 0.1, count = 2 },
      kam.main(function(self) for msg in self:messages() do print(msg) end end),
    }:run()
  ]],
})

define("E0604", "activated but never run", {
  make = function(kind, file, line)
    return { message = ("the %s was activated but nothing ran it"):format(kind), file = file, line = line,
      mend = "kam.run()" }
  end,
  exit = 1, why = "activate() only makes it ready; run() of any component runs all.",
  wrong = 'kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:activate()',
  right = [[
    kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:activate()
    kam.run()
  ]],
})

define("E0605", "settings of a run that are no table", {
  make = function(got)
    return { message = ("kam.configure takes a table, got %s"):format(value_text(got)),
      mend = "kam.configure { grace = 5 }" }
  end,
  exit = 1, why = "grace and stopAfter are times in seconds: how long one that is told to end now may take, "
    .. "and how long one may run without giving way while others wait.",
  wrong = "kam.configure(5)", right = "kam.configure { grace = 5, stopAfter = 30 }",
})

define("E0606", "messages lost: trySend refused them", {
  make = function(text) return { message = text } end, exit = 1,
  why = "trySend does not wait: when the box is full it gives false, and the message stays with who called. "
    .. "A call whose result goes nowhere cannot know, so what it was refused counts as lost. One that looks "
    .. "at the result, or keeps it, says nothing.",
  wrong = [[
    kam.Pipeline {
      kam.main(function(self) for i = 1, 1000 do self:trySend(i) end end),
      kam.main(function(self)
        self:sleep(0.1)
        for n in self:messages() do print(n) end
      end),
    }:run()
  ]],
  right = [[
    kam.Pipeline {
      kam.main(function(self) for i = 1, 1000 do self:send(i) end end),
      kam.main(function(self)
        self:sleep(0.1)
        for n in self:messages() do print(n) end
      end),
    }:run()
  ]],
})

define("E0607", "messages lost with a component that failed", {
  make = function(text) return { message = text } end, exit = 1,
  why = "Whoever watches a component deals with its failure, and what waited in its inboxes is gone with it. "
    .. "kam.Supervisor and kam.Carousel hand it to the next one.",
  wrong = [[
    local function show(n)
      if n == 1 then error "not 1" end
      print(n)
    end
    kam.Pipeline {
      kam.DataSource { 1, 2, 3 },
      kam.main(function(self)
        local worker = self:addChildren(kam.each(show))
        self:link({ self, "inbox" }, worker)
        self:watch(worker, self:addInbox "ended")
        self:recv "ended"
      end),
    }:run()
  ]],
  right = [[
    local function show(n)
      if n == 1 then n = "one" end
      print(n)
    end
    kam.Pipeline {
      kam.DataSource { 1, 2, 3 },
      kam.main(function(self)
        local worker = self:addChildren(kam.each(show))
        self:link({ self, "inbox" }, worker)
        self:watch(worker, self:addInbox "ended")
        self:recv "ended"
      end),
    }:run()
  ]],
})

define("E0701", "a system that cannot be read", {
  make = function(text) return { message = text } end,
  why = "kam run 'A | B x=1 | C' is components with | between, each with options.",
  wrong = "kam run 'ConsoleReader || ConsoleEchoer'",
  right = "kam run 'ConsoleReader | ConsoleEchoer'",
})

define("E0702", "wrong usage", {
  make = function(text) return { message = text } end,
  why = "kam --help says how.",
  wrong = "kam run",
  right = "kam run 'ConsoleReader | ConsoleEchoer'",
})

define("E0502", "a table changed after it was sent", {
  make = function(name, box, place)
    return { message = ("the table that %s sent to %s%s was changed after it was sent"):format(name, box,
      place and " at " .. place or ""), mend = "send a new table, or a copy" }
  end,
  exit = 1, why = "What is sent belongs to who receives it; tables travel by reference. --careful finds this.",
  wrong = [[
    kam --careful -e '
      kam.Pipeline {
        kam.main(function(self)
          local t = {}
          for i = 1, 3 do
            t.n = i
            self:send(t)
          end
        end),
        kam.Delay(0.1),
        kam.ConsoleEchoer(),
      }:run()
    '
  ]],
  right = [[
    kam --careful -e '
      kam.Pipeline {
        kam.main(function(self)
          for i = 1, 3 do self:send { n = i } end
        end),
        kam.Delay(0.1),
        kam.ConsoleEchoer(),
      }:run()
    '
  ]],
})

end
