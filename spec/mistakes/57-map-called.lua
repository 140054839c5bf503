-- A function is called where it is meant to be given.
local kam = require "kam"
local function louder(s) return s and s:upper() end
kam.Pipeline { kam.OneShot "x", kam.map(louder()), kam.ConsoleEchoer() }:run()
--! exit 2
--! kam.map needs a function, got nil
--mend: map(louder()) ==> map(louder)
