-- A time to live: what is in a TTL is told to end when its seconds are over.
local kam = require "kam"

kam.Pipeline {
  kam.TTL { kam.PeriodicTick(0.1), seconds = 0.35 },
  kam.ConsoleEchoer(),
}:run()

--> 1
--> 2
--> 3
