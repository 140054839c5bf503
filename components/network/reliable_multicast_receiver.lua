local kam = require "kam"

return kam.component "ReliableMulticastReceiver" {
  summary = "Receives what a ReliableMulticastSender sends to its group, in order and once.",
  doc = "A UDPPeer before an SRM_Receiver. It may begin in the middle. Datagrams that come twice are dropped, and "
    .. "one that is overtaken is waited for, for `seconds` or until `window` later ones are there. What did not "
    .. "come by then goes to lost, if that is linked; else it is warned of. So is a datagram of somebody else.",
  ends = "When it is told, after it has sent what it holds.",
  effects = true,
  inboxes = { inbox = false },
  outboxes = {
    outbox = { "the messages", kind = "bytes" },
    lost = { "if linked: messages that did not come, as { from =, to =, count = }", kind = "table",
      optional = true },
  },
  options = {
    group = { type = "string", "the multicast group: 239.1.2.3, or ff15::1" },
    port = { type = "integer", "its port", min = 1, max = 65535 },
    interface = { "", "the address of the interface for the group" },
    window = { 30, "how many messages are held", min = 1 },
    seconds = { 0.2, "how long what lacks is waited for; 0: until the window is full", min = 0 },
  },
  first = { "group", "port" },
  init = function(self)
    local order = kam.SRM_Receiver { self.window, seconds = self.seconds, packets = true }
    local parts = self:addChildren(kam.Pipeline {
      kam.UDPPeer { port = self.port, group = self.group, interface = self.interface }, order,
    })
    self:link({ parts, "outbox" }, { self, "outbox" })
    self:link({ order, "lost" }, { self, "lost" })
  end,
  example = [[
kam.TTL { kam.Pipeline { kam.ReliableMulticastReceiver { "239.255.77.3", 17703, interface = "127.0.0.1" },
  kam.map(string.upper), kam.ConsoleEchoer() }, 0.8 }:activate()
kam.Pipeline { kam.OneShot "hello", kam.Delay(0.1),
  kam.ReliableMulticastSender { "239.255.77.3", 17703, interface = "127.0.0.1" } }:run()
--> HELLO
]],
}
