local kam = require "kam"

return kam.component "LoopingCounter" {
  summary = "Counts, and begins again at 0 before it reaches a limit.",
  doc = "It sends 0, then the sum of that and `step`, and so on, always modulo `modulo`: angles of a "
    .. "turning thing, by default, 25 a second.",
  ends = "When told, or when its receiver has ended.",
  inboxes = { inbox = false },
  outboxes = { outbox = { "numbers from 0 up to, but without, `modulo`", kind = "number" } },
  options = {
    step = { type = "number", default = 1, doc = "from one number to the next" },
    modulo = { type = "number", default = 360, doc = "the limit", min = 1e-9 },
    seconds = { type = "number", default = 0.04, doc = "between two; 0: as fast as they are taken", min = 0 },
  },
  first = { "step", "modulo" },
  example = [[
kam.Pipeline { kam.LoopingCounter { 100, 250, seconds = 0 }, kam.Take(4), kam.ConsoleEchoer() }:run()
--> 0
--> 100
--> 200
--> 50
]],
  main = function(self)
    local n = 0
    while self:send(n) and self:sleep(self.seconds) do n = (n + self.step) % self.modulo end
  end,
}
