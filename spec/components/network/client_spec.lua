-- TCPClient and UnixClient against servers in Python, which are not ours.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- A Python server on a free port of host, which does `body` with a connection `s`; its
-- port, and how to wait for its end.
local function peer(body, host)
  local name = os.tmpname()
  local file <close> = assert(io.open(name, "w"))
  file:write(([[
import socket, struct, sys, time
listener = socket.create_server(("%s", 0), family = socket.%s)
print(listener.getsockname()[1], flush = True)
listener.settimeout(10)
s, _ = listener.accept()
s.settimeout(10)
%s
]]):format(host or "127.0.0.1", host == "::1" and "AF_INET6" or "AF_INET", body))
  file:close()
  local python = assert(io.popen("exec python3 " .. name))
  local port = assert(math.tointeger(tonumber(python:read "l")))
  return port, function()
    local said = python:read "a"
    os.remove(name)
    assert(python:close())
    return said
  end
end

-- What a client in the middle of a pipeline gets, joined, and what the run said.
local function got(source, client)
  local list = {}
  local ok, _, text = kit.run(kam.Pipeline { source, client, kam.main(function(self)
    for bytes in self:messages() do list[#list + 1] = bytes end
  end) })
  return table.concat(list), text, ok
end

-- Bytes again and again.
local function ticks(seconds)
  return kam.Pipeline { kam.PeriodicTick(seconds), kam.map(function() return "tick" end) }
end

local everything = [[
data = b""
while True:
    more = s.recv(65536)
    if not more: break
    data += more
]]

describe("TCPClient", function()
  it("sends all that comes, says that no more will, and takes the answer", function()
    local port, ended = peer(everything .. "s.sendall(data[::-1])")
    local text = ("0123456789"):rep(100000)
    local answer, said = got(kam.DataSource { text, "end" }, kam.TCPClient { "127.0.0.1", port })
    assert.equal(#text + 3, #answer)
    assert.is_true(answer == "dne" .. text:reverse())
    assert.equal("", said)
    ended()
  end)

  it("ends when the peer sends no more, although its inbox goes on", function()
    local port, ended = peer("s.sendall(b'bye'); s.shutdown(socket.SHUT_WR)\n" .. everything)
    assert.equal("bye", (got(ticks(0.01), kam.TCPClient { "127.0.0.1", port })))
    ended()
  end)

  it("goes on sending to one that sends no more, with halfOpen", function()
    local port, ended = peer("s.sendall(b'go'); s.shutdown(socket.SHUT_WR)\n" .. everything
      .. "print(len(data))")
    local client = kam.TCPClient { "127.0.0.1", port, halfOpen = true }
    local first = kam.main(function(self)
      self:recv()
      for _ = 1, 100 do
        self:pause(0.001)
        self:send(("x"):rep(1000))
      end
    end)
    kit.runs(kam.Graphline { FIRST = first, CLIENT = client, linkages = { "FIRST -> CLIENT", "CLIENT -> FIRST" } })
    assert.equal("100000\n", ended())
  end)

  it("sends nothing that it may keep, and reads no further than its receiver does", function()
    local port, ended = peer [[
sent = 0
s.settimeout(0.5)
try:
    while True: sent += s.send(b"x" * 65536)
except TimeoutError: pass
print(sent < 64 << 20)
s.close()
]]
    kit.runs(kam.main(function(self)
      local client = self:addChildren(kam.TCPClient { "127.0.0.1", port })
      self:link({ client, "outbox" }, { self, "inbox" })
      self:recv("control", 1) -- the inbox is left alone
      for _ in self:messages() do end
    end))
    assert.equal("True\n", ended())
  end)

  it("speaks IPv6, and tries a name's addresses in turn", function()
    local port, ended = peer("s.sendall(b'six'); s.close()", "::1")
    assert.equal("six", (got(kam.DataSource {}, kam.TCPClient { "::1", port })))
    ended()
    port, ended = peer "s.sendall(b'four'); s.close()" -- localhost is ::1 first, where nobody listens
    assert.equal("four", (got(kam.DataSource {}, kam.TCPClient { "localhost", port })))
    ended()
  end)

  it("says which peer it cannot reach, and why", function()
    local _, said, ok = got(kam.DataSource {}, kam.TCPClient { "127.0.0.1", 1 })
    kit.has(said, "E0671", "TCPClient", "127.0.0.1:1", "connection refused")
    assert.is_falsy(ok)
    _, said = got(kam.DataSource {}, kam.TCPClient { "nowhere.invalid", 80 })
    kit.has(said, "E0671", "nowhere.invalid:80")
  end)

  it("waits no longer for an answer than it may", function()
    local name = os.tmpname()
    local file <close> = assert(io.open(name, "w"))
    file:write [[
import socket, sys
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(0)
waiting = []
for i in range(4): # the queue of those to be accepted is full then
    s = socket.socket(); s.setblocking(False); waiting.append(s)
    try: s.connect(listener.getsockname())
    except BlockingIOError: pass
print(listener.getsockname()[1], flush = True)
sys.stdin.read()
]]
    file:close()
    local fifo = os.tmpname()
    os.remove(fifo)
    assert(os.execute("mkfifo " .. fifo))
    local python = assert(io.popen(("exec python3 %s < %s"):format(name, fifo)))
    local hold = assert(io.open(fifo, "w"))
    local port = math.tointeger(tonumber(python:read "l"))
    local before = kam.now()
    local _, said = got(kam.DataSource {}, kam.TCPClient { "127.0.0.1", port, timeout = 0.3 })
    kit.has(said, "E0671", ("127.0.0.1:%d"):format(port), "no answer in 0.3 seconds")
    assert.is_true(kam.now() - before < 2)
    hold:close()
    python:close()
    os.remove(name)
    os.remove(fifo)
  end)

  it("says that a connection broke, with what had come before", function()
    local port, ended = peer [[
s.sendall(b"half")
time.sleep(0.2)
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
s.close()
]]
    local answer, said, ok = got(ticks(10), kam.TCPClient { "127.0.0.1", port })
    assert.equal("half", answer)
    kit.has(said, "E0673", ("127.0.0.1:%d"):format(port), "connection reset by peer")
    assert.is_falsy(ok)
    ended()
  end)

  it("may be stopped while it looks up, connects or talks", function()
    kit.runs(kam.main(function(self)
      local server = self:addChildren(kam.TCPServer { kam.NullSink, port = 0 })
      self:link({ server, "listening" }, { self, "inbox" })
      local at = self:recv()
      for _, pause in ipairs { 0, 0.0001, 0.001, 0.1 } do
        local client = self:addChildren(kam.TCPClient { "localhost", at.port })
        self:pause(pause)
        client:stop()
      end
      server:stop()
    end))
  end)
end)

describe("UnixClient", function()
  it("says which socket it cannot reach, and why", function()
    local _, said = got(kam.DataSource {}, kam.UnixClient "/nowhere/at/all")
    kit.has(said, "E0671", "UnixClient", "/nowhere/at/all", "no such file or directory")
    _, said = got(kam.DataSource {}, kam.UnixClient(("/x"):rep(100)))
    kit.has(said, "E0671", "name too long")
  end)
end)
