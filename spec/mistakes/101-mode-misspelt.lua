-- A word that an option does not know.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.FileWriter { "a.log", mode = "apend" } }:run()
--! exit 2
--! FileWriter's option mode must be one of "write", "append", "new", got the string "apend"
--mend: apend ==> append
