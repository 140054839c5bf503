-- The first of a Seq is not fed, so that the second has never its turn.
local kam = require "kam"

kam.Seq { kam.FirstOnly(), kam.OneShot "done" }:run()

--! FirstOnly (33-seq.lua:4) waits for a message in inbox, and nothing was ever linked to it
--! to feed it: ["… -> Seq"]
--! Seq (33-seq.lua:4) waits in ended for the end of FirstOnly
--! exit 3
