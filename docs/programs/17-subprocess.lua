-- Sorts a file by another program.
local kam = require "kam"

kam.Pipeline {
  kam.FileReader "words.txt",
  kam.UnixProcess { "sort", "-r" },
  kam.LineSplit(),
  kam.ConsoleEchoer(),
}:run()
