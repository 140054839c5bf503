-- :run() is forgotten.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.ConsoleEchoer() }
--! exit 1
--! the Pipeline was made but never run
--! }:run()
--mend: kam.ConsoleEchoer() } ==> kam.ConsoleEchoer() }:run()
