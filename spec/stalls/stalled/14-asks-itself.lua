-- A service that asks itself.
local kam = require "kam"

local Echo = kam.component "Echo" {
  inboxes = { inbox = { "requests", open = true } },
  main = function(self)
    for request in self:messages() do request:reply(self:ask("ECHO", request.msg)) end
  end,
}

kam.registerService("ECHO", Echo():activate())
kam.main(function(self) print(self:ask("ECHO", "hello?")) end):run()

--! Echo (14-asks-itself.lua:11) waits for an answer from ECHO
--! exit 3
