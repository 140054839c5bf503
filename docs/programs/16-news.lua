-- News, every second, to all who connect to port 1600, and to the terminal.
local kam = require "kam"

local news = { "Sun at last.", "Cat rescued.", "Rain again." }
local function pick() return news[math.random(#news)] end

kam.Pipeline { kam.PeriodicTick(1), kam.map(pick), kam.PublishTo "NEWS" }:activate()

kam.ServerCore {
  port = 1600,
  protocol = function()
    return kam.Pipeline { kam.SubscribeTo { "NEWS", whenFull = "dropOldest" }, kam.LineJoin() }
  end,
}:activate()

kam.Pipeline { kam.SubscribeTo "NEWS", kam.ConsoleEchoer() }:run()
