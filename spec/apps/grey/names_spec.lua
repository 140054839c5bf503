-- Names of clients, which dnsmasq knows: in the lists, in the log, and behind; and what becomes of
-- mail while no server of the DNS answers.
local kam = require "kam"
local kit = require "spec.apps.grey.kit"
local spec_kit = require "spec.lua.kit"
local postfix = require("spec.components.mail.postfix").shell

local conf = [[
servername = mail.test.example
name_time = 2 s
allowed_domains:
    test.example
whitelisted_clients:
    .friends.example
]]

-- A server of the DNS on port $dns. 127.0.0.2 has a name that leads back to it; that of 127.0.0.3 does
-- not; 127.0.0.4 has many that lead nowhere, and that of 127.0.0.5 is none that a host may have.
local dns = [[
dns=$(free)
begin_dns() {
  dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file --no-resolv --no-hosts --listen-address=127.0.0.1 \
    --bind-interfaces --user= --log-facility=/dev/null --port=$dns --local=/example/ --local=/arpa/ \
    --host-record=mx.friends.example,127.0.0.2 --ptr-record=2.0.0.127.in-addr.arpa,MX.Friends.example \
    --host-record=liar.friends.example,192.0.2.1 --ptr-record=3.0.0.127.in-addr.arpa,liar.friends.example \
    $(for i in 1 2 3 4 5 6 7; do
      echo --ptr-record=4.0.0.127.in-addr.arpa,no$i.example; done) \
    --ptr-record=5.0.0.127.in-addr.arpa,'a b.friends.example' & dns_pid=$!
  sleep 0.3
}
printf 'name_servers:\n    127.0.0.1:%s\n' $dns >> grey.conf
send() { python3 send.py $port "to=$1@test.example;source=$2"; }
]]

describe("names of clients", function()
  local missing = kit.missing() or not os.execute "command -v dnsmasq >/dev/null" and "needs dnsmasq"
  if missing then
    pending(missing)
    return
  end
  local here
  before_each(function() here = kit.place(conf) end)
  after_each(function() here:__close() end)

  it("count where they lead back to the address", function()
    local out, err = here:run(kit.begin .. dns .. [[
      begin_dns; begin_sink; begin_grey
      send a 127.0.0.2; send b 127.0.0.3; send c 127.0.0.4; send d 127.0.0.5; send e 127.0.0.6
      stop; kill $dns_pid
      grep -h -o "^Received: from .* (mx.*" sunk/*]])
    local refused = "refused {'%s@test.example': 450}\n"
    assert.equal("taken {}\n" .. refused:format "b" .. refused:format "c" .. refused:format "d" .. refused:format "e"
      .. "exit 143\nReceived: from client.example (mx.friends.example [127.0.0.2])\n", out, err .. here:read "said")
    local said = here:read "said"
    assert.truthy(said:find('client=127.0.0.2 name=mx.friends.example helo=client.example from=<a@client.example> '
      .. 'to=<a@test.example> action=accept reason="client whitelisted"', 1, true), said)
    assert.is_nil(said:find("liar", 1, true))
  end)

  it("are told to the server behind", function()
    if not os.execute "[ $(id -u) = 0 ] && [ -x /usr/lib/postfix/sbin/master ]" then return pending "needs Postfix" end
    local out, err = here:run(kit.begin .. postfix .. dns .. [[
      begin_dns; begin_postfix behind $sink; begin_grey
      send a 127.0.0.2
      kill $dns_pid
      i=0; until [ "$(ls behind/mail/all/new 2>/dev/null | wc -l)" = 1 ] || [ $i = 200 ]; do sleep 0.1; i=$((i + 1)); done
      grep -h '^Received: from' behind/mail/all/new/* | sort | uniq -c
      sink_pid=; stop; stop_postfix behind]])
    assert.equal("taken {}\n      2 Received: from client.example (mx.friends.example [127.0.0.2])\nexit 143\n", out,
      err .. here:read "said")
  end)

  it("are not waited for long, and delay nobody who need not be delayed", function()
    local out, err = here:run(kit.begin .. dns .. [[
      begin_sink; begin_grey
      began=$(date +%s%3N)
      send a 127.0.0.2
      python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", int(sys.argv[1]))); time.sleep(60)' $dns & silent=$!
      sleep 0.3
      send b 127.0.0.2
      took=$(($(date +%s%3N) - began))
      [ $took -ge 1900 ] && [ $took -lt 15000 ] && echo "in time" || echo $took
      stop; kill $silent]])
    assert.equal("refused {'a@test.example': 450}\nrefused {'b@test.example': 450}\nin time\nexit 143\n", out,
      err .. here:read "said")
  end)

  it("are none, and no talk fails, where the DNS cannot be asked at all", function()
    package.path = "apps/grey/?.lua;" .. package.path
    local names = require "names"
    local got
    local component = kam.component "Talk" { inboxes = { inbox = false, over = "ends" }, outboxes = { outbox = false },
      main = function(self)
        got = table.pack(names.look_up(self, { name_servers = { "nonsense" }, name_time = 1 }, "192.0.2.1"))
      end }
    spec_kit.runs(component())
    assert.is_nil(got[1])
    assert.is_true(got[2])
    assert.truthy(got[3]:find("servers: ", 1, true), got[3])
  end)
end)
