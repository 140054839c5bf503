local kam = require "kam"

-- The fields of a packet; or nil and why it is none.
local function fields(packet)
  if #packet < 12 then return nil, ("%d bytes are no packet"):format(#packet) end
  local first, second, sequence, timestamp, ssrc = (">BBI2I4I4"):unpack(packet)
  if first >> 6 ~= 2 then return nil, ("version %d of RTP, not 2"):format(first >> 6) end
  local at, last = 13 + 4 * (first & 15), #packet
  if at - 1 > last then return nil, "it ends in its csrcs" end
  local p = { sequence = sequence, timestamp = timestamp, ssrc = ssrc, marker = second >= 128,
    payloadType = second & 127 }
  if first & 15 > 0 then
    p.csrcs = { (">" .. ("I4"):rep(first & 15)):unpack(packet, 13) }
    p.csrcs[#p.csrcs] = nil -- where it stopped
  end
  if first & 0x10 ~= 0 then
    if at + 3 > last then return nil, "it ends in its extension" end
    local profile, words = (">I2I2"):unpack(packet, at)
    at = at + 4 + 4 * words
    if at - 1 > last then return nil, "it ends in its extension" end
    p.extension = { profile = profile, data = packet:sub(at - 4 * words, at - 1) }
  end
  if first & 0x20 ~= 0 then
    local padding = packet:byte(-1)
    if padding == 0 or last - padding < at - 1 then return nil, "its padding is longer than what is left" end
    p.padding, last = padding, last - padding
  end
  p.payload = packet:sub(at, last)
  return p
end

return kam.component "RTPDeframer" {
  summary = "Reads packets of RTP.",
  doc = "Each message is a packet, a datagram of its own, and becomes { payload =, sequence =, timestamp =, ssrc "
    .. "=, marker =, payloadType = }, with csrcs =, extension = { profile =, data = } and padding = if it has "
    .. "them (RFC 3550, section 5.1). What is no packet goes to error if that is linked; else it ends the "
    .. "component. Packets that come in another order, twice, or not at all, are not looked for.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = { "packets", kind = "bytes" } },
  outboxes = {
    outbox = { "tables: { payload =, sequence =, timestamp =, … }", kind = "table" },
    error = { "if linked: what is no packet, as { data =, error = }", kind = "table", optional = true },
  },
  main = function(self)
    for packet in self:messages() do
      local p, why = fields(packet)
      if p then
        self:send(p)
      elseif self:isHeard "error" then
        self:send({ data = packet, error = why }, "error")
      else
        error(why, 0)
      end
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { "\x80\x60\0\7\0\0\0\x0a\0\0\0\1hello" },
  kam.RTPDeframer(),
  kam.map(function(p) return ("packet %d of %d: %s"):format(p.sequence, p.ssrc, p.payload) end),
  kam.ConsoleEchoer(),
}:run()
--> packet 7 of 1: hello
]],
}
