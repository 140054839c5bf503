-- TCPServer, UnixServer and ServerCore, talked to by Python's sockets and by our own
-- clients.
local core = require "kam.core"
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"
local program = require "spec.core.program"

after_each(kit.settled)

-- Runs a server beside talk(self, address), which is a component's main; the server is
-- stopped when that has ended.
local function with(server, talk)
  local ok, _, text = kit.run(kam.main(function(self)
    self:addChildren(server)
    self:link({ server, "listening" }, { self, "inbox" })
    talk(self, self:recv())
    server:stop()
  end))
  return text, ok
end

-- What the server at that address answers to a list of messages, joined.
local function answer(self, at, messages)
  local got = self:addInbox "answer"
  local client = kam.Pipeline { kam.DataSource(messages), at.path and kam.UnixClient(at.path)
    or kam.TCPClient { "localhost", at.port } }
  self:link({ client, "outbox" }, { self, got })
  self:addChildren(client)
  local list = {}
  for bytes in self:messages(got) do list[#list + 1] = bytes end
  return table.concat(list)
end

local function socket_path()
  local path = os.tmpname()
  os.remove(path)
  return path
end

local servers = {
  TCPServer = function(given)
    given.port = 0
    return kam.TCPServer(given)
  end,
  UnixServer = function(given)
    given.path = socket_path()
    return kam.UnixServer(given)
  end,
}

for name, server in pairs(servers) do
  describe(name, function()
    it("tells how many connections have come and gone", function()
      local opened, closed, most = 0, 0, 0
      kit.runs(kam.main(function(self)
        local c = self:addChildren(server { kam.PassThrough })
        self:link({ c, "listening" }, { self, "inbox" })
        local at = self:recv()
        self:link({ c, "count" }, { self, self:addInbox "count" })
        for _ = 1, 5 do answer(self, at, { "a" }) end
        while closed < 5 do
          local m = self:recv "count"
          opened, closed = opened + m.opened, closed + m.closed
          most = math.max(most, opened - closed)
        end
        c:stop()
      end))
      assert.same({ 5, 5 }, { opened, closed })
      assert.is_true(most <= 1)
    end)

    it("gives its handler all that a peer sends, and the peer the answers", function()
      local big = ("0123456789abcdef"):rep(1 << 17) -- 2 MiB
      assert.equal("", (with(server { kam.PassThrough }, function(self, at)
        assert.equal("ab", answer(self, at, { "a", "b" }))
        assert.equal(big .. "end", answer(self, at, { big, "end" }))
      end)))
    end)

    it("serves many peers at once", function()
      local answers = {}
      assert.equal("", (with(server { function() return kam.map(string.upper) end }, function(self, at)
        local workers = {}
        for i = 1, 50 do
          workers[i] = kam.main(function(worker) answers[i] = answer(worker, at, { "n" .. i }) end)
        end
        local all = self:addChildren(kam.Par(workers))
        self:addInbox "over"
        self:watch(all, "over")
        self:recv "over"
      end)))
      for i = 1, 50 do assert.equal("N" .. i, answers[i]) end
    end)

    it("closes the connection when the handler has ended, behind what it sent", function()
      local big = ("x"):rep(1 << 20)
      assert.equal("", (with(server { function() return kam.OneShot(big) end }, function(self, at)
        assert.equal(big, answer(self, at, {}))
      end)))
    end)

    it("reports a handler that fails, closes its connection and serves on", function()
      local maker = function()
        return kam.map(function(bytes)
          if bytes:find "f" then error "on purpose" end
          return bytes
        end)
      end
      local text, ok = with(server { maker }, function(self, at)
        assert.equal("", answer(self, at, { "fail" }))
        assert.equal("well", answer(self, at, { "well" }))
      end)
      assert.is_true(ok)
      kit.has(text, "error[E0400]", "on purpose", "server_spec.lua:")
    end)

    it("reports a maker that fails, and serves on", function()
      local calls = 0
      local text = with(server { function()
        calls = calls + 1
        if calls == 1 then error "no handler today" end
        if calls == 2 then return "no component" end
        return kam.PassThrough()
      end }, function(self, at)
        assert.equal("", answer(self, at, {}))
        assert.equal("", answer(self, at, {}))
        assert.equal("c", answer(self, at, { "c" }))
      end)
      kit.has(text, "error[E0672]", "no handler today", "error[E0224]", "no component")
    end)

    it("refuses further connections when there are as many as it may have, and says so", function()
      local text, ok = with(server { kam.PassThrough, connections = 1 }, function(self, at)
        local first = self:addChildren(at.path and kam.UnixClient(at.path)
          or kam.TCPClient { "localhost", at.port })
        local out, got = self:addOutbox "first", self:addInbox "got"
        self:link({ self, out }, first)
        self:link({ first, "outbox" }, { self, got })
        self:send("a", out)
        assert.equal("a", self:recv(got))
        for _ = 1, 9 do assert.equal("", answer(self, at, {})) end
        first:stop()
        self:sleep(0.05)
        assert.equal("b", answer(self, at, { "b" }))
      end)
      assert.is_true(ok)
      local first, sum = text:match "^(.-)\n(warning.*)$"
      kit.has(first, "warning[W0011]: " .. name, "refused: there are 1, as many as", "made at", "server_spec.lua")
      kit.has(sum, "warning[W0011]: " .. name, "8 more since then, the last: a connection was refused")
    end)

    it("closes a connection that is silent, or lasts, for too long", function()
      local function lasts(given, chatter)
        local seconds
        with(server(given), function(self, at)
          local begun = kam.now()
          local client = at.path and kam.UnixClient(at.path) or kam.TCPClient { "localhost", at.port }
          self:addChildren(kam.Pipeline { chatter, client })
          self:addInbox "over"
          self:watch(client, "over")
          self:recv "over"
          seconds = kam.now() - begun
        end)
        return seconds
      end
      local silent = lasts({ kam.PassThrough, idle = 0.2 }, kam.main(function(c) c:sleep(5) end))
      assert.is_true(silent >= 0.2 and silent < 2, silent)
      local busy = lasts({ kam.NullSink, idle = 0.2, total = 0.6 },
        kam.Pipeline { kam.PeriodicTick(0.05), kam.map(function() return "tick" end) })
      assert.is_true(busy >= 0.6 and busy < 3, busy)
    end)
  end)
end

describe("a handler", function()
  it("is made with the addresses that its constructor declares", function()
    local Who = kam.component "Who" {
      options = { peer = { type = "string", "who" }, localport = { 0, "where" } },
      main = function(self) self:send(("%s %d"):format(self.peer, self.localport)) end,
    }
    with(kam.TCPServer { Who, port = 0 }, function(self, at)
      assert.equal("127.0.0.1 " .. at.port, answer(self, at, {}))
    end)
  end)

  it("gets a table of them if it is a function's", function()
    with(kam.TCPServer { function(conn)
      assert(math.type(conn.peerport) == "integer" and conn.peerport > 0)
      return kam.OneShot(("%s %s %d"):format(conn.peer, conn.localip, conn.localport))
    end, port = 0, host = "127.0.0.1" }, function(self, at)
      assert.equal("127.0.0.1 127.0.0.1 " .. at.port, answer(self, at, {}))
    end)
  end)

  it("is asked to end when the peer has gone, also one that listens to others", function()
    with(kam.TCPServer { function()
      return kam.Pipeline { kam.LineSplit(), kam.PublishTo "SERVER SPEC", kam.SubscribeTo "SERVER SPEC",
        kam.LineJoin() }
    end, port = 0 }, function(self, at)
      answer(self, at, { "warm up\n" })
      self:sleep(0.05)
      local before = core.totals().components
      for _ = 1, 20 do answer(self, at, { "hello\n" }) end
      self:sleep(0.05)
      assert.equal(before, core.totals().components)
    end)
  end)

  it("may go on when the peer sends no more, with halfOpen", function()
    for _, half_open in ipairs { true, false } do
      local maker = function()
        return kam.Graphline {
          IN = kam.NullSink(), OUT = kam.Pipeline { kam.PeriodicTick { seconds = 0.05, count = 3 },
            kam.map(tostring) },
          linkages = { "self -> IN", "OUT -> self" },
        }
      end
      with(kam.TCPServer { maker, port = 0, halfOpen = half_open }, function(self, at)
        assert.equal(half_open and "123" or "", answer(self, at, {}))
      end)
    end
  end)

  it("need not listen: what its peer says is then for nobody", function()
    with(kam.TCPServer { function()
      return kam.Pipeline { kam.PeriodicTick { seconds = 0.05, count = 2 }, kam.map(tostring) }
    end, port = 0, halfOpen = true }, function(self, at)
      assert.equal("12", answer(self, at, kit.numbers(0)))
      assert.equal("12", answer(self, at, { ("x"):rep(1 << 20) }))
    end)
  end)
end)

describe("a server", function()
  local here
  setup(function() here = place.new() end)
  teardown(function() here:__close() end)

  -- Runs a server's script in the background, then Python with its port, then ends it.
  local function against(script, python, ending, environment)
    here:write("server.lua", 'local kam = require "kam"\n' .. script)
    here:write("peer.py", "import os, socket, struct, sys, threading, time\nport = int(sys.argv[1])\n"
      .. "def connect():\n  s = socket.create_connection(('localhost', port)); s.settimeout(20); return s\n"
      .. "def read_all(s):\n  out = b''\n  while True:\n    d = s.recv(65536)\n    if not d: return out\n    out += d\n"
      .. "def take(s, n):\n  out = b''\n  while len(out) < n:\n    d = s.recv(n - len(out))\n"
      .. "    if not d: break\n    out += d\n  return out\n"
      .. python)
    return here:run(([[
      rm -f port
      %s kam server.lua 2> said & pid=$!
      i=0; until [ -s port ] || [ $i = 500 ]; do sleep 0.01; i=$((i + 1)); done
      python3 peer.py $(cat port) $pid
      %s
      wait $pid; echo "exit $?"; cat said]]):format(environment or "", ending or "kill -TERM $pid"))
  end

  local function serve(given)
    return ([[
      kam.Graphline {
        S = kam.ServerCore { %s, port = 0 },
        OUT = kam.each(function(at)
          local f <close> = io.open("port.new", "w")
          f:write(at.port)
          f:close()
          os.rename("port.new", "port")
        end),
        linkages = { "S.listening -> OUT" },
      }:run()]]):format(given)
  end

  it("ends when asked, after it has answered what had come", function()
    local out = against(serve [[function()
      return kam.Pipeline { kam.LineSplit(), kam.map(function(line) return line:upper() .. "\n" end) }
    end]], [[
a = connect(); a.sendall(b"one\n"); print(take(a, 4))
a.sendall(b"two\n")
time.sleep(0.1)
os.kill(int(sys.argv[2]), 15)
print(read_all(a))
]])
    assert.equal("b'ONE\\n'\nb'TWO\\n'\nexit 143\n", out)
  end)

  it("lets nobody wait for a peer that does not read", function()
    local out = against(serve [[function() return kam.source(function() return ("x"):rep(65536) end) end]], [[
slow = connect()
time.sleep(0.3)
peak = int([l for l in open("/proc/%s/status" % sys.argv[2]) if l.startswith("VmHWM")][0].split()[1])
print(peak < 100000)
fast = connect(); n = 0
while n < 50000000: n += len(fast.recv(1 << 20))
print(n >= 50000000)
slow.close(); fast.close()
]])
    assert.equal("True\nTrue\nexit 143\n", out)
  end)

  it("serves a peer that reads slowly to the end, and cuts off one that does not, whatever it says", function()
    local out = against(serve [[function() return kam.Graphline {
      IN = kam.NullSink(), OUT = kam.OneShot(("x"):rep(12 << 20)), linkages = { "self -> IN", "OUT -> self" },
    } end, idle = 2]], [[
import select
slow = connect(); deaf = connect(); n = 0; gone = select.poll(); gone.register(deaf, select.POLLRDHUP)
until = time.time() + 30
while time.time() < until:
  d = slow.recv(1 << 18)
  if not d: break
  n += len(d)
  time.sleep(0.1)
  try: deaf.send(b"more")
  except OSError: pass
print(n == 12 << 20, gone.poll(0) != [])
]])
    assert.equal("True True\nexit 143\n", out)
  end)

  it("stops reading while the handler has no room", function()
    local out = against(serve [[function()
      return kam.main(function(self) self:sleep(1) self:send(#(self:recv()) > 0 and "first" or "") end)
    end]], [[
a = connect(); a.settimeout(0.5); n = 0
try:
  while True: n += a.send(b"z" * 65536)
except TimeoutError: pass
print(1 << 16 < n < 64 << 20)
a.settimeout(20)
print(take(a, 5))
]])
    assert.equal("True\nb'first'\nexit 143\n", out)
  end)

  it("survives peers that break the connection", function()
    local out = against(serve [[function() return kam.source(function() return ("x"):rep(1000) end) end]], [[
for i in range(50):
  s = connect()
  take(s, 10)
  s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
  s.close()
s = connect(); print(len(take(s, 10)))
]])
    assert.equal("10\nexit 143\n", out)
  end)

  it("takes a thousand peers, each byte for byte", function()
    local out = against(serve "kam.PassThrough", [[
all = [connect() for i in range(1000)]
for i, s in enumerate(all): s.sendall(b"peer %d" % i)
for i, s in enumerate(all):
  want = b"peer %d" % i; got = b""
  while len(got) < len(want): got += s.recv(100)
  assert got == want
for s in all:
  for b in b"cut": s.send(bytes([b]))
for s in all:
  s.shutdown(socket.SHUT_WR); assert read_all(s) == b"cut"
print("same")
]])
    assert.equal("same\nexit 143\n", out)
  end)

  it("refuses peers when there are no descriptors, does not spin, and serves on", function()
    local script = serve "kam.PassThrough"
    here:write("limited.sh", "ulimit -n 40; exec kam server.lua")
    here:write("server.lua", 'local kam = require "kam"\n' .. script)
    here:write("peer.py", [[
import socket, sys, time
port, pid = int(sys.argv[1]), sys.argv[2]
def cpu(): f = open("/proc/%s/stat" % pid).read().split(); return int(f[13]) + int(f[14])
all = []
for i in range(100): all.append(socket.create_connection(("localhost", port)))
before = cpu(); time.sleep(1)
print(cpu() - before < 20)
for s in all: s.close()
time.sleep(0.3)
s = socket.create_connection(("localhost", port)); s.sendall(b"still here"); print(s.recv(10, socket.MSG_WAITALL))
]])
    local out = here:run [[
      rm -f port
      sh limited.sh 2> said & pid=$!
      i=0; until [ -s port ] || [ $i = 500 ]; do sleep 0.01; i=$((i + 1)); done
      python3 peer.py $(cat port) $pid
      kill -TERM $pid; wait $pid; echo "exit $?"; cat said]]
    kit.has(out, "True\nb'still here'\nexit 143\nwarning[W0013]: TCPServer: a connection was refused: "
      .. "too many open files\n  made at", "more since then, the last: a connection was refused: too many open")
    assert.equal(2, select(2, out:gsub("W0013", "")), out)
  end)

  it("waits for descriptors when it has none even to refuse with, and does not spin", function()
    here:write("limited.sh", "ulimit -n 48; exec kam server.lua > port")
    here:write("server.lua", [[
local kam = require "kam"
local held, server = {}, kam.TCPServer { kam.PassThrough, port = 0 }
kam.main(function(self)
  while true do
    local f = io.open "/dev/null"
    if not f then break end
    held[#held + 1] = f
  end
  table.remove(held):close() -- for its socket, and no other
  self:addChildren(server)
  self:link({ server, "listening" }, { self, "inbox" })
  print(self:recv().port)
  io.stdout:flush()
  while not self:told() and not os.rename("enough", "done") do self:sleep(0.05) end
  for _, f in ipairs(held) do f:close() end
  self:recv "control"
end):run()
]])
    here:write("peer.py", [[
import socket, sys, time
port, pid = int(sys.argv[1]), sys.argv[2]
def cpu(): f = open("/proc/%s/stat" % pid).read().split(); return int(f[13]) + int(f[14])
s = socket.create_connection(("127.0.0.1", port)); s.settimeout(20); s.sendall(b"still here")
before = cpu(); time.sleep(1)
print(cpu() - before < 20)
open("enough", "w").close()
got = b""
while got != b"still here" and (d := s.recv(10)): got += d
print(got)
]])
    local out = here:run [[
      rm -f port
      sh limited.sh 2> said & pid=$!
      i=0; until [ -s port ] || [ $i = 500 ]; do sleep 0.01; i=$((i + 1)); done
      python3 peer.py $(cat port) $pid
      kill -TERM $pid; wait $pid; echo "exit $?"; cat said]]
    kit.has(out, "True\nb'still here'\nexit 143\n", "warning[W0013]: TCPServer: a connection was refused: "
      .. "too many open files", "more since then") -- ten times a second
    assert.is_true(tonumber(out:match "(%d+) more since") < 200, out)
  end)

  it("gives no address more connections than one may have, and counts those that leave", function()
    local out = against(serve 'kam.PassThrough, perAddress = 2', [[
def connect(host):
  s = socket.socket(); s.settimeout(20); s.bind((host, 0)); s.connect(("127.0.0.1", port)); return s
def is_served(s):
  try: s.sendall(b"?"); return s.recv(1) == b"?"
  except OSError: return False
def kept(host):
  s = connect(host)
  return s if is_served(s) else None
a, b = kept("127.0.0.1"), kept("127.0.0.1")
print(bool(a and b), kept("127.0.0.1"), kept("127.0.0.1"), bool(kept("127.0.0.2")))
six = socket.create_connection(("::1", port)); print(is_served(six))
a.close()
until = time.time() + 20
while time.time() < until and not (a := kept("127.0.0.1")): time.sleep(0.01)
print(bool(a), kept("127.0.0.1"))
]])
    kit.has(out, "True None None True\nTrue\nTrue None\nexit 143\n",
      "warning[W0012]: TCPServer: a connection was refused: 127.0.0.1 has 2, as many as one may have\n",
      "more since then, the last: a connection was refused: 127.0.0.1 has 2")
  end)

  it("counts addresses as a plain list would, and IPv6 ones by their network", function()
    program.passes("spec_peers", "^spec_peers: %d+ seeds from 1 on were counted right$")
  end)

  it("is given one byte at a time where spec/cut is preloaded", function()
    if place.sanitized then
      pending "needs a host without sanitizers, which want to be loaded first"
      return
    end
    local out = against(serve "function() return kam.map(function(bytes) return #bytes .. ' ' end) end", [[
s = connect(); s.sendall(b"hello"); print(take(s, 10))
]], nil, "LD_PRELOAD=" .. program.path "cut.so")
    assert.equal("b'1 1 1 1 1 '\nexit 143\n", out)
  end)

  it("says at once that it cannot listen", function()
    local text = select(3, kit.run(kam.TCPServer { kam.PassThrough, port = 0, host = "192.0.2.1" }))
    kit.has(text, "error[E0670]", "cannot listen on 192.0.2.1 port 0", "address not available")
    kit.has(select(3, kit.run(kam.TCPServer { kam.PassThrough, host = "no address" })), "E0670")
    kit.has(select(3, kit.run(kam.UnixServer { kam.PassThrough, path = "/no/such/folder/s" })), "E0670",
      "/no/such/folder/s")
    with(kam.TCPServer { kam.PassThrough, port = 0 }, function(self, at)
      local second = self:addChildren(kam.TCPServer { kam.PassThrough, port = at.port })
      self:watch(second, "inbox")
      kit.has(self:recv().error, "E0670", "address already in use")
    end)
  end)

  it("takes away its Unix socket, and replaces one that is left over", function()
    local path = socket_path()
    for _ = 1, 2 do
      with(kam.ServerCore { kam.PassThrough, path = path }, function(self, at)
        assert.equal(path, at.path)
        assert.equal("a", answer(self, at, { "a" }))
        local second = self:addChildren(kam.UnixServer { kam.PassThrough, path = path })
        self:watch(second, "inbox")
        kit.has(self:recv().error, "E0670", "address already in use")
        assert.equal("b", answer(self, at, { "b" }))
      end)
      assert.is_nil(io.open(path))
      os.execute(("python3 -c 'import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1])' %s")
        :format(path))
    end
    os.remove(path)
  end)
end)
