-- One that would wait for ever has a time to live.
local kam = require "kam"

kam.TTL { kam.main(function(self) self:sleep(1000) end), seconds = 0.05 }:run()
