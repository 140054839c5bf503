-- Grey under load: what is under way when it reads its configuration again, is told to end, and
-- begins anew.
local kit = require "spec.apps.grey.kit"

-- So many clients send so many mails, each again until it was taken, as a queue does. Prints how many
-- were taken, and how often a client was cut off behind the end of a mail.
local CLIENTS = [==[
import smtplib, sys, threading, time
port, number, clients = (int(a) for a in sys.argv[1:4])
left, lock, taken, unsure = list(range(number)), threading.Lock(), [0], [0]
def send(i):
  s, ended = None, False
  try:
    s = smtplib.SMTP("127.0.0.1", port, "client.example", 20, ("127.0.0.1", 0))
    s.ehlo()
    for code, _ in (s.mail("a@client.example"), s.rcpt("x@test.example")):
      if code != 250: return False
    ended = True
    code, _ = s.data("Subject: mail %d\r\n\r\n%s" % (i, ("x" * 70 + "\r\n") * 50))
    if code == 250: return True
    ended = False
  except (OSError, smtplib.SMTPException):
    if ended:
      with lock: unsure[0] += 1
  finally:
    try: s.quit()
    except Exception: pass
  return False
def work():
  while True:
    with lock:
      if not left: return
      i = left.pop()
    while not send(i): time.sleep(0.02)
    with lock: taken[0] += 1
threads = [threading.Thread(target=work) for _ in range(clients)]
for t in threads: t.start()
for t in threads: t.join()
print(taken[0], unsure[0])
]==]

-- So many clients that say a byte now and then, a third each within a command, between commands and
-- within a mail, until all are cut off; a good one asks meanwhile. Prints how many were cut off, and by
-- which code; to stderr, the good one's median and worst session before and meanwhile, in ms.
local SLOW = [==[
import collections, selectors, socket, statistics, sys, time
port, number = int(sys.argv[1]), int(sys.argv[2])
def good(times, n):
  for _ in range(n):
    t = time.monotonic()
    s = socket.create_connection(("127.0.0.1", port), 20); f = s.makefile("rb")
    for line in (b"", b"HELO x\r\n", b"MAIL FROM:<a@b.example>\r\n", b"RCPT TO:<x@test.example>\r\n", b"QUIT\r\n"):
      if line: s.sendall(line)
      code = f.readline()[:3]
    assert code == b"221", code
    s.close(); times.append((time.monotonic() - t) * 1000)
before, meanwhile = [], []
good(before, 100)
sel, got = selectors.DefaultSelector(), collections.Counter()
class Slow:
  def __init__(self, kind):
    self.s = socket.create_connection(("127.0.0.1", port), 20)
    self.kind, self.said, self.last = kind, b"", b""
    for line in (b"", b"EHLO x\r\n", b"MAIL FROM:<a@b.example>\r\n", b"RCPT TO:<x@test.example>\r\n", b"DATA\r\n")[:1 + kind * 2]:
      if line: self.s.sendall(line)
      while not (self.said.endswith(b"\r\n") and self.said.split(b"\r\n")[-2][3:4] == b" "): self.said += self.s.recv(9999)
      self.said = b""
    self.s.setblocking(False)
    sel.register(self.s, selectors.EVENT_READ, self)
  def turn(self):
    try: self.s.send(b"x")
    except OSError: pass
all_of = [Slow(i % 3) for i in range(number)]
left, next_turn, until = number, 0, time.monotonic() + 40
while left and time.monotonic() < until:
  good(meanwhile, 1)
  if time.monotonic() >= next_turn:
    next_turn = time.monotonic() + 1
    for p in all_of:
      if p.kind != 1 and p.s.fileno() >= 0: p.turn()
  for key, _ in sel.select(0):
    p = key.data
    try: d = p.s.recv(9999)
    except BlockingIOError: continue
    except OSError: d = b""
    p.last = d[:3] or p.last
    if not d: sel.unregister(p.s); p.s.close(); left -= 1; got[p.last.decode()] += 1
print(left, *sorted(got.items()))
print("others", "are served" if statistics.median(meanwhile) < 2 * statistics.median(before) + 1 else "wait")
for name, times in (("before", before), ("meanwhile", meanwhile)):
  print(name, len(times), round(statistics.median(times), 2), round(max(times), 2), file=sys.stderr)
]==]

-- Fewer where no process may have that many descriptors. KAM_SLOW=5000 also shows times.
local files <close> = assert(io.popen "ulimit -H -n")
local slow = tonumber(os.getenv "KAM_SLOW") or (files:read "n" or 1e6) > 12000 and 5000 or 600

describe("grey under load", function()
  if kit.missing() then
    pending(kit.missing())
    return
  end

  it("loses and doubles nothing when it reads its configuration, ends and begins anew", function()
    local here <close> = kit.place "servername = mail.test.example\nmax_per_address = 0\n"
    here:write("clients.py", CLIENTS)
    local out, err = here:run(kit.begin .. [[
      begin_sink; begin_grey
      python3 clients.py $port 1000 16 > sent & clients=$!
      for i in 1 2 3; do
        sleep 0.2; kill -HUP $grey_pid; sleep 0.1
        kill -TERM $grey_pid; wait $grey_pid; echo "exit $?"; begin_grey
      done
      wait $clients
      stop
      read taken unsure < sent; mails=$(ls sunk | wc -l)
      echo "taken $taken, different $(grep -ah '^Subject: mail' sunk/* | sort -u | wc -l)"
      [ $mails -ge 1000 ] && [ $mails -le $((1000 + unsure)) ] && echo "no mail too many"
      grep -c event=reload said]])
    assert.equal("exit 143\nexit 143\nexit 143\nexit 143\ntaken 1000, different 1000\nno mail too many\n3\n", out,
      err .. here:read("said"):sub(-2000))
  end)

  it("cuts off its slow clients at their deadlines, and serves the others meanwhile", function()
    local here <close> = kit.place("servername = mail.test.example\nmax_per_address = 0\ninactivity_timeout = 4\n"
      .. "max_connections = 6000\n")
    here:write("slow.py", SLOW)
    local out, err = here:run(kit.begin .. ([[
      ulimit -n $(ulimit -H -n)
      begin_sink; begin_grey
      python3 slow.py $port %d
      stop]]):format(slow))
    assert.equal(("0 ('421', %d)\nothers are served\nexit 143\n"):format(slow), out, err .. here:read("said"):sub(-1000))
    if os.getenv "KAM_SLOW" then io.stderr:write(err) end
  end)
end)
