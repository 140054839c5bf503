-- A Supervisor whose only component waits for what nobody sends.
local kam = require "kam"

kam.Supervisor { WORK = function() return kam.PassThrough() end, linkages = { "WORK -> null" } }:run()

--! PassThrough in WORK (34-supervisor.lua:4) waits for a message in inbox, and nothing was ever linked to it
--! to feed it: ["… -> WORK"]
--! WORK (34-supervisor.lua:4) waits in ended for the end of PassThrough, or waits for a message in orders
--! exit 3
