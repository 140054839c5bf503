-- A file, copied.
local kam = require "kam"

kam.Pipeline { kam.FileReader(arg[1]), kam.FileWriter(arg[2]) }:run()
