-- A folder in which nothing happens for a while is no stall.
local kam = require "kam"

kam.Pipeline { kam.OneShot "x", kam.FileWriter "file" }:run()
kam.Graphline {
  WATCH = kam.DirectoryWatch ".",
  FIRST = kam.Take(1),
  SHOW = kam.main(function(self) print(self:recv().change) end),
  linkages = { "WATCH -> FIRST -> SHOW" },
}:activate()
kam.Pipeline { kam.OneShot "x", kam.Delay(0.3), kam.FileWriter { "file", mode = "append" } }:run()

--> changed
