-- Radio stations: against one in Python, which speaks ICY, and files of our own.
local cuts = require "spec.components.cuts"
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- A station on a free port, which sends what Python's expression says, as one that is asked for
-- what it plays; its URL, and how to wait for its end.
local function station(head, stream)
  local name = os.tmpname()
  local file <close> = assert(io.open(name, "w"))
  file:write(([[
import socket
def said(text):
    text = text.encode()
    n = (len(text) + 15) // 16
    return bytes([n]) + text.ljust(16 * n, b"\0")
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush = True)
listener.settimeout(20)
s, _ = listener.accept()
request = b""
while b"\r\n\r\n" not in request: request += s.recv(65536)
print("icy-metadata: 1" in request.decode().lower())
s.sendall(b"%s\r\n\r\n")
s.sendall(%s)
s.close()
]]):format(head, stream))
  file:close()
  local python = assert(io.popen("exec python3 " .. name))
  return ("http://127.0.0.1:%d/"):format(python:read "n"), function()
    local said = python:read "a"
    os.remove(name)
    assert(python:close())
    return said
  end
end

-- What a client hears: the sound, what is said, and what the run said.
local function listen(url)
  local sound, said = {}, {}
  local _, _, text = kit.run(kam.Graphline {
    RADIO = kam.IcecastClient(url), SOUND = kit.into(sound), SAID = kit.into(said),
    linkages = { "RADIO -> SOUND", "RADIO.metadata, RADIO.station -> SAID" },
  })
  return table.concat(sound), said, text
end

describe("IcecastClient", function()
  it("takes the titles out of the sound", function()
    local url, ended = station("ICY 200 OK\\r\\nicy-name:Ours\\r\\nicy-br:128\\r\\ncontent-type:audio/mpeg\\r\\nicy-metaint:1000",
      [[b"a" * 1000 + said("StreamTitle='It's; us';StreamUrl='http://h';") + b"b" * 1000 + said("") + b"c" * 1000
        + said("StreamTitle='Next';") + b"d" * 500]])
    local sound, said, text = listen(url)
    assert.equal("", text)
    assert.equal(("a"):rep(1000) .. ("b"):rep(1000) .. ("c"):rep(1000) .. ("d"):rep(500), sound)
    assert.same({ { name = "Ours", bitrate = 128, type = "audio/mpeg" },
      { title = "It's; us", url = "http://h", at = 1000, text = "StreamTitle='It's; us';StreamUrl='http://h';",
        fields = { StreamTitle = "It's; us", StreamUrl = "http://h" } },
      { title = "Next", at = 3000, text = "StreamTitle='Next';", fields = { StreamTitle = "Next" } } }, said)
    kit.has(ended(), "True")
  end)

  it("takes a station that says nothing, over HTTP", function()
    local url, ended = station("HTTP/1.0 200 OK\\r\\nContent-Type: audio/ogg", "b'OggS' * 100000")
    local sound, said, text = listen(url)
    assert.equal("", text)
    assert.is_true(sound == ("OggS"):rep(100000))
    assert.same({ { type = "audio/ogg" } }, said)
    ended()
  end)

  it("fails when the station will not, or makes no sense", function()
    for head, why in pairs { ["ICY 401 Service Unavailable"] = "401", ["ICY 200 OK\\r\\nicy-metaint: -4"] = "icy-metaint",
      ["SHOUT 200 OK"] = "E0695" } do
      local url, ended = station(head, "b''")
      local _, _, text = listen(url)
      kit.has(text, why)
      ended()
    end
    local _, _, text = listen "http://127.0.0.1:1/"
    kit.has(text, "E0671")
  end)
end)

describe("IcecastDemux", function()
  it("gives the same in any cut", function()
    local stream = "12345\1StreamTitle='A';67890\0" .. "12345\2StreamTitle='B';StreamUrl='';\0\0\0" .. "678"
    local function run(list)
      local sound, said = {}, {}
      table.insert(list, 1, { status = 200, headers = { ["icy-metaint"] = "5" }, more = true, body = "" })
      list[#list + 1] = {}
      kit.runs(kam.Graphline { FROM = kam.DataSource(list), DEMUX = kam.IcecastDemux(), SOUND = kit.into(sound),
        SAID = kit.into(said), linkages = { "FROM -> DEMUX -> SOUND", "DEMUX.metadata -> SAID", "DEMUX.station -> null" } })
      return { table.concat(sound), said }
    end
    local whole = run { stream }
    assert.equal("123456789012345678", whole[1])
    assert.same({ "A", "B" }, { whole[2][1].title, whole[2][2].title })
    for i = 1, #stream - 1 do assert.same(whole, run { stream:sub(1, i), stream:sub(i + 1) }) end
    assert.same(whole, run(cuts.pieces(stream, 1)))
  end)
end)

describe("IcecastStreamWriter", function()
  it("writes a file for each title, from its first byte on", function()
    local folder = io.popen("mktemp -d"):read "l"
    kit.runs(kam.Graphline {
      FROM = kam.DataSource { { status = 200, headers = { ["icy-metaint"] = "4" }, more = true },
        "one \2StreamTitle='A/B';" .. ("\0"):rep(14) .. "two \0thre", "\0e!!", "!\2StreamTitle='..';" .. ("\0"):rep(15) .. "x",
        {} },
      DEMUX = kam.IcecastDemux(), WRITER = kam.IcecastStreamWriter { kam.FileWriter, folder },
      linkages = { "FROM -> DEMUX -> WRITER", "DEMUX.metadata -> WRITER.metadata", "DEMUX.station -> null" },
    })
    assert.equal("one ", cuts.read(folder .. "/001.mp3"))
    assert.equal("two three!!!", cuts.read(folder .. "/002 A_B.mp3"))
    assert.equal("x", cuts.read(folder .. "/003.mp3"))
    os.execute("rm -r " .. folder)
  end)
end)
