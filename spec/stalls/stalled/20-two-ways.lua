-- One way is blocked until the other has its end, which comes behind it.
local kam = require "kam"

kam.Graphline {
  SRC = kam.Sequence { 1, 1000 }, COPY = kam.Split { "one", "all" }, ALL = kam.Collate(),
  PAIRS = kam.Zip { "left", "right" }, OUT = kam.ConsoleEchoer(),
  linkages = { "SRC -> COPY", "COPY.one -> PAIRS.left", "COPY.all -> ALL -> PAIRS.right", "PAIRS -> OUT" },
}:run()

--! COPY (20-two-ways.lua:5) waits for room in PAIRS.left (256 of 256)
--! ALL (20-two-ways.lua:5) waits for a message in inbox; only COPY feeds it
--! PAIRS (20-two-ways.lua:6) waits for a message in right; only ALL feeds it
--! exit 3
