-- GreyPool: which connections the real server sees, and what is said on each.
local kit = require "spec.apps.grey.kit"
local postfix = require "spec.components.mail.postfix"

-- A server that writes down what is said on each connection, as "1 EHLO MAIL RCPT DATA QUIT". Its ways:
-- plain (no PIPELINING), goodbye (421 soon after a mail), closes (soon after a mail), tired (of a second
-- mail on a connection), drops (instead of a reply to the second mail).
local SERVER = [[
import socket, sys, threading, time
ways = sys.argv[2:]
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=50)
def talk(n, s):
  said, mails, rest = [], 0, b""
  def answer(*lines): s.sendall("".join(line + "\r\n" for line in lines).encode())
  def leave():
    time.sleep(0.2)
    if "goodbye" in ways: answer("421 4.3.2 Bye")
    if "goodbye" in ways or "closes" in ways: s.shutdown(socket.SHUT_RDWR)
  try:
    answer("220 mx.example")
    data = False
    while True:
      got = s.recv(9999)
      if not got: break
      rest += got
      if got.startswith(b"MAIL") and b"RCPT" in got: said.append("together")
      while b"\r\n" in rest:
        line, rest = rest.split(b"\r\n", 1)
        if data:
          if line != b".": continue
          data, mails = False, mails + 1
          if mails == 2 and "drops" in ways: return s.shutdown(socket.SHUT_RDWR)
          answer("250 Taken")
          threading.Thread(target=leave).start()
          continue
        verb = line.split(b" ")[0].decode().split(":")[0]
        said.append(verb)
        if verb == "EHLO": answer(*(["250 mx.example"] if "plain" in ways else ["250-mx.example", "250 PIPELINING"]))
        elif verb == "MAIL" and mails and "tired" in ways: answer("451 4.3.0 Enough")
        elif verb == "RCPT" and b"<no@" in line: answer("550 5.1.1 Nobody")
        elif verb == "DATA": answer("354 Go on"); data = True
        elif verb == "QUIT": answer("221 Bye"); return s.close()
        else: answer("250 Ok")
  except OSError: pass
  finally: print(n, *said, flush=True)
n = 0
while True:
  s = listener.accept()[0]
  n += 1
  threading.Thread(target=talk, args=(n, s)).start()
]]

