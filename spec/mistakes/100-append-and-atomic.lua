-- Two options that exclude each other.
local kam = require "kam"
kam.Pipeline { kam.OneShot "x", kam.FileWriter { "a.log", mode = "append", atomic = true } }:run()
--! exit 1
--! FileWriter: cannot append to a.log
--! leave out one of the two
--mend: , atomic = true ==>  
