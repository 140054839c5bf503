-- A service that waits for more when all others have ended: it is told.
local kam = require "kam"

local Log = kam.component "Log" {
  inboxes = { inbox = { "lines", open = true } },
  main = function(self)
    for line in self:messages() do print(line) end
    print(self:told())
  end,
}

kam.registerService("LOG", Log():activate())
kam.Pipeline { kam.DataSource { "one" }, kam.ToService "LOG" }:run()

--> one
--> producerFinished
