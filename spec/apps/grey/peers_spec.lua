-- Grey among programs that we did not write: Postfix behind it and in front of it, and clients.
local kit = require "spec.apps.grey.kit"
local place = require "spec.lua.place"
local spec_kit = require "spec.lua.kit"
local postfix = require("spec.components.mail.postfix").shell

local conf = [[
servername = mail.test.example
delay = 3 s
allowed_domains:
    test.example
]]

-- Texts that must arrive as they are: dots, long lines, all bytes that may be.
local mails = [[
import sys
n = int(sys.argv[1])
body = ["Subject: %d" % n, "", "." , "..", ". .", "x" * 900, "", "\xe4\xf6".encode("latin-1").decode("latin-1"), "-- ", "end."]
sys.stdout.buffer.write("\n".join(body).encode("latin-1") + b"\n")
]]

local function missing()
  return kit.missing() or not os.execute "[ $(id -u) = 0 ] && [ -x /usr/lib/postfix/sbin/master ]"
    and "needs Postfix, and root to start it"
end

describe("grey among others", function()
  if missing() then
    pending(missing())
    return
  end
  local here
  before_each(function()
    here = kit.place(conf)
    here:write("mail.py", mails)
  end)
  after_each(function() here:__close() end)

  it("lets through all that a Postfix sends again and again to another one", function()
    local out, err = here:run(kit.begin .. postfix .. [[
      front=$(free)
      begin_postfix behind $sink
      begin_grey
      begin_postfix front $front $port
      for i in 1 2 3 4 5 6 7 8; do
        python3 mail.py $i > $i.txt
        sendmail -i -C $PWD/front/etc -f "s$i@client.example" r$i@test.example < $i.txt
      done
      i=0; until [ "$(ls behind/mail/all/new 2>/dev/null | wc -l)" = 8 ] || [ $i = 400 ]; do sleep 0.1; i=$((i + 1)); done
      ls behind/mail/all/new | wc -l
      for i in 1 2 3 4 5 6 7 8; do
        f=$(grep -l "^Subject: $i$" behind/mail/all/new/*)
        sed '1,/^$/d' $i.txt > want; sed '1,/^$/d' "$f" > have; cmp want have && echo same
        grep -c '^X-Greylist: delayed' "$f"
      done | sort | uniq -c
      grep -h '^Received: from' behind/mail/all/new/* | sort | uniq -c
      stop_postfix front; sink_pid=; stop; stop_postfix behind
      [ $(grep -c action=defer said) -ge 8 ] && echo deferred; grep -c outcome=delivered said]])
    -- what Postfix says is what it was told of the client by XCLIENT
    assert.equal("8\n      8 1\n      8 same\n      8 Received: from front.test.example ([127.0.0.3])\n"
      .. "      8 Received: from front.test.example (unknown [127.0.0.3])\nexit 143\ndeferred\n8\n", out,
      err .. here:read "said")
  end)

  it("turns away and lets through what swaks, msmtp and smtp-source send, as the server behind says", function()
    local out, err = here:run(kit.begin .. [[
      begin_sink; begin_grey
      sw() {
        swaks --server 127.0.0.1:$port --local-interface 127.0.0.2 --from a@b.example "$@" 2>&1 |
          grep '^<\*\* \|^<-  250 2.0.0'
      }
      sw --to x@test.example | sed 's/ [0-9]* seconds/ N seconds/'
      sw --to x@elsewhere.example
      sleep 4
      sw --to x@test.example --pipeline
      sw --to x@test.example --data "Subject: x\n\n.\n..\n"
      printf 'Subject: m\n\nhello\n' |
        msmtp --host=127.0.0.1 --port=$port --from=a@b.example --auth=off --tls=off y@elsewhere.example
      echo "msmtp $?"
      smtp-source -s 5 -m 40 -l 5000 -f a@b.example -t z@elsewhere.example 127.0.0.1:$port; echo "source $?"
      stop; ls sunk | wc -l]])
    assert.equal([[
<** 450 4.7.1 <x@test.example>: Greylisted, try again in N seconds
<** 550 5.7.1 Relaying is denied
<-  250 2.0.0 Ok
<-  250 2.0.0 Ok
msmtp 0
source 0
exit 143
43
]], out, err .. here:read "said")
  end)

  it("gives aiosmtpd all that it takes, byte by byte", function()
    local python = spec_kit.python "aiosmtpd"
    if not python then pending "needs python3 with aiosmtpd" end
    here:write("aio.py", [[
import sys, time
from aiosmtpd.controller import Controller
class Handler:
  async def handle_RCPT(self, server, session, envelope, address, options):
    if address.startswith("no"): return "550 5.1.1 Nobody"
    envelope.rcpt_tos.append(address); return "250 2.1.5 Ok"
  async def handle_DATA(self, server, session, envelope):
    open("got.%d" % len(envelope.rcpt_tos), "wb").write(envelope.original_content)
    print(envelope.mail_from, *envelope.rcpt_tos, envelope.smtp_utf8, flush=True)
    return "250 2.0.0 Taken"
c = Controller(Handler(), hostname="127.0.0.1", port=int(sys.argv[1]), enable_SMTPUTF8=True)
c.start()
time.sleep(50)
]])
    here:write("say.py", [[
import smtplib, sys
text = b"Subject: x\r\n\r\n" + b"".join(b"." * (i % 5) + b"x" * (i * 37 % 900) + b"\r\n" for i in range(2000))
open("want", "wb").write(text)
for to, utf8 in ((["a@test.example"], False), (["no@test.example", "b@test.example", "\u00fc@test.example"], True)):
  s = smtplib.SMTP("127.0.0.1", int(sys.argv[1]), "client.example", 20)
  s.ehlo()
  s.mail("s@client.example", ["SMTPUTF8", "BODY=8BITMIME"] if utf8 else [])
  if utf8: s.command_encoding = "utf-8"
  print(*(s.rcpt(t)[0] for t in to), s.data(text)[0])
  s.quit()
]])
    local out, err = here:run(kit.begin .. ([[
      %s aio.py $sink > aio.said & sink_pid=$!
      up $sink; begin_grey
      i=0; until grep -q up=true said || [ $i = 500 ]; do sleep 0.02; i=$((i + 1)); done
      python3 say.py $port
      stop; cat aio.said
      for f in got.*; do sed '1,/+0000/d' $f | cmp - want && echo same; done]]):format(python))
    assert.equal("250 250\n550 250 250 250\nexit 143\ns@client.example a@test.example False\n"
      .. "s@client.example b@test.example \u{fc}@test.example True\nsame\nsame\n", out, err .. here:read "said")
  end)

  it("is secured by STARTTLS, and takes what a proxy says of the client", function()
    local out, err = here:run(kit.begin .. [[
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
        -keyout site.pem -out site.pem 2> /dev/null
      printf 'tls_certificate = site.pem\nproxy_protocol = yes\n' > more; cat grey.conf >> more; mv more grey.conf
      begin_sink; begin_grey
      sw() {
        swaks --server 127.0.0.1:$port --from a@b.example --proxy-version 1 --proxy-family TCP4 \
          --proxy-protocol STREAM --proxy-dest 192.0.2.1 --proxy-dest-port 25 --proxy-source-port 9 "$@" 2>&1 |
          grep '^<\*\* \|^<~\* \|^=== TLS started\|^<~  250 2.0.0' |
          sed 's/ [0-9]* seconds/ N seconds/; s/TLS started.*/TLS started/'
      }
      sw --proxy-source 198.51.100.7 --tls --to x@test.example
      sw --proxy-source 127.0.0.1 --tls --to x@elsewhere.example
      stop; grep -c 'client=198.51.100.7' said; grep -h 'with ESMTPS' sunk/* | wc -l]])
    assert.equal([[
=== TLS started
<~* 450 4.7.1 <x@test.example>: Greylisted, try again in N seconds
=== TLS started
<~  250 2.0.0 Ok
exit 143
1
1
]], out, err .. here:read "said")
  end)
end)

-- The same attempts, asked of postgrey and of Grey by Postfix's protocol.
local trace = [==[
import random, socket, sys, time
random.seed(5)
def connect(at):
  if at.startswith("/"): s = socket.socket(socket.AF_UNIX); s.connect(at)
  else: s = socket.create_connection(("127.0.0.1", int(at)))
  return s
peers = [connect(a) for a in sys.argv[1:3]]
def ask(s, client, sender, to, n):
  s.sendall(("request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=%s\nclient_name=unknown\nhelo_name=x\n"
    "sender=%s\nrecipient=%s\ninstance=i%d\n\n" % (client, sender, to, n)).encode())
  got = b""
  while not got.endswith(b"\n\n"):
    d = s.recv(1000)
    if not d: return "closed"
    got += d
  word = got.decode().split("=", 1)[1].split()[0]
  return "pass" if word in ("DUNNO", "PREPEND") else "defer"
clients = ["192.0.2.%d" % i for i in range(1, 5)] + ["198.51.100.9", "2001:db8::1", "2001:db8::2", "2001:db8:1::1"]
senders = ["a@x.example", "A@x.example", "b@y.example", ""]
tos = ["u@test.example", "U@test.example", "v@test.example"]
same, other, n = 0, [], 0
for turn in range(4):
  for _ in range(250):
    n += 1
    q = random.choice(clients), random.choice(senders), random.choice(tos)
    got = [ask(s, *q, n) for s in peers]
    if got[0] == got[1]: same += 1
    else: other.append((q, got))
  time.sleep(2.2)
print(same, n)
for o in other[:10]: print(o)
]==]

describe("grey beside postgrey", function()
  if missing() or not os.execute "PATH=$PATH:/usr/sbin command -v postgrey >/dev/null" then
    pending "needs postgrey"
    return
  end

  it("comes to the same verdict on each of a thousand attempts", function()
    local here <close> = place.new { ["trace.py"] = trace }
    local out, err = here:run(kit.begin .. [[
      mkdir pg; chown postgrey pg; policy=$(free)
      postgrey --unix=$PWD/pg/socket --delay=2 --dbdir=$PWD/pg --user=postgrey --pidfile=$PWD/pg/pid \
        --auto-whitelist-clients=0 --ipv6cidr=64 --daemonize 2> pg.said
      for line in 'delay = 2 s' 'auto_whitelist = 0' 'plain_senders = no' "policy_listen = $PWD/grey.sock" \
        'allowed_domains = a.example'; do echo "$line"; done > grey.conf
      begin_grey
      i=0; until [ -S pg/socket ] && [ -S grey.sock ] || [ $i = 200 ]; do sleep 0.05; i=$((i + 1)); done
      python3 trace.py $PWD/pg/socket $PWD/grey.sock
      kill $(cat pg/pid); sink_pid=; stop]])
    assert.equal("1000 1000\nexit 143\n", out, err .. here:read "said" .. here:read "pg.said")
  end)
end)
