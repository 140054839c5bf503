local kam = require "kam"

local function refuse(msg, why, ...)
  error(("%s: %s"):format(why:format(...), kam.show(msg)), 0)
end

-- A field that must be an integer of so many bits.
local function integer(msg, name, bits, default)
  local v = msg[name]
  if v == nil then v = default end
  local n = math.tointeger(v)
  if not n or n < 0 or n >= 1 << bits then
    refuse(msg, "%s is an integer of %d bits, got %s", name, bits, kam.show(v))
  end
  return n
end

-- The extension of a header, { profile =, data = } (RFC 3550, section 5.3.1).
local function extension_of(msg)
  local e = msg.extension
  if not e then return "" end
  local profile = integer(e, "profile", 16)
  if type(e.data) ~= "string" or #e.data % 4 ~= 0 or #e.data > 4 * 65535 then
    refuse(msg, "the data of an extension is a string of whole words of 4 bytes")
  end
  return (">I2I2"):pack(profile, #e.data // 4) .. e.data
end

return kam.component "RTPFramer" {
  summary = "Writes payloads as packets of RTP.",
  doc = "Each message is a payload, or { payload =, timestamp =, marker =, payloadType =, ssrc =, csrcs = { … }, "
    .. "extension = { profile =, data = }, padding =, sequence = }, and becomes one packet (RFC 3550, section "
    .. "5.1). What a message does not say comes from the options, the sequence numbers from one that grows by 1; "
    .. "a timestamp from the one before, `step` further on. Sequence and timestamp go round. `padding` is how "
    .. "many bytes the packet is to be longer, at most 255. A field that does not fit, and a packet of more than "
    .. "`limit` bytes, are errors.",
  ends = "When its inbox has ended.",
  inboxes = { inbox = "payloads, or tables that have one" },
  outboxes = { outbox = { "packets", kind = "bytes" } },
  options = {
    payloadType = { 96, "what the payload is (RFC 3551); 33: an MPEG transport stream", min = 0, max = 127 },
    ssrc = { -1, "the source; -1: a random one", min = -1, max = 0xffffffff },
    sequence = { -1, "the number of the first packet; -1: a random one", min = -1, max = 65535 },
    timestamp = { -1, "of the first packet; -1: a random one", min = -1, max = 0xffffffff },
    step = { 0, "what a timestamp is behind the one before", min = 0 },
    limit = { 65507, "bytes in a packet", min = 12 },
  },
  first = "payloadType",
  init = function(self)
    if self.ssrc < 0 then self.ssrc = math.random(0, 0xffffffff) end
    if self.sequence < 0 then self.sequence = math.random(0, 65535) end
    if self.timestamp < 0 then self.timestamp = math.random(0, 0xffffffff) end
  end,
  packet = function(self, msg)
    if type(msg) ~= "table" then msg = { payload = msg } end
    if type(msg.payload) ~= "string" then refuse(msg, "a payload is a string") end
    local csrcs, padding = msg.csrcs or {}, integer(msg, "padding", 8, 0)
    if #csrcs > 15 then refuse(msg, "a packet has at most 15 csrcs, got %d", #csrcs) end
    local sequence = integer(msg, "sequence", 16, self.sequence)
    local timestamp = integer(msg, "timestamp", 32, self.timestamp)
    local parts = { (">BBI2I4I4"):pack(0x80 | (padding > 0 and 0x20 or 0) | (msg.extension and 0x10 or 0) | #csrcs,
      (msg.marker and 0x80 or 0) | integer(msg, "payloadType", 7, self.payloadType), sequence, timestamp,
      integer(msg, "ssrc", 32, self.ssrc)) }
    for i in ipairs(csrcs) do parts[#parts + 1] = (">I4"):pack(integer(csrcs, i, 32)) end
    parts[#parts + 1] = extension_of(msg)
    parts[#parts + 1] = msg.payload
    if padding > 0 then parts[#parts + 1] = ("\0"):rep(padding - 1) .. string.char(padding) end
    self.sequence, self.timestamp = (sequence + 1) & 0xffff, (timestamp + self.step) & 0xffffffff
    return table.concat(parts)
  end,
  main = function(self)
    for msg in self:messages() do
      local packet = self:packet(msg)
      if #packet > self.limit then
        error(("a packet of %d bytes is longer than %d (its option limit)"):format(#packet, self.limit), 0)
      end
      self:send(packet)
    end
  end,
  example = [[
kam.Pipeline {
  kam.DataSource { "hello", { payload = "world", marker = true } },
  kam.RTPFramer { ssrc = 1, sequence = 65535, timestamp = 0, step = 160 },
  kam.RTPDeframer(),
  kam.map(function(p) return ("%d %d %s %s"):format(p.sequence, p.timestamp, p.marker, p.payload) end),
  kam.ConsoleEchoer(),
}:run()
--> 65535 0 false hello
--> 0 160 true world
]],
}
