-- Waiting for a message, but not for ever: recv takes a box and seconds, and
-- says why it has nothing.
local kam = require "kam"

local Patient = kam.component "Patient" {
  summary = "Sends on what comes, and asks when nothing comes for a while.",
  options = { seconds = { 5.0, "how long to wait" } },
  main = function(self)
    while true do
      local msg, why = self:recv("inbox", self.seconds)
      if why == "ended" then return end
      self:send(why == "timeout" and "still there?" or msg)
    end
  end,
}

local function slow(self)
  self:send "one"
  self:sleep(0.3)
  self:send "two"
end

kam.Pipeline {
  kam.main(slow),
  Patient(0.2),
  kam.ConsoleEchoer(),
}:run()

--> one
--> still there?
--> two
