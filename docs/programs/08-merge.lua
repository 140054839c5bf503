-- Shows the lines of two files, as they come, until both have ended.
local kam = require "kam"

kam.Graphline {
  A = kam.FileReader { "a.txt", lines = true },
  B = kam.FileReader { "b.txt", lines = true },
  OUT = kam.ConsoleEchoer(),
  linkages = { "A, B -> OUT" },
}:run()
