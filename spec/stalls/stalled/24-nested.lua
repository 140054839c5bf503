-- One deep in a chassis within a chassis waits in a box of its own.
local kam = require "kam"

local Deep = kam.component "Deep" {
  inboxes = { inbox = "messages", key = "what opens it" },
  main = function(self)
    self:recv "key"
    for msg in self:messages() do print(msg) end
  end,
}

kam.Pipeline { kam.DataSource { 1 }, kam.Pipeline { kam.PassThrough(), kam.Pipeline { Deep() } } }:run()

--! 1 component is still waiting
--! Deep in Pipeline (24-nested.lua:12) waits for a message in key, and nothing was ever linked to it
--! exit 3
