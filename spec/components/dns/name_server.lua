-- name_server: dnsmasq, as a component, with what it is to know.
local kam = require "kam"

local name_server = { port = 20000 + math.random(20000) }

function name_server.is_here() return os.execute "command -v dnsmasq >/dev/null" end

-- The zone that specs ask for.
name_server.example = {
  "--host-record=mx1.example,192.0.2.1,2001:db8::1", "--host-record=mx2.example,192.0.2.2",
  "--host-record=liar.example,192.0.2.99", "--mx-host=example,mx2.example,20", "--mx-host=example,mx1.example,10",
  "--txt-record=example,v=spf1 -all", "--srv-host=_imap._tcp.example,mx1.example,143,5,7",
  "--dns-rr=example,2,036e7331076578616d706c6500", "--ptr-record=1.2.0.192.in-addr.arpa,mx1.example",
  "--ptr-record=7.2.0.192.in-addr.arpa,liar.example", "--ptr-record=2.0.0.127.in-addr.arpa,mx2.example",
  "--local=/example/", "--local=/arpa/",
}

-- Runs one that knows what its flags say.
function name_server.new(flags)
  name_server.port = name_server.port + 1
  local command = { "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file", "--no-resolv", "--no-hosts",
    "--listen-address=127.0.0.1", "--bind-interfaces", "--user=", "--log-facility=/dev/null",
    "--port=" .. name_server.port }
  for _, flag in ipairs(flags or name_server.example) do command[#command + 1] = flag end
  return kam.UnixProcess(command), ("127.0.0.1:%d"):format(name_server.port)
end

-- Waits until the server at an address answers at all.
function name_server.await(self, at)
  for _ = 1, 100 do
    local query = self:addChildren(kam.DNSQuery { servers = { at }, timeout = 1 })
    local answer = self:ask(query, { name = "example", type = "TXT" })
    query:stop()
    if not answer.error then return end
    self:sleep(0.05)
  end
  error("dnsmasq does not answer")
end

return name_server
