-- A whole command line as the name of a program.
local kam = require "kam"
kam.Pipeline { kam.FileReader "words.txt", kam.UnixProcess "sort -r", kam.ConsoleEchoer() }:run()
--! exit 1
--! UnixProcess
--! sort -r
--mend: "sort -r" ==> { "sort", "-r" }
