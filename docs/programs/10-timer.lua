-- Shows the time every second, until it is stopped.
local kam = require "kam"

kam.Pipeline {
  kam.main(function(self)
    while self:sleep(1) do self:send(os.date "%H:%M:%S") end
  end),
  kam.ConsoleEchoer(),
}:run()
