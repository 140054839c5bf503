-- Shout between the keyboard and the screen.
local kam = require "kam"
local Shout = require "shout"

kam.Pipeline {
  kam.ConsoleReader(),
  Shout { marks = 3 },
  kam.ConsoleEchoer(),
}:run()

--< hello
--< world
--> HELLO!!!
--> WORLD!!!
