-- Publishing by name: who publishes does not know who subscribes. With `keep`, who
-- comes later gets the last messages.
local kam = require "kam"

kam.Backplane { "NEWS", keep = 1 }:activate()
kam.Pipeline { kam.DataSource { "sun", "rain" }, kam.PublishTo "NEWS" }:activate()

kam.main(function(self)
  self:sleep(0.1)
  self:addChildren(kam.Pipeline { kam.SubscribeTo "NEWS", kam.ConsoleEchoer() })
end):run()

--> rain
