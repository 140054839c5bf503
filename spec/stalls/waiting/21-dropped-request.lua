-- A request that is dropped: who asked is told so.
local kam = require "kam"

local Rude = kam.component "Rude" {
  inboxes = { inbox = { "requests", open = true } },
  main = function(self)
    while self:recv() do collectgarbage() end
  end,
}

kam.registerService("RUDE", Rude():activate())
kam.main(function(self) print(self:ask("RUDE", "tea?")) end):run()

--> nil	receiverGone
