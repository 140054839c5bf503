-- One component used twice.
local kam = require "kam"
local up = kam.map(string.upper)
kam.Pipeline { kam.OneShot "x", up, up, kam.ConsoleEchoer() }:run()
--! exit 2
--! map belongs to another component already
--mend: up, up, ==> up, kam.map(string.upper),
