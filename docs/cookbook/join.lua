-- Several streams into one. Links to the same inbox merge; Merge says where each
-- message came from, or gives some precedence; Zip makes pairs; Comparator compares
-- them. Each ends when the streams have.
local kam = require "kam"

kam.Graphline {
  A = kam.DataSource { "a1", "a2" }, B = kam.DataSource { "b1" },
  ALL = kam.Sort(), OUT = kam.ConsoleEchoer(),
  linkages = { "A, B -> ALL -> OUT" },
}:run()

kam.Graphline {
  NEWS = kam.DataSource { "Sun at last.", "Rain again." }, SPORT = kam.DataSource { "2 : 1" },
  ALL = kam.Merge { "news", "sport", order = "priority", tagged = true }, OUT = kam.ConsoleEchoer(),
  linkages = { "NEWS -> ALL.news", "SPORT -> ALL.sport", "ALL -> OUT" },
}:run()

kam.Graphline {
  NAMES = kam.DataSource { "ann", "ben" }, AGES = kam.DataSource { 31, 29 },
  PAIRS = kam.Zip { "name", "age" },
  TEXT = kam.map(function(pair) return ("%s is %d"):format(pair[1], pair[2]) end),
  OUT = kam.ConsoleEchoer(),
  linkages = { "NAMES -> PAIRS.name", "AGES -> PAIRS.age", "PAIRS -> TEXT -> OUT" },
}:run()

--> a1
--> a2
--> b1
--> { "news", "Sun at last." }
--> { "news", "Rain again." }
--> { "sport", "2 : 1" }
--> ann is 31
--> ben is 29
