-- One that publishes what it hears, and hears nothing.
local kam = require "kam"

kam.Pipeline { kam.SubscribeTo "NEWS", kam.map(string.upper), kam.PublishTo "NEWS" }:run()
