-- A name that Kamaelia had for a component.
local kam = require "kam"
kam.Pipeline { kam.ReadFileAdaptor "a.txt", kam.ConsoleEchoer() }:run()
--! exit 2
--! ReadFileAdaptor
--! FileReader
--mend: ReadFileAdaptor ==> FileReader
