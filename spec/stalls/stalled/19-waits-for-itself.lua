-- One that has only itself for a feeder.
local kam = require "kam"

kam.Graphline { A = kam.PassThrough(), linkages = { "A -> A" } }:run()

--! A (19-waits-for-itself.lua:4) waits for a message in inbox; only A feeds it
--! exit 3
