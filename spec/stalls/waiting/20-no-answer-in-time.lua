-- A request that is kept, by one who does not wait for ever.
local kam = require "kam"

local kept = {}
local Store = kam.component "Store" {
  inboxes = { inbox = { "requests", open = true } },
  main = function(self)
    for request in self:messages() do kept[#kept + 1] = request end
  end,
}

kam.registerService("STORE", Store():activate())
kam.main(function(self) print(self:ask("STORE", "tea?", 0.05)) end):run()

--> nil	timeout
