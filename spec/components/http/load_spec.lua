-- HTTPServer under load: beside a thousand peers that keep it waiting, which are cut off at
-- their deadlines, the others are answered; and what was begun when it is told to end.
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

local SERVER = [[
local kam = require "kam"
local big = ("x"):rep(1 << 19)

kam.configure { grace = 30 } -- what was begun takes long on a busy machine
kam.Graphline {
  S = kam.HTTPServer { port = 0, headTime = tonumber(arg[1]), idle = tonumber(arg[1]), routes = {
    ["/"] = function() return "hello" end,
    ["/parts"] = function()
      return kam.main(function(self)
        for _ = 1, 10 do
          self:send(("x"):rep(10000))
          self:sleep(0.05)
        end
      end)
    end,
    ["/big"] = function() return big end,
  } },
  OUT = kam.each(function(at)
    local f <close> = io.open("port.new", "w")
    f:write(at.port)
    f:close()
    os.rename("port.new", "port")
  end),
  linkages = { "S.listening -> OUT" },
}:run()
]]

-- Peers that send their heads a byte at a time, and others that take their answers as slowly;
-- each is looked at every 0.3 s. Prints their ends. Whether a reader was cut off is asked of
-- the system: a reset can be out of the window of one whose buffer is full, and be dropped.
local SLOW = [[
import socket, sys, time
port, number = int(sys.argv[1]), int(sys.argv[2])

def served(): # the ports of those that the server has a connection with
  ports = set()
  for name in ("/proc/net/tcp", "/proc/net/tcp6"):
    for line in open(name).readlines()[1:]:
      local, remote, state = line.split()[1:4]
      if int(local[-4:], 16) == port and state in ("01", "08"): ports.add(int(remote[-4:], 16))
  return ports

class Slow:
  def __init__(self, first):
    self.s = socket.socket()
    self.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    self.s.settimeout(20); self.s.connect(("127.0.0.1", port))
    self.s.sendall(first); self.s.setblocking(False)
    self.got, self.over, self.port = b"", False, self.s.getsockname()[1]
  def turn(self, sends):
    try:
      if sends: self.s.send(b"x")
      d = self.s.recv(100 if sends else 1)
      self.got += d; self.over = d == b""
    except BlockingIOError: pass
    except OSError: self.over = True

heads = [Slow(b"GET / HTTP/1.1\r\nHost: a\r\nX-") for i in range(number)]
readers = [Slow(b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n") for i in range(number)]
until = time.monotonic() + 40
while time.monotonic() < until and not all(p.over for p in heads + readers):
  for p in heads:
    if not p.over: p.turn(True)
  for p in readers:
    if not p.over: p.turn(False)
  time.sleep(0.3)
  there = served()
  for p in readers: p.over = p.over or p.port not in there
print("heads", sum(p.over for p in heads), sum(p.got.startswith(b"HTTP/1.1 408 ") for p in heads))
print("readers", sum(p.over for p in readers), all(p.got.startswith(b"HTTP/1.1 200"[:len(p.got)]) for p in readers))
]]

-- One that asks a hundred times before, and on and on until a file stands there, again where
-- a connection that was kept has been closed, as clients do: a server that comes to nothing for seconds
-- takes a good one for a slow one. Prints what it was told,
-- and to stderr how long it waited, in ms: the median, the 99th of a hundred and the worst.
local GOOD = [[
import http.client, os, statistics, sys, time
port, told = int(sys.argv[1]), set()

def ask(name, goes_on):
  times, c = [], http.client.HTTPConnection("127.0.0.1", port, timeout=20)
  while goes_on(len(times)):
    t = time.monotonic()
    for tries in range(5):
      try:
        c.request("GET", "/"); told.add(c.getresponse().read()); break
      except (OSError, http.client.HTTPException):
        c.close()
    else: sys.exit("not answered, five times")
    times.append((time.monotonic() - t) * 1000)
    if len(times) % 50 == 0: c.close()
    time.sleep(0.005)
  marks = statistics.median(times), statistics.quantiles(times, n=100)[-1], max(times)
  print(name, len(times), *(round(t, 3) for t in marks), file=sys.stderr)
  return len(times)

ask("before", lambda n: n < 100)
open("begun", "w").close()
n = ask("meanwhile", lambda n: not os.path.exists("over"))
print("good", told, n > 50)
]]

-- Fifty clients that ask on and on until the server is told to end, which is when each is in
-- the middle of an answer or has had its last one. Prints whether there were both, and how
-- many answers were not whole.
local BUSY = [[
import http.client, os, sys, threading, time
port, pid = int(sys.argv[1]), int(sys.argv[2])
whole, broken, asks, reads, over = [], [], set(), set(), threading.Event()

def work(i):
  while not over.is_set():
    asks.add(i)
    try:
      c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
      c.request("GET", "/parts")
      r = c.getresponse(); reads.add(i); asks.remove(i)
      (whole if r.read() == b"x" * 100000 else broken).append(i)
    except (OSError, http.client.HTTPException): broken.append(i)
    reads.discard(i)
    c.close()

threads = [threading.Thread(target=work, args=(i,)) for i in range(50)]
for t in threads: t.start()
while len(whole) < 120: time.sleep(0.01)
over.set()
while asks and not broken: time.sleep(0.001)
begun = len(reads)
os.kill(pid, 15)
for t in threads: t.join()
print(begun > 0, len(whole) >= 120, len(broken))
]]

describe("a server under load", function()
  local here
  setup(function() here = place.new { ["server.lua"] = SERVER, ["slow.py"] = SLOW, ["good.py"] = GOOD, ["busy.py"] = BUSY } end)
  teardown(function() here:__close() end)

  it("answers what was begun when it is told to end, wholly", function()
    local out, err = here:run [[
      rm -f port; kam server.lua 60 2> said & pid=$!
      i=0; until [ -s port ] || [ $i = 1000 ]; do sleep 0.01; i=$((i + 1)); done
      python3 busy.py $(cat port) $pid
      wait $pid; echo "exit $?"; cat said]]
    assert.equal("True True 0\nexit 143\n", out, err)
  end)

  it("cuts off a thousand of its peers at their deadlines, and answers the others meanwhile", function()
    local out, err = here:run [[
      rm -f port; kam server.lua 3 2> said & pid=$!
      i=0; until [ -s port ] || [ $i = 1000 ]; do sleep 0.01; i=$((i + 1)); done
      python3 good.py $(cat port) > good & good=$!
      i=0; until [ -e begun ] || [ $i = 1000 ]; do sleep 0.01; i=$((i + 1)); done
      python3 slow.py $(cat port) 480
      touch over; wait $good; cat good
      kill -TERM $pid; wait $pid; echo "exit $?"; cat said]]
    assert.equal("heads 480 480\nreaders 480 True\ngood {b'hello'} True\nexit 143\n", out, err)
    kit.has(err, "before 100", "meanwhile")
  end)
end)
