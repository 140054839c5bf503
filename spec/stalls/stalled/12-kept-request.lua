-- A service keeps a request, and never answers.
local kam = require "kam"

local kept = {}
local Store = kam.component "Store" {
  inboxes = { inbox = { "requests", open = true } },
  main = function(self)
    for request in self:messages() do kept[#kept + 1] = request end
  end,
}

kam.registerService("STORE", Store():activate())
kam.main(function(self) print(self:ask("STORE", "tea?")) end):run()

--! Store (12-kept-request.lua:12) waits for a message in inbox, which is open: anybody may put one there
--! main (12-kept-request.lua:13) waits for an answer from STORE; not for ever: [self:ask(to, msg, 5)]
--! exit 3
