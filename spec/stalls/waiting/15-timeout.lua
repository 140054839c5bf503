-- A source that has gone quiet.
local kam = require "kam"

local function slow(self)
  self:send "one"
  self:sleep(60)
end

kam.Pipeline { kam.main(slow), kam.Timeout { 0.05, msg = "gone quiet" }, kam.ConsoleEchoer() }:run()

--> one
--> gone quiet
