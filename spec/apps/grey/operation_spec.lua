-- How Grey is operated: its commands on a live store, its counters, its papers.
local kam = require "kam"
local kit = require "spec.apps.grey.kit"
local place = require "spec.lua.place"

local conf = [[
servername = mail.test.example
delay = 1 h
allowed_domains:
    test.example
]]

local ask = [[
import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
for to in sys.argv[2:]:
  s.sendall(("request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=192.0.2.9\nclient_name=unknown\n"
    "helo_name=x\nsender=a@b.example\nrecipient=%s\ninstance=1\n\n" % to).encode())
  got = b""
  while not got.endswith(b"\n\n"): got += s.recv(1000)
  print(got.decode().strip())
]]

local function read(path)
  local f <close> = assert(io.open(path))
  return f:read "a"
end

local root = os.getenv "PWD"

describe("the papers of grey", function()
  local here
  setup(function() here = place.new() end)
  teardown(function() here:__close() end)

  it("have the configuration that sample gives, which check takes", function()
    assert.equal(here:run "kam grey sample", read "apps/grey/grey.conf")
    local out, err, exit = here:run(("kam grey check -c '%s/apps/grey/grey.conf'"):format(root))
    assert.equal(0, exit, out .. err)
    assert.equal("", err)
  end)

  it("have the man page that manual gives, which groff takes", function()
    assert.equal(here:run "kam grey manual", read "apps/grey/grey.8")
    local out, err = here:run(("command -v groff >/dev/null || exit 0; "
      .. "groff -ww -man -Tutf8 '%s/apps/grey/grey.8' >/dev/null"):format(root))
    assert.equal("", out .. err)
  end)

  it("name all commands in the help", function()
    local out = here:run "kam grey --help"
    for name in io.popen("ls apps/grey/commands"):lines() do
      local word = name:match "^(%l+)%.lua$"
      assert.truthy(word == "run" or out:find("kam grey " .. word, 1, true), name)
    end
  end)

  it("have a list of pools that can be read", function()
    here:write("p.conf", ("allowed_domains = a.example\npool_files = %s/apps/grey/pools.conf\n"):format(root))
    local out, err = here:run "kam grey check -c p.conf"
    assert.equal("p.conf: 0 errors, 0 risks\n", out, err)
  end)
end)

describe("grey's commands", function()
  if kit.missing() then
    pending(kit.missing())
    return
  end
  local here
  before_each(function()
    here = kit.place(conf)
    here:write("ask.py", ask)
  end)
  after_each(function() here:__close() end)

  it("work on the store of a Grey that runs", function()
    local out, err = here:run(kit.begin .. [[
      begin_sink; begin_grey
      g() { kam grey -c whole.conf "$@"; echo "= $?"; }
      python3 send.py $port "to=x@test.example" "to=y@test.example"
      g list --waiting x@test.example | sed 's/20.*  127/TIME  127/; s/[0-9]* s to/N s to/'
      g release x@test.example; g release nobody@test.example
      python3 send.py $port "to=x@test.example" "to=y@test.example"
      g whitelist recipient z@test.example 1d | sed 's/until.*/until TIME/'
      python3 send.py $port "to=z@test.example"
      g whitelist recipient z@test.example remove
      python3 send.py $port "to=z@test.example"
      g stats | grep -v bytes
      kam grey -c whole.conf dump > dump; g delete y@test.example; g delete y@test.example; g import dump
      g list --json y@test.example | grep -c '"state":"waiting"'
      g whitelist planet mars; g import no-such-file; g list --frob; g frob
      stop]])
    assert.equal([[
refused {'x@test.example': 450}
refused {'y@test.example': 450}
waiting  TIME  127.0.0.0/24        <a@client.example> <x@test.example>  1 tries, N s to wait
= 0
1 released
= 0
0 released
= 1
taken {}
refused {'y@test.example': 450}
recipient z@test.example is not delayed until TIME
= 0
taken {}
1 removed
= 0
refused {'z@test.example': 450}
waiting          2
passed           1
clients          0
autoWhitelisted  0
whitelist        0
= 0
1 deleted
= 0
0 deleted
= 1
3 taken in
= 0
1
= 2
= 2
= 2
= 2
exit 143
]], out, err)
  end)

  it("have counters, for Prometheus and as JSON", function()
    local out, err = here:run(kit.begin .. [[
      metrics=$(free)
      echo "metrics_listen = 127.0.0.1:$metrics" > more; cat grey.conf >> more; mv more grey.conf
      begin_sink; begin_grey
      python3 send.py $port "to=x@test.example" "to=x@anywhere.example;source=127.0.0.1" "to=x@other.example" > sent
      curl -s -D head http://127.0.0.1:$metrics/metrics > metrics; grep -i content-type head
      cat metrics
      echo ===
      curl -s http://127.0.0.1:$metrics/metrics.json
      echo ===
      curl -s -w '%{http_code}\n' http://127.0.0.1:$metrics/health
      stop]])
    assert.truthy(out:find("text/plain; version=0.0.4", 1, true), out .. err)
    local text, json, health = out:match "\n(# HELP.*)===\n(.*)===\n(.*)exit 143"
    -- each line is a comment or a sample, each sample of a family that was announced
    local kinds, values = {}, {}
    for line in text:gmatch "[^\n]+" do
      local name, kind = line:match "^# TYPE ([%w_]+) (%l+)$"
      if name then kinds[name] = kind end
      if not line:find "^#" then
        local sample, labels, value = line:match "^([%w_]+)(%b{}) (%S+)$"
        if not sample then sample, value = line:match "^([%w_]+) (%S+)$" end
        assert.truthy(tonumber(value), line)
        assert.truthy(kinds[sample] or kinds[sample:gsub("_%l+$", "")], line)
        assert.is_nil(values[sample .. (labels or "")], line)
        values[sample .. (labels or "")] = tonumber(value)
        if kinds[sample] == "counter" then assert.truthy(sample:find "_total$", line) end
      end
    end
    assert.equal(1, values['grey_recipients_total{action="defer",reason="new"}'])
    assert.equal(1, values['grey_recipients_total{action="accept",reason="client may relay"}'])
    assert.equal(1, values['grey_recipients_total{action="reject",reason="not ours"}'])
    assert.equal(1, values['grey_mails_total{outcome="delivered"}'])
    assert.equal(1, values['grey_mail_seconds_bucket{le="+Inf"}'])
    assert.equal(1, values.grey_upstream_up)
    local counts = kam.try(kam.JSONDecode(), { json })[1]
    assert.equal(1, counts.mails.delivered)
    assert.equal("ok\n200\n", health)
  end)

  it("answer Postfix's questions", function()
    local out, err = here:run(kit.begin .. [[
      echo "policy_listen = $PWD/policy" > more; cat grey.conf >> more; mv more grey.conf
      sed -i 's/delay = 1 h/delay = 2 s/' grey.conf
      begin_grey
      python3 ask.py policy x@any.example y@any.example; sleep 3
      python3 ask.py policy x@any.example y@any.example
      sink_pid=; stop]])
    out = out:gsub("delayed %d seconds", "delayed N seconds"):gsub("; %a+, .- %+0000", "; DATE")
    assert.equal([[
action=DEFER_IF_PERMIT 4.7.1 <x@any.example>: Greylisted, try again in 2 seconds
action=DEFER_IF_PERMIT 4.7.1 <y@any.example>: Greylisted, try again in 2 seconds
action=PREPEND X-Greylist: delayed N seconds by Kamaelua Grey at mail.test.example; DATE
action=DUNNO
exit 143
]], out, err)
  end)
end)
