-- What comes to one box is waited for in another.
local kam = require "kam"

local Clerk = kam.component "Clerk" {
  inboxes = { orders = "what is ordered", inbox = "what is delivered" },
  main = function(self) print(self:recv "orders") end,
}

kam.Graphline { SRC = kam.OneShot "tea", CLERK = Clerk(), linkages = { "SRC -> CLERK" } }:run()

--! 1 component is still waiting
--! CLERK (05-wrong-box.lua:9) waits for a message in orders, and nothing was ever linked to it
--! to feed it: ["… -> CLERK.orders"]
--! it has not been told to end: send kam.shutdownMicroprocess() to its control, or feed it from outside
--! exit 3
