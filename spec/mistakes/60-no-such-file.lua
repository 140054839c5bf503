-- A file that is not there.
local kam = require "kam"
kam.Pipeline { kam.FileReader "b.txt", kam.ConsoleEchoer() }:run()
--! exit 1
--! FileReader
--! b.txt
--! No such file
--mend: b.txt ==> a.txt
