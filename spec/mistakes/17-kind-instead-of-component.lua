-- The kind of a component where a component is meant.
local kam = require "kam"
kam.Pipeline { kam.ConsoleReader, kam.ConsoleEchoer() }:run()
--! exit 2
--! item 1 of 2 is the kind ConsoleReader, not a component; make one
--! mend: kam.ConsoleReader()
--mend: kam.ConsoleReader, ==> kam.ConsoleReader(),
