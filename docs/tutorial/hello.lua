local kam = require "kam"

kam.Pipeline {
  kam.ConsoleReader(),
  kam.ConsoleEchoer(),
}:run()
