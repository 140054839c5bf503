-- A single value for a component that takes none.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.Collate "y", kam.ConsoleEchoer() }:run()
--! exit 2
--! Collate takes no single value, got
--mend: Collate "y" ==> Collate()
