-- running: E04xx to E07xx, of runs, their ends, and the command.


local value_text = require "kam.words".value_text

return function(define)

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
  wrong = "self:trySend(x)", right = "if not self:trySend(x) then missed = missed + 1 end",
})

define("E0607", "messages lost with a component that failed", {
  make = function(text) return { message = text } end, exit = 1,
  why = "Whoever watches a component deals with its failure, and what waited in its inboxes is gone with it. "
    .. "kam.Supervisor and kam.Carousel hand it to the next one.",
  wrong = "self:watch(self:addChildren(worker))", right = "kam.Supervisor { WORKER = make_worker }",
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

define("E0502", "a table changed after it was sent", {
  make = function(name, box, place)
    return { message = ("the table that %s sent to %s%s was changed after it was sent"):format(name, box,
      place and " at " .. place or ""), mend = "send a new table, or a copy" }
  end,
  exit = 1, why = "What is sent belongs to who receives it; tables travel by reference. --careful finds this.",
  wrong = "local t = {} t.n = 1 self:send(t) t.n = 2 self:send(t)", right = "self:send { n = 1 } self:send { n = 2 }",
})

end
