-- UDPPeer, between themselves and with Python's sockets.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

-- Runs f(self, at, got) beside a peer that listens on 127.0.0.1, whose datagrams come to
-- the box got.
local function with(given, f)
  given.host = given.host or "127.0.0.1"
  kit.runs(kam.main(function(self)
    local peer = self:addChildren(kam.UDPPeer(given))
    local at, got = self:addInbox "at", self:addInbox "got"
    self:link({ peer, "listening" }, { self, at })
    self:link({ peer, "outbox" }, { self, got })
    f(self, self:recv(at), got, peer)
    peer:stop()
  end))
end

describe("UDPPeer", function()
  it("sends each message as one datagram, also an empty one", function()
    with({}, function(self, at, got)
      local texts = { "one", "", ("x"):rep(65507) }
      self:addChildren(kam.Pipeline { kam.DataSource(texts), kam.UDPPeer { at.host, at.port } })
      for _, text in ipairs(texts) do assert.equal(text, tostring(self:recv(got, 5))) end
    end)
  end)

  it("says who sent, and sends to whom a message names", function()
    with({ addresses = true }, function(self, at, got, server)
      local out = self:addOutbox "out"
      self:link({ self, out }, { server, "inbox" })
      local answer = self:addInbox "answer"
      local client = kam.Pipeline { kam.OneShot "ask", kam.UDPPeer { "localhost", at.port, linger = 2 } }
      self:link({ client, "outbox" }, { self, answer })
      self:addChildren(client)
      local m = self:recv(got, 5)
      assert.equal("ask", m.data)
      assert.equal("127.0.0.1", m.host)
      self:send({ data = "answer to " .. m.data, host = m.host, port = m.port }, out)
      assert.equal("answer to ask", tostring(self:recv(answer, 5)))
      client:stop()
    end)
  end)

  it("talks to Python, there and back, over IPv4 and IPv6", function()
    for family, host in pairs { AF_INET = "127.0.0.1", AF_INET6 = "::1" } do
      local python = assert(io.popen(([[exec python3 -c '
import socket
s = socket.socket(socket.%s, socket.SOCK_DGRAM)
s.bind(("%s", 0))
s.settimeout(10)
print(s.getsockname()[1], flush = True)
for _ in range(100):
    data, peer = s.recvfrom(65536)
    s.sendto(data[::-1], peer)
']]):format(family, host)))
      local port = math.tointeger(tonumber(python:read "l"))
      kit.runs(kam.main(function(self)
        local peer = self:addChildren(kam.UDPPeer { host, port })
        local got, out = self:addInbox "got", self:addOutbox "out"
        self:link({ peer, "outbox" }, { self, got })
        self:link({ self, out }, { peer, "inbox" })
        for i = 1, 100 do
          self:send(("message %d"):format(i), out)
          assert.equal(("message %d"):format(i):reverse(), tostring(self:recv(got, 5)))
        end
        peer:stop()
      end))
      assert(python:close())
    end
  end)

  it("sends to a group, and receives from it", function()
    local group = "239.255.77.1"
    with({ group = group, host = "", interface = "127.0.0.1" }, function(self, at, got)
      self:addChildren(kam.Pipeline { kam.OneShot "to all", kam.UDPPeer { group, at.port, group = group,
        interface = "127.0.0.1", linger = 0.1 } })
      assert.equal("to all", tostring(self:recv(got, 5)))
    end)
  end)

  it("drops nothing while its receiver is slow that the kernel can keep", function()
    with({}, function(self, at, got)
      self:addChildren(kam.Pipeline { kam.Sequence { 1, 200 }, kam.map(tostring), kam.UDPPeer { at.host, at.port } })
      self:recv("control", 0.1) -- the box is left alone
      self:addChildren(kam.Pipeline { kam.Sequence { 201, 350 }, kam.map(tostring),
        kam.UDPPeer { at.host, at.port } })
      self:recv("control", 0.1) -- 256 are in it, one is held, the kernel has the rest
      for i = 1, 350 do assert.equal(tostring(i), tostring(self:recv(got, 5))) end
    end)
  end)

  it("says what it cannot bind to, find, join or send", function()
    local function told(c, source)
      local _, _, text = kit.run(kam.Pipeline { source or kam.DataSource { "x" }, c })
      return text
    end
    kit.has(told(kam.UDPPeer { host = "192.0.2.1" }), "E0670", "192.0.2.1", "address not available")
    kit.has(told(kam.UDPPeer { host = "no address" }), "E0670", "no address")
    kit.has(told(kam.UDPPeer { "nowhere.invalid", 9 }), "E0671", "nowhere.invalid")
    kit.has(told(kam.UDPPeer { group = "10.0.0.1" }), "E0670", "join", "10.0.0.1")
    kit.has(told(kam.UDPPeer { "127.0.0.1", 9 }, kam.OneShot(("x"):rep(65508))), "E0675", "message too long")
    kit.has(told(kam.UDPPeer()), "need a peer")
    for _, bad in ipairs { 5, { data = "x" }, { data = "x", host = "localhost", port = 9 },
      { data = 5, host = "127.0.0.1", port = 9 }, { data = "x", host = "127.0.0.1", port = 70000 } } do
      kit.has(told(kam.UDPPeer(), kam.DataSource { bad }), "a message is bytes, or")
    end
  end)
end)
