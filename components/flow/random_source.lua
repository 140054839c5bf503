local kam = require "kam"

return kam.component "RandomSource" {
  summary = "Sends random numbers, or random items of a list.",
  doc = "Whole numbers from `from` to `to`, both included; with `whole = false`, numbers with fractions "
    .. "from `from` up to but without `to`; or items of a list, each as likely as the other. They come "
    .. "from math.random, so `--seed N` gives the same ones again. It goes as fast as the receiver "
    .. "takes them.",
  ends = "After `count` messages, when told, or when its receiver has ended.",
  inboxes = { inbox = false },
  outboxes = { outbox = "the numbers or items" },
  options = {
    items = { type = "list", "a list to pick from, instead of numbers", optional = true },
    from = { type = "number", default = 1, doc = "the smallest number" },
    to = { type = "number", default = 100, doc = "the largest number" },
    whole = { true, "whole numbers" },
    count = { 0, "how many messages; 0: without end", min = 0 },
  },
  first = "items",
  init = function(self)
    if self.items and (self.items.n or #self.items) == 0 then
      error("it needs a list of items that is not empty", 0)
    end
    if self.from > self.to then
      error(("it has nothing from %s to %s"):format(self.from, self.to), 0)
    end
    if self.whole and not (math.tointeger(self.from) and math.tointeger(self.to)) then
      error("it needs whole numbers for from and to; or whole = false", 0)
    end
  end,
  example = [[
kam.Pipeline { kam.RandomSource { from = 1, to = 6, count = 100 }, kam.Collate(), kam.Max(),
  kam.ConsoleEchoer() }:run()
--> 6
]],
  main = function(self)
    local items, from, to, n = self.items, self.from, self.to, 0
    if self.whole then from, to = math.tointeger(from), math.tointeger(to) end
    while (self.count == 0 or n < self.count) and not self:told() do
      local msg
      if items then msg = items[math.random(items.n or #items)]
      elseif self.whole then msg = math.random(from, to)
      else msg = from + math.random() * (to - from) end
      if not self:send(msg) then return end
      n = n + 1
    end
  end,
}
