-- Three in a ring, each of which waits for the one before it.
local kam = require "kam"

kam.Graphline {
  A = kam.PassThrough(), B = kam.PassThrough(), C = kam.PassThrough(),
  linkages = { "A -> B -> C -> A" },
}:run()

--! 3 components are still waiting
--! A (03-ring-of-three.lua:5) waits for a message in inbox; only C feeds it
--! B (03-ring-of-three.lua:5) waits for a message in inbox; only A feeds it
--! C (03-ring-of-three.lua:5) waits for a message in inbox; only B feeds it
--! none has been told to end
--! exit 3
