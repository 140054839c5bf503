-- RTPFramer, RTPDeframer and TSPacketiser: RFC 3550 and RFC 2250; Python's struct agrees.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local plain = { ssrc = 0x01020304, sequence = 0x1122, timestamp = 0x55667788 }

local function framed(msg, given) return kam.try(kam.RTPFramer(given or plain), { msg })[1] end
local function deframed(packet) return kam.try(kam.RTPDeframer(), { packet })[1] end

describe("RTPFramer", function()
  it("writes the header of RFC 3550, section 5.1", function()
    assert.equal("\x80\x60\x11\x22\x55\x66\x77\x88\1\2\3\4abc", framed "abc")
    assert.equal("\xb2\xa1\0\7\0\0\0\x08\0\0\0\x09\0\0\0\1\xff\xff\xff\xff\xbe\xde\0\1wxyzabc\0\0\3",
      framed { payload = "abc", marker = true, payloadType = 33, sequence = 7, timestamp = 8, ssrc = 9,
        csrcs = { 1, 0xffffffff }, extension = { profile = 0xbede, data = "wxyz" }, padding = 3 })
  end)

  it("counts packets, goes round, and moves timestamps on", function()
    local out = kam.try(kam.Pipeline { kam.RTPFramer { sequence = 65534, timestamp = 0xffffffff, step = 2 },
      kam.RTPDeframer() }, { "a", { payload = "b", timestamp = 5 }, "c", { payload = "d", sequence = 9 }, "e" })
    local list = {}
    for i, p in ipairs(out) do list[i] = ("%s %d %d"):format(p.payload, p.sequence, p.timestamp) end
    assert.same({ "a 65534 4294967295", "b 65535 5", "c 0 7", "d 9 9", "e 10 11" }, list)
    assert.equal(out[1].ssrc, out[5].ssrc)
  end)

  it("refuses what does not fit", function()
    local function refused(pattern, msg, given) assert.matches(pattern, cuts.fails(kam.RTPFramer(given), { msg })) end
    refused("a payload is a string", { payload = 1 })
    refused("payloadType is an integer of 7 bits, got 128", { payload = "", payloadType = 128 })
    refused("sequence is an integer of 16 bits, got %-1", { payload = "", sequence = -1 })
    refused("timestamp is an integer of 32 bits", { payload = "", timestamp = 1 << 32 })
    refused("padding is an integer of 8 bits", { payload = "", padding = 256 })
    refused("at most 15 csrcs, got 16", { payload = "", csrcs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 } })
    refused("whole words of 4 bytes", { payload = "", extension = { profile = 1, data = "abc" } })
    refused("profile is an integer of 16 bits, got nil", { payload = "", extension = { data = "" } })
    refused("a packet of 13 bytes is longer than 12", "a", { limit = 12 })
  end)
end)

