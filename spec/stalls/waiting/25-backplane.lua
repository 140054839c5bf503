-- A subscriber that waits while the publisher takes its time.
local kam = require "kam"

kam.Pipeline { kam.SubscribeTo "NEWS", kam.ConsoleEchoer() }:activate()
kam.Pipeline { kam.DataSource { "late" }, kam.Delay(0.05), kam.PublishTo "NEWS" }:run()

--> late
