-- Grey as a whole: a client's mail through it to a server, and what happens when that says no,
-- is not there, or goes.
local kit = require "spec.apps.grey.kit"

local conf = [[
servername = mail.test.example
delay = 2 s
allowed_domains:
    test.example
]]

describe("grey", function()
  if kit.missing() then
    pending(kit.missing())
    return
  end
  local here
  before_each(function() here = kit.place(conf) end)
  after_each(function() here:__close() end)

  it("defers what is new, recipient by recipient, and delivers what comes again", function()
    local out, err = here:run(kit.begin .. [[
      begin_sink; begin_grey
      python3 send.py $port "to=x@test.example"
      sleep 3
      python3 send.py $port "to=x@test.example,y@test.example;text=Subject: x

.dot

..
end
"
      python3 send.py $port "to=x@elsewhere.example" "to=x@elsewhere.example;source=127.0.0.1"
      stop
      cat sunk/* | sed 's/; .* +0000/; DATE/; s/ [0-9]* seconds/ N seconds/'
    ]])
    assert.equal([[
refused {'x@test.example': 450}
taken {'y@test.example': 450}
refused {'x@elsewhere.example': 550}
taken {}
exit 143
]], out:match "^(.-exit 143\n)", err)
    for _, text in ipairs { "from client.example ([127.0.0.2])\n\tby mail.test.example with ESMTP",
      "X-Greylist: delayed N seconds by Kamaelua Grey at mail.test.example; DATE", "\n\n.dot\n\n..\nend\n",
      "X-Rcpt-Args: <x@test.example>\n", "X-Rcpt-Args: <x@elsewhere.example>\n" } do
      assert.truthy(out:find(text, 1, true), text .. "\nis not in\n" .. out)
    end
    assert.is_nil(out:find("Args: <y@", 1, true))
    local said = here:read "said"
    for _, text in ipairs { "to=<x@test.example> action=defer reason=new wait=2", "action=accept reason=\"retried in time\"",
      "action=reject reason=\"not ours\"", "outcome=delivered", "event=upstream up=true" } do
      assert.truthy(said:find(text, 1, true), text .. "\nis not in\n" .. said)
    end
  end)

  it("says what the server says, and takes nothing that it does not take", function()
    for command, expected in pairs { ["-r RCPT"] = "refused {'x@elsewhere.example': 450}", ["-f RCPT"] =
      "refused {'x@elsewhere.example': 500}", ["-f MAIL"] = "refused {'x@elsewhere.example': 500}",
      ["-r DATA"] = "answered 450 4.3.0 Error: command failed", ["-f ."] = "answered 500 5.3.0 Error: command failed",
      ["-r ."] = "answered 450 4.3.0 Error: command failed", ["-f EHLO -f HELO"] = "refused {'x@elsewhere.example': 451}",
      ["-q DATA"] = "answered 451", ["-q ."] = "answered 451", ["-q RCPT"] = "refused {'x@elsewhere.example': 451}",
      ["-q CONNECT"] = "refused {'x@elsewhere.example': 451}" } do
      local out, err = here:run(kit.begin .. ([[
        begin_sink %s; begin_grey
        python3 send.py $port "to=x@elsewhere.example;source=127.0.0.1"
        stop]]):format(command))
      assert.equal(expected, out:sub(1, #expected), command .. ": " .. out .. err .. here:read "said")
      assert.equal("exit 143\n", out:match "exit .*$", command)
      assert.is_nil(out:find("taken", 1, true), command)
      os.execute(("rm -rf '%s/sunk'"):format(here.folder))
    end
  end)

  it("says that it is being stopped to who has sent no mail, and nothing to who hangs up", function()
    local out, err = here:run(kit.begin .. [[
      begin_sink; begin_grey
      python3 -c 'import os, signal, socket, sys, time
def talk(line):
  s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20); s.recv(999)
  if line: s.sendall(line); s.recv(999)
  return s
s = talk(b"EHLO x\r\n"); s.shutdown(socket.SHUT_WR); print(s.recv(999))
all = [talk(b""), talk(b"EHLO x\r\n")]
os.kill(int(sys.argv[2]), signal.SIGTERM)
for s in all: print(s.recv(999)[:3])' $port $grey_pid
      stop]])
    assert.equal("b\'\'\nb\'421\'\nb\'421\'\nexit 143\n", out, err)
  end)

  it("defers while the server is not there, and delivers when it is", function()
    local out, err = here:run(kit.begin .. [[
      begin_grey
      python3 send.py $port "to=x@elsewhere.example;source=127.0.0.1"
      begin_sink
      python3 send.py $port "to=x@elsewhere.example;source=127.0.0.1"
      stop]])
    assert.equal("refused {'x@elsewhere.example': 451}\ntaken {}\nexit 143\n", out, err)
  end)

  it("knows again what it knew, after it was killed", function()
    local out, err = here:run(kit.begin .. [[
      begin_sink; begin_grey
      python3 send.py $port "to=x@test.example"
      kill -9 $grey_pid; wait $grey_pid 2> /dev/null
      sleep 2
      begin_grey
      python3 send.py $port "to=x@test.example" "to=x@test.example"
      stop]])
    assert.equal("refused {'x@test.example': 450}\ntaken {}\ntaken {}\nexit 143\n", out, err)
  end)

  it("reads its configuration again, and keeps the old one if the new one is wrong", function()
    local out, err = here:run(kit.begin .. [[
      begin_sink; begin_grey
      wait_for() { i=0; until grep -q "$1" said || [ $i = 500 ]; do sleep 0.02; i=$((i + 1)); done; }
      echo "nonsense" >> whole.conf; kill -HUP $grey_pid; wait_for "is not used"
      python3 send.py $port "to=x@new.example"
      sed -i 's/nonsense//; s/test.example$/new.example/' whole.conf; kill -HUP $grey_pid; wait_for event=reload
      python3 send.py $port "to=x@new.example"
      stop]])
    assert.equal("refused {'x@new.example': 550}\nrefused {'x@new.example': 450}\nexit 143\n", out, err)
  end)

  it("refuses to run with a wrong configuration, and says all that is wrong", function()
    here:write("bad.conf", "prot = 25\nport = mail\ndelay = 5 parsecs\nallowed_domains:\n    not a domain!\n")
    local out, err, exit = here:run "kam grey -c bad.conf"
    assert.equal(2, exit)
    assert.equal("", out)
    for _, text in ipairs { "bad.conf:1", "it may be port", "bad.conf:2", "bad.conf:3", "bad.conf:5" } do
      assert.truthy(err:find(text, 1, true), text .. "\nis not in\n" .. err)
    end
  end)
end)
