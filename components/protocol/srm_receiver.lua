local kam = require "kam"

return kam.component "SRM_Receiver" {
  summary = "Gives the messages of packets from SRM_Sender, in order and once.",
  doc = "The receiving half of Kamaelia's simple reliable multicast: DataDeChunker, DeFramer, "
    .. "RecoverOrder and SimpleDetupler, one behind the other. It may begin in the middle. Packets may "
    .. "come late, twice or never, or joined: `window` messages are held, to wait for those that belong "
    .. "before them, and what comes later than that is dropped, as are doubles. A packet of which a "
    .. "part is missing is an error.",
  ends = "When its inbox has ended, after it has sent what it holds.",
  inboxes = { inbox = { "packets", kind = "bytes" } },
  outboxes = { outbox = { "the messages", kind = "bytes" } },
  options = {
    window = { 30, "how many messages are held", min = 1 },
    modulus = { 65536, "numbers go round after so many, the same as the sender's", min = 4 },
    sync = { "XXXXXXXXXXXXXXXXXXXXXXXX", "the word that marks a beginning, the same as the sender's" },
  },
  first = "window",
  init = function(self)
    local parts = kam.Pipeline {
      kam.DataDeChunker(self.sync), kam.DeFramer(),
      kam.RecoverOrder { self.window, modulus = self.modulus }, kam.SimpleDetupler(2),
    }
    self:addChildren(parts)
    self:lend(parts)
  end,
  main = function() end, -- it ends when its parts have
  example = [[
kam.Pipeline { kam.DataSource { "##1 3\ntwo", "##0 3\none", "##1 3\ntwo" },
  kam.SRM_Receiver { sync = "##" }, kam.ConsoleEchoer() }:run()
--> one
--> two
]],
}
