-- A value that makes no sense for an option.
local kam = require "kam"
kam.Pipeline { kam.FileReader "a.txt", kam.Chunker { size = 0 }, kam.ConsoleEchoer() }:run()
--! exit 2
--! Chunker's option size must be
--! got the number 0
--mend: size = 0 ==> size = 4
