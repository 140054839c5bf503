-- A Zip of which one side is not fed.
local kam = require "kam"

kam.Graphline {
  LEFT = kam.DataSource { 1, 2 }, PAIRS = kam.Zip { "left", "right" }, OUT = kam.ConsoleEchoer(),
  linkages = { "LEFT -> PAIRS.left", "PAIRS -> OUT" },
}:run()

--! PAIRS (11-zip.lua:5) waits for a message in right, and nothing was ever linked to it
--! to feed it: ["… -> PAIRS.right"]
--! OUT (11-zip.lua:5) waits for a message in inbox; only PAIRS feeds it
--! exit 3
