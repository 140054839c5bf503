-- Side by side: each component of a Par gets all that comes, and what they send leaves
-- by one outbox.
local kam = require "kam"

kam.Pipeline {
  kam.DataSource { "a", "b", "c" },
  kam.Par {
    kam.map(string.upper),
    kam.Pipeline { kam.Collate(), kam.map(function(list) return #list .. " in all" end) },
  },
  kam.ConsoleEchoer(),
}:run()

--> A
--> B
--> C
--> 3 in all
