-- What clients try with Grey: to put lines into a mail or into the talk with the server behind, and
-- to be understood otherwise by the two.
local kit = require "spec.apps.grey.kit"

local conf = [[
servername = mail.test.example
inactivity_timeout = 5
]]

-- talk(pieces): what is said of each, the pieces being sent one after the other, each when the reply
-- to the one before is there. A piece is bytes, or a list of them, which are sent with a moment between.
local TALK = [==[
import socket, sys, time
port = int(sys.argv[1])
def talk(pieces):
  s = socket.create_connection(("127.0.0.1", port), 10, ("127.0.0.1", 0))
  s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
  f, codes = s.makefile("rb"), []
  def reply():
    while True:
      line = f.readline()
      if not line: return None
      if line[3:4] != b"-": return line[:3].decode()
  codes.append(reply())
  for piece, replies in pieces:
    try:
      for i, part in enumerate(piece if isinstance(piece, list) else [piece]):
        if i: time.sleep(0.001)
        s.sendall(part)
      for _ in range(replies): codes.append(reply())
    except OSError: codes.append(None)
    if codes[-1] is None: break
  s.close()
  return codes
]==]

local INJECT = TALK .. [==[
evil = b"X-Evil: yes"
def mail(helo=b"x.example", sender=b"<a@b.example>", to=b"<x@test.example>", more=b""):
  return talk([(b"EHLO " + helo + b"\r\n", 1), (b"MAIL FROM:" + sender + more + b"\r\n", 1), (b"RCPT TO:" + to + b"\r\n", 1),
    (b"DATA\r\n", 1), (b"Subject: x\r\n\r\nhello\r\n.\r\n", 1), (b"QUIT\r\n", 1)])
for end in (b"\r", b"\n", b"\0", b"\r\n ", b"\x0b", b"\x85", b"\xe2\x80\xa8"):
  for where in ("helo", "sender", "to", "more"):
    text = {"helo": b"x.example%s%s", "sender": b"<a@b.example%s%s>", "to": b"<x@test.example%s%s>",
      "more": b" BODY=8BITMIME%s%s"}[where] % (end, evil)
    mail(**{where: text})
for helo in (b"(comment", b"a b", b"[127.0.0.1", b"x" * 300, b'"quoted"', b"x;y", b"<x@y>", b"x ([10.0.0.1])",
    b"=?utf-8?q?=0d=0aX-Evil:_yes?=", b"\xff\xfe", b"x.example NAME=evil ADDR=10.0.0.1"): mail(helo=helo)
print(mail()[-2])
]==]

-- The bytes of a session behind EHLO, with pipelining, cut in two at each place.
local SPLIT = TALK .. [==[
one = b"MAIL FROM:<a@b.example> SIZE=100\r\nRCPT TO:<x@test.example>\r\nRCPT TO:<y@test.example>\r\nDATA\r\n"
two = b"Subject: x\r\nTo: y\r\n\r\n.. dots\r\n...\r\nthe end\r\n.\r\nRSET\r\nNOOP\r\nQUIT\r\n"
heard, n = set(), 0
for i in range(1, len(one)):
  n += 1; heard.add(tuple(talk([(b"EHLO x.example\r\n", 1), ([one[:i], one[i:]], 4), (two, 4)])))
for i in range(1, len(two)):
  n += 1; heard.add(tuple(talk([(b"EHLO x.example\r\n", 1), (one, 4), ([two[:i], two[i:]], 4)])))
print(len(heard), *sorted(heard)[0], n)
]==]

describe("grey", function()
  if kit.missing() then
    pending(kit.missing())
    return
  end
  local here
  before_each(function() here = kit.place(conf) end)
  after_each(function() here:__close() end)

  it("lets no word of a client's into the header, or into the talk with the server", function()
    here:write("inject.py", INJECT)
    local out, err = here:run(kit.begin .. [=[
      begin_sink; begin_grey
      python3 inject.py $port
      stop
      cat sunk/* | grep -a -i -c '^X-Evil\|^[^X].*NAME=evil'
      for f in sunk/*; do
        sed '/^\r*$/q' "$f" | grep -a -v '^X-' | grep -a -c -v '^Received: \|^[[:blank:]]\|^Subject: x\|^From \|^\r*$'
      done | sort -u]=])
    assert.equal("250\nexit 143\n0\n0\n", out, err .. here:read("said"):sub(-2000))
  end)

  it("does the same however a session is cut", function()
    here:write("split.py", SPLIT)
    local out, err = here:run(kit.begin .. [[
      begin_sink; begin_grey
      python3 split.py $port
      stop
      ls sunk | wc -l
      for f in sunk/*; do sed '1,/^\r*$/d' "$f" | sed '1,/^\r*$/{/^X-/d}' | sha256sum; done | sort -u | wc -l]])
    local n = #"MAIL FROM:<a@b.example> SIZE=100..RCPT TO:<x@test.example>..RCPT TO:<y@test.example>..DATA.." - 1
      + #"Subject: x..To: y...... dots.......the end.....RSET..NOOP..QUIT.." - 1
    assert.equal(("1 220 250 250 250 250 354 250 250 250 221 %d\nexit 143\n%d\n1\n"):format(n, n), out,
      err .. here:read("said"):sub(-2000))
  end)
end)
