-- warnings: W0001 to W0049, what `kam check` says of a graph that can be built.

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
  wrong = "kam.Graphline { A = kam.OneShot(1), B = kam.ConsoleEchoer(), C = kam.ConsoleEchoer(), "
    .. 'linkages = { "A -> B" } }:run()',
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

end
