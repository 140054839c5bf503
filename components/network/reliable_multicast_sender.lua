local kam = require "kam"

return kam.component "ReliableMulticastSender" {
  summary = "Sends messages to a multicast group, numbered for its receivers.",
  doc = "An SRM_Sender before a UDPPeer: each message is one datagram with its number. Nothing is sent again: "
    .. "a receiver knows what it has lost, and tells it. A message may have some 65,000 bytes, fewer if many of "
    .. "them have to be escaped; a longer one fails the component. Only one sender may send to a group and port.",
  ends = "When its inbox has ended and all is sent.",
  effects = true,
  inboxes = { inbox = { "messages of bytes", kind = "bytes" } },
  outboxes = { outbox = false },
  options = {
    group = { type = "string", "the multicast group: 239.1.2.3, or ff15::1" },
    port = { type = "integer", "its port", min = 1, max = 65535 },
    interface = { "", "the address of the interface for the group" },
    ttl = { 0, "how many routers a datagram may pass, plus 1; 0: 1", min = 0, max = 255 },
  },
  first = { "group", "port" },
  init = function(self)
    local parts = kam.Pipeline {
      kam.SRM_Sender(),
      kam.UDPPeer { self.group, self.port, group = self.group, interface = self.interface, ttl = self.ttl },
      kam.NullSink(),
    }
    self:addChildren(parts)
    self:link({ self, "inbox" }, { parts, "inbox" })
  end,
  example = [[
kam.TTL { kam.Pipeline { kam.ReliableMulticastReceiver { "239.255.77.2", 17702, interface = "127.0.0.1" },
  kam.ConsoleEchoer() }, 0.8 }:activate()
kam.Pipeline { kam.DataSource { "one", "two" }, kam.Delay(0.1),
  kam.ReliableMulticastSender { "239.255.77.2", 17702, interface = "127.0.0.1" } }:run()
--> one
--> two
]],
}
