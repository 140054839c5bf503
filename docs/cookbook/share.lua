-- One stream into several. Tee sends the same to two, Split to as many as it has
-- names for, Route to the one that a function names, Balance to who has room.
local kam = require "kam"

kam.Graphline {
  LINES = kam.DataSource { "GET / 200", "GET /x 404", "GET /y 500" },
  TEE   = kam.Tee(),
  BAD   = kam.filter(function(line) return not line:find " 200$" end),
  COUNT = kam.Count(),
  TOTAL = kam.map(function(n) return n .. " lines" end),
  OUT   = kam.ConsoleEchoer(),
  linkages = { "LINES -> TEE -> BAD -> OUT", "TEE.copy -> COUNT -> TOTAL -> OUT" },
}:run()

local function kind(n) return n % 2 == 0 and "even" end

kam.Graphline {
  NUMBERS = kam.Sequence { to = 5 }, SORT = kam.Route { "even", by = kind },
  EVEN = kam.Collate(), ODD = kam.Collate(), OUT = kam.ConsoleEchoer(),
  linkages = { "NUMBERS -> SORT", "SORT.even -> EVEN -> OUT", "SORT -> ODD -> OUT" },
}:run()

local function worker(name)
  return kam.map(function(job) return ("%s did %s"):format(name, job) end)
end

kam.Graphline {
  JOBS = kam.DataSource { "job 1", "job 2", "job 3" }, SHARE = kam.Balance { "a", "b" },
  A = worker "ann", B = worker "ben", ALL = kam.Sort(), OUT = kam.ConsoleEchoer(),
  linkages = { "JOBS -> SHARE", "SHARE.a -> A", "SHARE.b -> B", "A, B -> ALL -> OUT" },
}:run()

--> GET /x 404
--> GET /y 500
--> 3 lines
--> { 2, 4 }
--> { 1, 3, 5 }
--> ann did job 1
--> ann did job 3
--> ben did job 2
