-- A number option given as a text.
local kam = require "kam"
kam.Pipeline { kam.FileReader "a.txt", kam.Chunker { size = "3" }, kam.ConsoleEchoer() }:run()
--! exit 2
--! Chunker's option size is an integer, got the string "3"
--! size = 3
--mend: "3" ==> 3
