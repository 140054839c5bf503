-- WebSocketCodec, in the families of cases that the Autobahn suite has, as frames that we
-- make ourselves.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local MORE, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

-- A frame of a client. given: fin = false, rsv =, masked = false, size = bytes of its length.
local function frame(opcode, payload, given)
  given = given or {}
  local n, mask = #payload, given.masked == false and 0 or 0x80
  local size = given.size or n > 65535 and 8 or n > 125 and 2 or 1
  local first = (given.fin == false and 0 or 0x80) | (given.rsv or 0) << 4 | opcode
  local head = size == 1 and string.pack(">BB", first, mask | n)
    or size == 2 and string.pack(">BBI2", first, mask | 126, n)
    or string.pack(">BBI8", first, mask | 127, n)
  if mask == 0 then return head .. payload end
  local key, bytes = "\1\2\3\4", {}
  for i = 1, n do bytes[i] = string.char(payload:byte(i) ~ key:byte((i - 1) % 4 + 1)) end
  return head .. key .. table.concat(bytes)
end

-- The frames of a server, each { opcode, payload }.
local function parse(all)
  local frames, at = {}, 1
  while at <= #all do
    local first, n = all:byte(at, at + 1)
    at = at + 2
    assert(n < 128, "a server's frame is masked")
    if n == 126 then n, at = string.unpack(">I2", all, at) end
    if n == 127 then n, at = string.unpack(">I8", all, at) end
    frames[#frames + 1] = { first & 15, all:sub(at, at + n - 1) }
    at = at + n
  end
  return frames
end

-- What a server's codec makes of bytes in pieces: its messages, and the frames that it sends.
local function talk(pieces, given, sends)
  local messages, bytes = {}, {}
  local text = kit.said(function()
    local linkages = { "PEER -> CODEC", "CODEC.message -> LIST", "CODEC -> self" }
    local peer = pieces and kam.DataSource(pieces) or kam.main(function(self) self:sleep(10) end)
    local parts = { PEER = peer, CODEC = kam.WebSocketCodec(given or {}), linkages = linkages,
      LIST = kam.each(function(m) messages[#messages + 1] = m end) }
    if sends then
      parts.SEND = kam.DataSource(sends)
      linkages[4] = "SEND -> CODEC.send"
    end
    local h <close> = kam.handle(kam.Graphline(parts))
    for b in h:messages() do bytes[#bytes + 1] = tostring(b) end
  end)
  return messages, parse(table.concat(bytes)), text
end

local function singles(bytes)
  local list = {}
  for i = 1, #bytes do list[i] = bytes:sub(i, i) end
  return list
end

local bye = frame(CLOSE, "\3\232") -- 1000
local closed = { CLOSE, "\3\232" }

describe("WebSocketCodec", function()
  it("gives messages of all lengths, in any cut", function()
    for _, n in ipairs { 0, 1, 125, 126, 127, 128, 65535, 65536, 65537 } do
      local text = ("*"):rep(n)
      for _, opcode in ipairs { TEXT, BINARY } do
        local bytes = frame(opcode, text) .. bye
        local wanted = { opcode == TEXT and text or { binary = text } }
        local messages, frames = talk { bytes }
        assert.same(wanted, messages)
        assert.same({ closed }, frames)
        if n < 200 then assert.same(wanted, (talk(singles(bytes)))) end
      end
    end
  end)

  it("answers pings with what they hold, and takes pongs for nothing", function()
    local _, frames = talk { frame(PING, "") .. frame(PING, ("p"):rep(125)) .. frame(PONG, "x") .. bye }
    assert.same({ { PONG, "" }, { PONG, ("p"):rep(125) }, closed }, frames)
  end)

  it("joins fragments, with control frames between them", function()
    local messages, frames = talk { frame(TEXT, "a", { fin = false }) .. frame(PING, "1") .. frame(MORE, "", { fin = false })
      .. frame(PING, "2") .. frame(MORE, "b") .. frame(TEXT, "c") .. bye }
    assert.same({ "ab", "c" }, messages)
    assert.same({ { PONG, "1" }, { PONG, "2" }, closed }, frames)
  end)

  it("takes characters that are cut by fragments", function()
    local text = "κόσμε 𝄞 ü"
    local bytes = frame(TEXT, text:sub(1, 1), { fin = false })
    for i = 2, #text do bytes = bytes .. frame(MORE, text:sub(i, i), { fin = i == #text }) end
    assert.same({ text }, (talk { bytes .. bye }))
  end)

  for what, case in pairs {
    ["a frame without a mask"] = { frame(TEXT, "x", { masked = false }), 1002 },
    ["a reserved bit"] = { frame(TEXT, "x", { rsv = 4 }), 1002 },
    ["a reserved bit of a control frame"] = { frame(PING, "x", { rsv = 1 }), 1002 },
    ["a reserved opcode"] = { frame(3, "x"), 1002 },
    ["a reserved control opcode"] = { frame(11, "x"), 1002 },
    ["a fragmented ping"] = { frame(PING, "x", { fin = false }), 1002 },
    ["a long ping"] = { frame(PING, ("x"):rep(126)), 1002 },
    ["a fragment of nothing"] = { frame(MORE, "x"), 1002 },
    ["a text within a text"] = { frame(TEXT, "x", { fin = false }) .. frame(TEXT, "y"), 1002 },
    ["a length that could be shorter"] = { frame(TEXT, "x", { size = 2 }), 1002 },
    ["a length over 2^63"] = { "\129\255\255\255\255\255\255\255\255\255", 1002 },
    ["a text that is no UTF-8"] = { frame(TEXT, "\206\186\237\160\128"), 1007 },
    ["a text that ends within a character"] = { frame(TEXT, "\206"), 1007 },
    ["no UTF-8 in a later fragment"] = { frame(TEXT, "a", { fin = false }) .. frame(MORE, "\255"), 1007 },
    ["a message that is too long"] = { frame(TEXT, ("x"):rep(1001)), 1009 },
    ["a message that is too long in all"] = {
      frame(TEXT, ("x"):rep(600), { fin = false }) .. frame(MORE, ("x"):rep(600)), 1009 },
    ["a close with one byte"] = { frame(CLOSE, "\3"), 1002 },
    ["a close with a status that is none"] = { frame(CLOSE, "\0\1"), 1002 },
    ["a close with a status that is not to be sent"] = { frame(CLOSE, string.pack(">I2", 1005)), 1002 },
    ["a close with a reason that is no UTF-8"] = { frame(CLOSE, "\3\232\255"), 1007 },
    ["too many fragments"] = { frame(TEXT, "", { fin = false }) .. frame(MORE, "", { fin = false }):rep(20), 1008 },
    ["too many pings"] = { frame(PING, ""):rep(1001), 1008 },
  } do
    it("closes for " .. what, function()
      for _, pieces in ipairs { { case[1] .. frame(TEXT, "later") }, singles(case[1] .. frame(TEXT, "later")) } do
        local messages, frames, text = talk(pieces, { message = 1000, fragments = 16 })
        local last = frames[#frames]
        assert.equal(CLOSE, last[1])
        assert.equal(case[2], (string.unpack(">I2", last[2])))
        assert.same({}, messages)
        assert.equal("", text)
      end
    end)
  end

  it("closes for the longest length there is, though nothing comes behind it", function()
    local bytes = "\129" .. ("\255"):rep(8) .. "\248" -- it and the head are 6, in 64 bits
    for _, pieces in ipairs { { bytes }, singles(bytes), { bytes:sub(1, 6), bytes:sub(7) } } do
      local _, frames = talk(pieces)
      assert.same({ { CLOSE, "\3\234" } }, frames)
    end
  end)

  it("answers a close with its status, and takes nothing behind it", function()
    for _, status in ipairs { 1000, 1001, 1003, 1007, 1011, 3000, 4999 } do
      local messages, frames = talk { frame(CLOSE, string.pack(">I2", status) .. "why") .. frame(TEXT, "late") }
      assert.same({}, messages)
      assert.equal(CLOSE, frames[1][1])
      assert.equal(status, (string.unpack(">I2", frames[1][2])))
    end
  end)

  it("sends texts, and tables with binary, and closes when no more come", function()
    local _, frames = talk(nil, {}, { "hello", { binary = "\0\255" }, "" })
    assert.same({ { TEXT, "hello" }, { BINARY, "\0\255" }, { TEXT, "" }, closed }, frames)
  end)

  it("fails for what is neither, or no UTF-8", function()
    for _, bad in ipairs { 5, { text = "x" }, "\255" } do
      local _, _, text = talk(nil, {}, { bad })
      kit.has(text, "CODEC", "a text in UTF-8")
    end
  end)

  it("speaks to itself, masked, as client and server, and echoes without end", function()
    local n, got = 20000, 0
    kit.runs(kam.Graphline {
      SEND = kam.Pipeline { kam.Sequence { 1, n }, kam.map(tostring) },
      CLIENT = kam.WebSocketCodec { client = true, closeTime = 5 }, SERVER = kam.WebSocketCodec(),
      ECHO = kam.PassThrough(),
      COUNT = kam.each(function(m)
        got = got + 1
        assert(m == tostring(got))
      end),
      linkages = { "SEND -> CLIENT.send", { "CLIENT -> SERVER", limit = 2 }, { "SERVER -> CLIENT", limit = 2 },
        { "SERVER.message -> ECHO", limit = 2 }, { "ECHO -> SERVER.send", limit = 2 }, "CLIENT.message -> COUNT" },
    })
    assert.is_true(got > 0)
  end)

  it("asks a silent peer whether it lives, and ends if it does not", function()
    local before = kam.now()
    local frames = {}
    local h <close> = kam.handle(kam.Graphline {
      PEER = kam.main(function(self) self:sleep(1000) end), CODEC = kam.WebSocketCodec { ping = 5 },
      linkages = { "PEER -> CODEC", "CODEC -> self" },
    })
    for b in h:messages() do frames[#frames + 1] = parse(tostring(b))[1] end
    assert.same({ { PING, "" } }, frames)
    assert.is_true(kam.now() - before > 9.99 and kam.now() - before < 11)
  end)
end)
