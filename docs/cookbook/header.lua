-- One after another on the same boxes: the first component of a Seq takes the title,
-- and the next one what is left.
local kam = require "kam"

kam.Pipeline {
  kam.DataSource { "title", "some", "text" },
  kam.Seq {
    kam.Pipeline { kam.FirstOnly(), kam.map(string.upper) },
    kam.PassThrough(),
  },
  kam.ConsoleEchoer(),
}:run()

--> TITLE
--> some
--> text
