-- No more than so many messages, or bytes, a second. RateLimit makes those before
-- it wait, and loses nothing; Throttle lets at most one in a while pass, and drops
-- the others; Debounce waits until it has been quiet.
local kam = require "kam"

local start = kam.now()

local function show(name)
  return kam.map(function(msg) return ("%s %s at %.1f s"):format(name, msg, kam.now() - start) end)
end

-- Five messages: three at once, and after half a second two more.
local function press(self)
  for i = 1, 5 do
    self:send(i)
    if i == 3 then self:sleep(0.5) end
  end
end

local function through(name, limit)
  start = kam.now()
  kam.Pipeline { kam.main(press), limit, show(name), kam.ConsoleEchoer() }:run()
end

through("limited to 10 a second:", kam.RateLimit { messages = 10 })
through("throttled:", kam.Throttle(0.3))
through("debounced:", kam.Debounce(0.3))

--> limited to 10 a second: 1 at 0.0 s
--> limited to 10 a second: 2 at 0.1 s
--> limited to 10 a second: 3 at 0.2 s
--> limited to 10 a second: 4 at 0.5 s
--> limited to 10 a second: 5 at 0.6 s
--> throttled: 1 at 0.0 s
--> throttled: 4 at 0.5 s
--> debounced: 3 at 0.3 s
--> debounced: 5 at 0.5 s
