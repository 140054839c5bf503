-- A source in the middle of a Pipeline.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.FileReader "a.txt", kam.ConsoleEchoer() }:run()
--! exit 2
--! FileReader takes no messages, so it can only be first in a Pipeline
--mend: kam.OneShot "x", kam ==> kam
