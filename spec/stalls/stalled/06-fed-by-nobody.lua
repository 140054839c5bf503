-- An inbox that nobody feeds.
local kam = require "kam"

kam.main(function(self) print(self:recv()) end):run()

--! main (06-fed-by-nobody.lua:4) waits for a message in inbox, and nothing was ever linked to it
--! to feed it: ["… -> main"]
--! exit 3