describe("grey's connections with the real server", function()
  if kit.missing() then
    pending(kit.missing())
    return
  end

  -- What clients, a script, hear, and what the server, in its ways, has heard. The first connection is
  -- that by which Grey asks what the server offers.
  local function heard(ways, conf, clients)
    local here <close> = kit.place("servername = mail.test.example\nallowed_domains = test.example\n"
      .. "whitelisted_recipients = test.example\n" .. (conf or ""))
    here:write("server.py", SERVER)
    local out, err = here:run(kit.begin .. ([[
      python3 server.py $sink %s > heard & sink_pid=$!
      up $sink; begin_grey
      i=0; until grep -q up=true said || [ $i = 500 ]; do sleep 0.02; i=$((i + 1)); done
      %s
      sleep 0.2
      stop; sed -n '/EHLO/s/^[0-9]* //p' heard]]):format(ways, clients))
    assert.equal("", err)
    return out
  end

  -- The same of three clients, one after another.
  local function three(ways, conf, second)
    return heard(ways, conf, ([[
      python3 send.py $port to=x@test.example
      sleep 0.5
      python3 send.py $port to=%s
      sleep 0.5
      python3 send.py $port to=x@test.example]]):format(second or "x@test.example"))
  end
  local taken = "taken {}\ntaken {}\ntaken {}\nexit 143\n"

  it("are kept for the next client, who is told of to the server in one go", function()
    assert.equal(taken .. "EHLO together MAIL RCPT DATA together MAIL RCPT DATA together MAIL RCPT DATA QUIT\n", three "")
    assert.equal(taken .. "EHLO MAIL RCPT DATA MAIL RCPT DATA MAIL RCPT DATA QUIT\n", three "plain")
  end)

  it("are kept as long, and for as many mails, as the configuration says", function()
    assert.equal(taken .. "EHLO QUIT\n" .. ("EHLO MAIL RCPT DATA QUIT\n"):rep(3),
      three("plain", "upstream_keep = 0\n"))
    assert.equal(taken .. ("EHLO MAIL RCPT DATA QUIT\n"):rep(3),
      (three("plain", "upstream_keep = 0.3 s\n"):gsub("EHLO QUIT\n", "")))
    assert.equal(taken .. "EHLO MAIL RCPT DATA MAIL RCPT DATA QUIT\nEHLO MAIL RCPT DATA QUIT\n",
      three("plain", "upstream_mails = 2\n"))
  end)

  it("carry as many mails of one client, too", function()
    assert.equal("{} {} {}\nexit 143\nEHLO MAIL RCPT DATA MAIL RCPT DATA QUIT\nEHLO MAIL RCPT DATA QUIT\n",
      heard("plain", "upstream_mails = 2\n", [[python3 -c 'import smtplib, sys
s = smtplib.SMTP("127.0.0.1", int(sys.argv[1]), "client.example", 20)
print(*(s.sendmail("a@client.example", "x@test.example", "Subject: x\r\n\r\nx\r\n") for _ in range(3)))
s.quit()' $port]]))
  end)

  it("are not kept when the server has refused something", function()
    assert.equal("taken {}\nrefused {'no@test.example': 550}\ntaken {}\nexit 143\n"
      .. "EHLO MAIL RCPT DATA MAIL RCPT RSET QUIT\nEHLO MAIL RCPT DATA QUIT\n", three("plain", "", "no@test.example"))
  end)

  it("are replaced when the server has closed them, or puts off what was not begun on them", function()
    for _, ways in ipairs { "plain goodbye", "plain closes" } do
      assert.equal(taken .. ("EHLO MAIL RCPT DATA\n"):rep(3), (three(ways):gsub(" QUIT", "")))
    end
    assert.equal(taken .. "EHLO MAIL RCPT DATA MAIL\n" .. "EHLO MAIL RCPT DATA MAIL\n" .. "EHLO MAIL RCPT DATA QUIT\n",
      (three("plain tired"):gsub("MAIL QUIT", "MAIL")))
  end)

  it("are not replaced within a mail: who sent it hears so", function()
    local out = three "plain drops"
    assert.truthy(out:find("taken {}\nanswered 451 4.4.2 The server has closed the connection\ntaken {}\nexit 143\n"
      .. "EHLO MAIL RCPT DATA MAIL RCPT DATA\nEHLO MAIL RCPT DATA QUIT\n", 1, true), out)
  end)

  it("are kept with a Postfix, but for those on which it was told of a client by XCLIENT", function()
    if postfix.missing() then
      pending(postfix.missing())
      return
    end
    for told, connections in pairs { yes = 3, no = 1 } do
      local mx <close> = postfix.start()
      local here <close> = kit.place(("servername = mail.test.example\nxclient = %s\nclient_names = no\n"
        .. "whitelisted_recipients = test.example\nallowed_domains = test.example\n"):format(told))
      local out, err = here:run(kit.begin .. ([[
        sink=%d; begin_grey
        i=0; until grep -q up=true said || [ $i = 500 ]; do sleep 0.02; i=$((i + 1)); done
        for i in 2 3 4; do python3 send.py $port "to=x@test.example;source=127.0.0.$i"; done
        kill -TERM $grey_pid; wait $grey_pid; echo "exit $?"
        i=0; until [ "$(ls %s/mail/all/new 2> /dev/null | wc -l)" = 3 ] || [ $i = 100 ]; do sleep 0.1; i=$((i + 1)); done
      ]]):format(mx.port, mx.folder))
      assert.equal(taken, out, err .. here:read "said")
      local mails = table.concat(mx:mails())
      for i = 2, 4 do
        local client = told == "yes" and ("client.example (unknown [127.0.0.%d])"):format(i)
          or "mail.test.example (localhost [127.0.0.1])"
        assert.truthy(mails:find(("Received: from %s\n\tby mx.test.example"):format(client), 1, true), mails)
      end
      local _, connected = mx:log():gsub("postfix/smtpd%[%d+%]: connect from", "")
      assert.equal(connections, connected, mx:log())
      assert.is_nil(mx:log():find "lost connection")
    end
  end)
end)
