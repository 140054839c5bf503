local kam = require "kam"

-- Warns of packets that are none.
local function reject(self)
  for bad in self:messages() do self:warn("a packet was dropped: " .. bad.error) end
end

return kam.component "SRM_Receiver" {
  summary = "Gives the messages of packets from SRM_Sender, in order and once.",
  doc = "The receiving half of Kamaelia's simple reliable multicast: DataDeChunker, DeFramer, "
    .. "RecoverOrder and SimpleDetupler, one behind the other. It may begin in the middle. Packets may "
    .. "come late, twice or never, or joined: `window` messages are held, to wait for those that belong "
    .. "before them, and what comes later than that is dropped, as are doubles. What did not come "
    .. "goes to lost if that is linked; else it is warned of. A packet of which a part is missing ends the "
    .. "component; with `packets`, where each is whole, it is dropped, and warned of.",
  ends = "When its inbox has ended, after it has sent what it holds.",
  inboxes = { inbox = { "packets", kind = "bytes" } },
  outboxes = {
    outbox = { "the messages", kind = "bytes" },
    lost = { "if linked: messages that did not come, as { from =, to =, count = }", kind = "table",
      optional = true },
  },
  options = {
    window = { 30, "how many messages are held", min = 1 },
    seconds = { 0.0, "how long what lacks is waited for; 0: until the window is full", min = 0 },
    packets = { false, "each packet is whole, as datagrams are" },
    modulus = { 65536, "numbers go round after so many, the same as the sender's", min = 4 },
    sync = { "XXXXXXXXXXXXXXXXXXXXXXXX", "the word that marks a beginning, the same as the sender's" },
  },
  first = "window",
  init = function(self)
    local order = kam.RecoverOrder { self.window, modulus = self.modulus, seconds = self.seconds }
    local chunks, frames = kam.DataDeChunker { self.sync, packets = self.packets }, kam.DeFramer()
    local parts = kam.Pipeline { chunks, frames, order, kam.SimpleDetupler(2) }
    self:addChildren(parts)
    self:lend(parts)
    self:link({ order, "lost" }, { self, "lost" })
    if self.packets then
      local rejects = self:addChildren(kam.main(reject))
      for _, part in ipairs { chunks, frames, order } do self:link({ part, "error" }, { rejects, "inbox" }) end
    end
  end,
  main = function() end, -- it ends when its parts have
  example = [[
kam.Pipeline { kam.DataSource { "##1 3\ntwo", "##0 3\none", "##1 3\ntwo" },
  kam.SRM_Receiver { sync = "##" }, kam.ConsoleEchoer() }:run()
--> one
--> two
]],
}
