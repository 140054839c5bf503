-- What fails is made anew: the message that it was handling is lost, those that wait
-- are not. Each restart is told on the standard error.
local kam = require "kam"

local function worker()
  return kam.map(function(n)
    if n == 2 then error "two is too much" end
    return n * 10
  end)
end

kam.Supervisor {
  restarts = 5, within = 60,
  FEED = function() return kam.DataSource { 1, 2, 3 } end,
  WORK = worker,
  OUT  = kam.ConsoleEchoer,
  linkages = { "FEED -> WORK -> OUT" },
}:run()

--> 10
--> 30
--! WORK has failed and is made anew (1 of 5 in 60 s)
--! exit 0
