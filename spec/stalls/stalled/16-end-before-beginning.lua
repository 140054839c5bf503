-- Its start is sent behind a box that is full before it has started.
local kam = require "kam"

local Reader = kam.component "Reader" {
  inboxes = { inbox = "what to read", start = "when to begin" },
  main = function(self)
    self:recv "start"
    for msg in self:messages() do print(msg) end
  end,
}

local Source = kam.component "Source" {
  outboxes = { outbox = "numbers", start = "said at the end" },
  main = function(self)
    for n = 1, 10 do self:send(n) end
    self:send("go", "start")
  end,
}

kam.Graphline {
  SRC = Source(), READER = Reader(),
  linkages = { { "SRC -> READER", limit = 5 }, "SRC.start -> READER.start" },
}:run()

--! SRC (16-end-before-beginning.lua:21) waits for room in READER.inbox (5 of 5)
--! READER (16-end-before-beginning.lua:21) waits for a message in start; only SRC feeds it
--! make a box larger
--! exit 3
