-- A program that waits for the end of its input.
local kam = require "kam"

kam.Pipeline {
  kam.DataSource { "b\n", "a\n" }, kam.Delay(0.05), kam.UnixProcess { "sort" },
  kam.ConsoleEchoer { eol = "" },
}:run()

--> a
--> b
