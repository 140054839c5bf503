-- A comma is missing between two components.
local kam = require "kam"
kam.Pipeline {
  kam.OneShot "x"
  kam.ConsoleEchoer(),
}:run()
--! exit 2
--! a comma is missing after
--! on line 4
--mend: "x" ==> "x",
