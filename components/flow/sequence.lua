local kam = require "kam"

return kam.component "Sequence" {
  summary = "Sends numbers in a row.",
  doc = "From `from` to `to` in steps of `step`, which may be negative; without `to`, without end, as "
    .. "fast as the receiver takes them. Fractions do not add up errors: the number is computed anew "
    .. "each time.",
  ends = "After the last number, when told, or when its receiver has ended.",
  inboxes = { inbox = false },
  outboxes = { outbox = { "the numbers", kind = "number" } },
  options = {
    from = { type = "number", default = 1, doc = "the first number" },
    to = { type = "number", "the last number, if the steps meet it", optional = true },
    step = { type = "number", default = 1, doc = "from one number to the next; not 0" },
  },
  first = { "from", "to", "step" },
  init = function(self)
    if self.step == 0 then error("it cannot have a step of 0", 0) end
  end,
  example = [[
kam.Pipeline { kam.Sequence { 10, 1, -4 }, kam.ConsoleEchoer() }:run()
--> 10
--> 6
--> 2
]],
  main = function(self)
    local from, to, step, i = self.from, self.to, self.step, 0
    while not self:told() do
      local n = from + i * step
      if to and (step > 0 and n > to or step < 0 and n < to) then return end
      if not self:send(n) then return end
      i = i + 1
    end
  end,
}