describe("RTPDeframer", function()
  it("reads what RTPFramer writes", function()
    for _, msg in ipairs {
      { payload = "" }, { payload = "abc", marker = true, csrcs = { 1 } },
      { payload = "x", padding = 1 }, { payload = "", padding = 255 },
      { payload = "abc", extension = { profile = 0, data = "" } },
      { payload = ("x"):rep(1000), csrcs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
        extension = { profile = 0xffff, data = ("12345678"):rep(9) }, padding = 4 },
    } do
      local back = deframed(framed(msg))
      for name, value in pairs(msg) do assert.same(value, back[name]) end
      assert.equal(msg.marker or false, back.marker)
      assert.equal(plain.ssrc, back.ssrc)
      assert.equal(msg.padding, back.padding)
    end
  end)

  it("says of every beginning of a packet that it is none, or gives less of its payload", function()
    local packet = framed { payload = "", csrcs = { 1, 2 }, extension = { profile = 1, data = "abcd" }, padding = 4 }
    for i = 0, #packet - 1 do
      assert.matches("no packet", (cuts.fails(kam.Pipeline { kam.RTPDeframer(), kam.NullSink() }, { packet:sub(1, i) })
        :gsub("it ends in its %a+", "no packet"):gsub("its padding is longer", "no packet")))
    end
    assert.equal("ab", deframed(framed("abc"):sub(1, -2)).payload)
    assert.matches("version 1 of RTP, not 2", cuts.fails(kam.RTPDeframer(), { "\x40" .. ("\0"):rep(11) }))
  end)

  it("goes on behind what is no packet if error is linked", function()
    local good, bad = {}, {}
    kit.runs(kam.Graphline { SRC = kam.DataSource { "x", framed "abc" }, RTP = kam.RTPDeframer(),
      GOOD = kit.into(good), BAD = kit.into(bad), linkages = { "SRC -> RTP -> GOOD", "RTP.error -> BAD" } })
    assert.equal("abc", good[1].payload)
    assert.same({ { data = "x", error = "1 bytes are no packet" } }, bad)
  end)

  it("reads as Python does", function()
    local python = kit.python "struct"
    if not python then pending "needs python3" return end
    local lines, mine = {}, {}
    for i = 1, 40 do
      local packet = framed { payload = cuts.noise(i * 7), marker = i % 2 == 0, payloadType = i, sequence = i * 1000,
        csrcs = i % 3 == 0 and { i, i + 1 } or nil, padding = i % 5, timestamp = i << 24,
        extension = i % 4 == 0 and { profile = i, data = ("abcd"):rep(i) } or nil }
      lines[i] = packet:gsub(".", function(c) return ("%02x"):format(c:byte()) end)
      local p = deframed(packet)
      mine[i] = ("%d %d %d %d %d %s %s"):format(p.marker and 1 or 0, p.payloadType, p.sequence, p.timestamp, p.ssrc,
        table.concat(p.csrcs or {}, ","), p.payload:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
    end
    local got = cuts.command(python .. [[ -c '
import struct, sys
for line in sys.stdin:
    d = bytes.fromhex(line.strip())
    a, b, seq, ts, ssrc = struct.unpack(">BBHII", d[:12])
    assert a >> 6 == 2
    n = a & 15
    csrcs = struct.unpack(">%dI" % n, d[12:12 + 4 * n])
    at = 12 + 4 * n
    if a & 16:
        at += 4 + 4 * struct.unpack(">HH", d[at:at + 4])[1]
    end = len(d) - (d[-1] if a & 32 else 0)
    print(b >> 7, b & 127, seq, ts, ssrc, ",".join(map(str, csrcs)), d[at:end].hex())
']], table.concat(lines, "\n") .. "\n")
    assert.equal(table.concat(mine, "\n") .. "\n", got)
  end)
end)

describe("TSPacketiser", function()
  local function packets(n)
    local list = {}
    for i = 1, n do list[i] = "\x47" .. cuts.noise(186) .. string.char(i % 256) end
    return table.concat(list)
  end

  it("makes payloads of whole packets, in any cut", function()
    local stream = packets(5)
    local out = cuts.same(stream, function() return kam.TSPacketiser { 2, bitrate = 188 * 8 } end)
    local sizes, stamps, all = {}, {}, {}
    for i, p in ipairs(out) do sizes[i], stamps[i], all[i] = #p.payload, p.timestamp, p.payload end
    assert.same({ 376, 376, 188 }, sizes)
    assert.same({ 0, 180000, 360000 }, stamps)
    assert.equal(stream, table.concat(all))
  end)

  it("says where a stream is none", function()
    assert.matches("byte 189 of the stream begins no packet: 0x00",
      cuts.fails(kam.TSPacketiser(1), { packets(1) .. ("\0"):rep(188) }))
    assert.matches("ends in a packet: 100 of 188 bytes", cuts.fails(kam.TSPacketiser(), { packets(2):sub(1, 288) }))
  end)

  it("goes over UDP and comes back", function()
    local stream, got = packets(70), {}
    assert.equal("", (kit.said(kam.run, kam.main(function(self)
      local receiver = kam.UDPPeer { host = "127.0.0.1" }
      local read = kam.Pipeline { receiver, kam.RTPDeframer() }
      local at = self:addInbox "at"
      self:link({ receiver, "listening" }, { self, at })
      self:link(read, { self, "inbox" })
      self:addChildren(read)
      local to = self:recv(at)
      self:addChildren(kam.Pipeline { kam.DataSource(cuts.pieces(stream, 1000)), kam.TSPacketiser(),
        kam.RTPFramer { 33, sequence = 65530 }, kam.UDPPeer { to.host, to.port } })
      for i = 1, 10 do
        local p = self:recv()
        assert.equal((65529 + i) % 65536, p.sequence)
        got[i] = p.payload
      end
      read:stop()
    end))))
    assert.equal(stream, table.concat(got))
  end)
end)
