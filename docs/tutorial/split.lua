-- One source, two receivers: each gets every message.
local kam = require "kam"

kam.Graphline {
  SRC   = kam.DataSource { "pear", "fig", "plum" },
  COPY  = kam.Split { "list", "shout" },
  LIST  = kam.Collate(),
  SHOUT = kam.map(string.upper),
  OUT   = kam.ConsoleEchoer(),
  linkages = {
    "SRC -> COPY",
    "COPY.list -> LIST -> OUT",
    "COPY.shout -> SHOUT -> OUT",
  },
}:run()

--> { "pear", "fig", "plum" }
--> PEAR
--> FIG
--> PLUM
