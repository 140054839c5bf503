-- The name of a component is misspelt.
local kam = require "kam"
kam.Pipeline { kam.ConsolReader(), kam.ConsoleEchoer() }:run()
--! exit 2
--! there is no component ConsolReader; did you mean kam.ConsoleReader?
--mend: ConsolReader ==> ConsoleReader
