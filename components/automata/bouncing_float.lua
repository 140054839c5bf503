local kam = require "kam"

return kam.component "BouncingFloat" {
  summary = "Sends a number that goes up and down between 0 and 1.",
  doc = "It begins at 0 and moves by a tenth of `speed` each time; at 0 and 1 it turns round, and "
    .. "nothing of the way is lost. By default 25 are sent a second.",
  ends = "When told, or when its receiver has ended.",
  inboxes = { inbox = false },
  outboxes = { outbox = { "numbers from 0 to 1", kind = "number" } },
  options = {
    speed = { type = "number", default = 1, doc = "tenths from one number to the next", min = 0, max = 10 },
    seconds = { type = "number", default = 0.04, doc = "between two; 0: as fast as they are taken", min = 0 },
  },
  first = "speed",
  example = [[
kam.Pipeline { kam.BouncingFloat { 4, seconds = 0 }, kam.Take(5), kam.ConsoleEchoer() }:run()
--> 0
--> 0.4
--> 0.8
--> 0.8
--> 0.4
]],
  main = function(self)
    local tenths, step = 0.0, self.speed
    repeat -- tenths go up to 20; from 10 on they count backwards
      local at = tenths > 10 and 20 - tenths or tenths
      tenths = (tenths + step) % 20
    until not (self:send(at / 10) and self:sleep(self.seconds))
  end,
}
