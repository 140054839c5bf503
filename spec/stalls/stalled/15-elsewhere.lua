-- One sends into a full box, whose owner waits in another.
local kam = require "kam"

local Reader = kam.component "Reader" {
  inboxes = { inbox = "what to read", start = "when to begin" },
  main = function(self)
    self:recv "start"
    for msg in self:messages() do print(msg) end
  end,
}

kam.Graphline {
  SRC = kam.source(function() return 1 end), READER = Reader(),
  linkages = { { "SRC -> READER", limit = 3 } },
}:run()

--! SRC (15-elsewhere.lua:13) waits for room in READER.inbox (3 of 3)
--! READER (15-elsewhere.lua:13) waits for a message in start, and nothing was ever linked to it
--! to feed it: ["… -> READER.start"]
--! exit 3
