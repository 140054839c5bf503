local kam = require "kam"

return kam.component "Fragmentation" {
  summary = "Cuts a stream of bytes anywhere, as a network does.",
  doc = "Each message leaves as pieces of from 1 to `most` bytes, with the same bytes in the same order. "
    .. "Who reads a stream must be able to take it in any cut: with this before it, it has to. Chance "
    .. "comes from math.random, so `--seed N` cuts at the same places again; `most = 1` cuts everywhere. "
    .. "An empty message is dropped.",
  ends = "When its inbox has ended, after the last piece.",
  inboxes = { inbox = { "bytes", kind = "bytes" } },
  outboxes = { outbox = { "the same bytes, in pieces", kind = "bytes" } },
  options = { most = { 16, "bytes in a piece", min = 1 } },
  first = "most",
  example = [[
kam.Pipeline { kam.OneShot "to be or not to be\n", kam.Fragmentation(4), kam.LineSplit(),
  kam.ConsoleEchoer() }:run()
--> to be or not to be
]],
  main = function(self)
    for bytes in self:messages() do
      local from = 1
      while from <= #bytes do
        local to = from + math.random(self.most) - 1
        self:send(bytes:sub(from, to))
        from = to + 1
      end
    end
  end,
}
