-- A component for each message, one after the other: join waits for the end of each, also
-- when no more messages come.
local kam = require "kam"

local Sorted = kam.component "Sorted" {
  inboxes = { inbox = "lists of words" },
  outboxes = { outbox = "their words, sorted by another program" },
  main = function(self)
    for words in self:messages() do
      local helper = kam.Pipeline { kam.DataSource(words), kam.LineJoin(), kam.UnixProcess { "sort" },
        kam.LineSplit() }
      self:link({ helper, "outbox" }, { self, "outbox" })
      self:addChildren(helper)
      local over = self:join(helper)
      self:send(over and over.ok and "--" or "cut off")
    end
  end,
}

kam.Pipeline {
  kam.DataSource { { "pear", "apple" }, { "two", "one", "three" } },
  Sorted(),
  kam.ConsoleEchoer(),
}:run()

--> apple
--> pear
--> --
--> one
--> three
--> two
--> --
