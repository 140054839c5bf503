local kam = require "kam"

local PACKET = 188 -- bytes, each beginning with SYNC (ISO 13818-1, section 2.4.3.2)
local SYNC = 0x47

return kam.component "TSPacketiser" {
  summary = "Cuts an MPEG transport stream into payloads of RTP.",
  doc = "The bytes come in any cut; each message that leaves is up to `packets` whole packets of 188 bytes, as "
    .. "RFC 2250, section 2, has them: { payload =, timestamp = }, for RTPFramer with the payload type 33. The "
    .. "timestamp is the time at which it leaves, in 1/90000 s, or what `bitrate` makes of its place in the "
    .. "stream. A packet that does not begin with the byte 0x47, and an end in the middle of one, are errors.",
  ends = "When its inbox has ended, after the last payload.",
  inboxes = { inbox = { "a transport stream, in any cut", kind = "bytes" } },
  outboxes = { outbox = { "{ payload =, timestamp = }", kind = "table" } },
  options = {
    packets = { 7, "packets in a payload; 7 fit into a datagram of Ethernet", min = 1, max = 348 },
    bitrate = { 0, "bits a second of the stream; 0: timestamps are the time", min = 0 },
  },
  first = "packets",
  stamp = function(self, sent)
    local seconds = self.bitrate > 0 and sent * 8 / self.bitrate or kam.now()
    return math.tointeger(math.floor(seconds * 90000)) & 0xffffffff
  end,
  main = function(self)
    local size, held, sent = self.packets * PACKET, "", 0
    local function send(payload)
      for at = 1, #payload, PACKET do
        if payload:byte(at) ~= SYNC then
          error(("byte %d of the stream begins no packet: 0x%02x"):format(sent + at, payload:byte(at)), 0)
        end
      end
      self:send { payload = payload, timestamp = self:stamp(sent) }
      sent = sent + #payload
    end
    for bytes in self:messages() do
      local data, at = held .. bytes, 1
      while #data - at + 1 >= size do
        send(data:sub(at, at + size - 1))
        at = at + size
      end
      held = data:sub(at)
    end
    if self:told() == "shutdownMicroprocess" then return end
    if #held % PACKET ~= 0 then
      error(("the stream ends in a packet: %d of 188 bytes came"):format(#held % PACKET), 0)
    end
    if held ~= "" then send(held) end
  end,
  example = [[
local stream = ("\x47" .. ("\0"):rep(187)):rep(10)
kam.Pipeline {
  kam.DataSource { stream }, kam.TSPacketiser { bitrate = 1000000 },
  kam.map(function(p) return ("%d bytes at %d"):format(#p.payload, p.timestamp) end),
  kam.ConsoleEchoer(),
}:run()
--> 1316 bytes at 0
--> 564 bytes at 947
]],
}
