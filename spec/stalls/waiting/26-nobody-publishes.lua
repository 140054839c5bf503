-- A subscriber of what nobody publishes.
local kam = require "kam"

kam.Pipeline { kam.SubscribeTo "NEWS", kam.ConsoleEchoer() }:run()
