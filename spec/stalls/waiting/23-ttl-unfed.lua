-- One that waits where nothing comes has a time to live.
local kam = require "kam"

kam.TTL { kam.main(function(self) print(self:recv "control") end), seconds = 0.05 }:run()

--> shutdownMicroprocess
