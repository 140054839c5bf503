-- An option that must be given.
local kam = require "kam"
kam.Pipeline { kam.FileReader(), kam.ConsoleEchoer() }:run()
--! exit 2
--! FileReader's option path must be given
--! mend: kam.FileReader "…"
--mend: FileReader() ==> FileReader "a.txt"
