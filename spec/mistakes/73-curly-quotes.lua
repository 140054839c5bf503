-- Quotes of a word processor.
local kam = require "kam"
kam.Pipeline { kam.OneShot “x”, kam.ConsoleEchoer() }:run()
--! exit 2
--! these quotes are not those of a program
--mend: “x” ==> "x"
