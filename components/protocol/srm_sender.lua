local kam = require "kam"

return kam.component "SRM_Sender" {
  summary = "Numbers and marks messages, for packets that may come late or twice.",
  doc = "The sending half of Kamaelia's simple reliable multicast: TagWithSequenceNumber, Framer and "
    .. "DataChunker, one behind the other. Each message becomes one packet, which SRM_Receiver takes "
    .. "in whatever order they come. Numbers go round from 0 to `modulus` - 1. A message that is no "
    .. "text is an error.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "messages of bytes", kind = "bytes" } },
  outboxes = { outbox = { "packets", kind = "bytes" } },
  options = {
    modulus = { 65536, "numbers go round after so many, the same as the receiver's", min = 4 },
    sync = { "XXXXXXXXXXXXXXXXXXXXXXXX", "the word that marks a beginning, as DataChunker's" },
  },
  init = function(self)
    local parts = kam.Pipeline {
      kam.TagWithSequenceNumber { modulus = self.modulus }, kam.Framer(), kam.DataChunker(self.sync),
    }
    self:addChildren(parts)
    self:lend(parts)
  end,
  main = function() end, -- it ends when its parts have
  example = [[
kam.Pipeline { kam.DataSource { "one", "two" }, kam.SRM_Sender { sync = "##" },
  kam.ConsoleEchoer() }:run()
--> ##0 3
--> one
--> ##1 3
--> two
]],
}
