-- Activated, and nothing runs it.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }:activate()
--! exit 1
--! the Pipeline was activated but nothing ran it
--! kam.run()
--mend: :activate() ==> :activate() kam.run()
