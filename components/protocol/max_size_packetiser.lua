local kam = require "kam"

return kam.component "MaxSizePacketiser" {
  summary = "Cuts messages that are too large into packets.",
  doc = "A message of up to `size` bytes is sent on as it is; a larger one as packets of that size, "
    .. "the last with what is left. Messages are not joined.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "messages of bytes", kind = "bytes" } },
  outboxes = { outbox = { "packets of at most `size` bytes", kind = "bytes" } },
  options = { size = { 1000, "bytes in a packet, at most", min = 1 } },
  example = [[
kam.Pipeline { kam.DataSource { "abcde", "fg" }, kam.MaxSizePacketiser(3), kam.Collate(),
  kam.ConsoleEchoer() }:run()
--> { "abc", "de", "fg" }
]],
  main = function(self)
    local size = self.size
    for bytes in self:messages() do
      for from = 1, math.max(#bytes, 1), size do self:send(bytes:sub(from, from + size - 1)) end
    end
  end,
}
