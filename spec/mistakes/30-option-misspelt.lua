-- An option is misspelt.
local kam = require "kam"
kam.Pipeline {
  kam.FileReader { "a.txt", linse = true },
  kam.ConsoleEchoer(),
}:run()
--! exit 2
--! FileReader has no option "linse"; did you mean "lines"?
--mend: linse ==> lines
