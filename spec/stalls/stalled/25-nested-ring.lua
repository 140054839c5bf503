-- Two chassis that feed each other, and neither begins.
local kam = require "kam"

kam.Graphline {
  ONE = kam.Pipeline { kam.map(string.upper), kam.PassThrough() },
  TWO = kam.Pipeline { kam.map(string.lower) },
  linkages = { "ONE -> TWO -> ONE" },
}:run()

--! 3 components are still waiting
--! PassThrough in ONE (25-nested-ring.lua:5) waits for a message in inbox; only map feeds it
--! map in ONE (25-nested-ring.lua:5) waits for a message in inbox; only map 2 feeds it
--! map 2 in TWO (25-nested-ring.lua:6) waits for a message in inbox; only PassThrough feeds it
--! exit 3
