-- None, as in Python.
local kam = require "kam"
local last = None
kam.Pipeline { kam.OneShot(last or "x"), kam.ConsoleEchoer() }:run()
--! exit 2
--! there is no "None" in this script
--mend: None ==> nil
