-- One that pauses for what cannot come.
local kam = require "kam"

kam.main(function(self) self:pause() end):run()

--! main (32-pause.lua:4) waits for a message in inbox, and nothing was ever linked to it
--! exit 3
