-- TLSSession, TLSClient and the servers that take `tls`, against Python's ssl, openssl and curl.
local kam = require "kam"
local kit = require "spec.lua.kit"

after_each(kit.settled)

local function sh(command, ...)
  assert(os.execute(command:format(...)), command)
end

-- A folder with an authority (ca.pem), what it vouches for (site.pem for localhost,
-- other.pem for other.example, user.pem for a client, old.pem, which is over).
local folder

local key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"

local function vouched(name, names, days)
  sh([[cd %s && openssl req %s -keyout %s.key -out csr -subj /CN=%s 2>log && printf 'subjectAltName=%s' >ext &&
    openssl x509 -req -in csr -CA ca.pem -CAkey ca.key -CAcreateserial -out %s.crt %s -extfile ext 2>log &&
    cat %s.crt %s.key >%s.pem]], folder, key, name, name, names, name, days or "-days 2", name, name, name)
end

setup(function()
  local made <close> = assert(io.popen "mktemp -d")
  folder = made:read "l"
  sh("cd %s && openssl req -x509 %s -keyout ca.key -out ca.pem -days 2 -subj /CN=Authority 2>log", folder, key)
  vouched("site", "DNS:localhost,IP:127.0.0.1")
  vouched("other", "DNS:other.example,DNS:*.wild.example")
  vouched("user", "email:user@example.org")
  vouched("old", "DNS:localhost", "-days -1")
end)

teardown(function() sh("rm -r %s", folder) end)

local function at(name) return folder .. "/" .. name end

local function server(more)
  local options = { certificates = { at "site.pem" } }
  for name, v in pairs(more or {}) do options[name] = v end
  return options
end

local function client(more)
  local options = { client = true, serverName = "localhost", ca = at "ca.pem", halfClose = true }
  for name, v in pairs(more or {}) do options[name] = v end
  return options
end

-- Runs a client's session against a server's, each with a source, between them what the
-- makers `there` and `back` give: what the server and the client got, what was told of
-- each, and what the run said.
local function joined(o)
  local heard, answered, told = {}, {}, {}
  local between = function(make) return make and make() or kam.PassThrough() end
  local ok, _, said = kit.run(kam.Graphline {
    A = kam.DataSource(o.says or { "hello" }), B = kam.DataSource(o.answers or { "answer" }),
    CLIENT = kam.TLSSession(client(o.client)), SERVER = kam.TLSSession(server(o.server)),
    THERE = between(o.there), BACK = between(o.back),
    HEARD = kit.into(heard), ANSWERED = kit.into(answered),
    SEEN = kam.each(function(t) told.client = t end), SAW = kam.each(function(t) told.server = t end),
    linkages = { "A -> CLIENT.encrypt", "B -> SERVER.encrypt", "CLIENT -> THERE -> SERVER", "SERVER -> BACK -> CLIENT",
      "SERVER.decrypted -> HEARD", "CLIENT.decrypted -> ANSWERED", "CLIENT.secured -> SEEN", "SERVER.secured -> SAW" },
  })
  return { ok = ok, heard = table.concat(heard), answered = table.concat(answered), client = told.client,
    server = told.server, said = said, messages = #heard }
end

-- A network that gives bytes on in pieces of size.
local function cut(size)
  return kam.main(function(self)
    for bytes in self:messages() do
      for i = 1, #bytes, size do self:send(bytes:sub(i, i + size - 1)) end
    end
  end)
end

describe("TLSSession", function()
  it("carries bytes both ways", function()
    local got = joined {}
    assert.same({ true, "hello", "answer", "" }, { got.ok, got.heard, got.answered, got.said })
  end)

  it("tells each side of the other", function()
    local got = joined { server = { protocols = { "h2", "http/1.1" } }, client = { protocols = { "http/1.1", "h2" } } }
    assert.equal("TLSv1.3", got.client.version)
    assert.equal("h2", got.client.protocol) -- the server's best
    assert.equal("localhost", got.client.serverName)
    assert.equal("h2", got.server.protocol)
    assert.equal("localhost", got.server.serverName)
    assert.is_nil(got.server.certificate)
    local cert = got.client.certificate
    assert.equal("CN=site", cert.subject)
    assert.equal("CN=Authority", cert.issuer)
    assert.same({ "localhost" }, cert.names)
    assert.truthy(cert.till:match "^20%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$")
    local out <close> = io.popen(("openssl x509 -in %s -noout -fingerprint -sha256"):format(at "site.crt"))
    assert.equal(out:read "a":match "=(.*)\n":gsub(":", ""):lower(), cert.fingerprint)
  end)

  it("carries much, in order, however the network cuts it", function()
    local parts = {}
    for i = 1, 300 do
      parts[i] = (("%d,"):format(i)):rep(i * 7 % 400 + (i % 50 == 0 and 20000 or 0))
    end
    local all = table.concat(parts)
    for _, size in ipairs { 1, 7, 1000, 65536 } do
      local some = size == 1 and { table.unpack(parts, 1, 20) } or parts
      local whole = size == 1 and table.concat(some) or all
      local got = joined { says = some, answers = some,
        there = function() return cut(size) end, back = function() return cut(size) end }
      assert.equal("", got.said)
      assert.is_true(got.heard == whole and got.answered == whole, "cut to " .. size)
    end
  end)

  it("gathers small messages in one record", function()
    local says = {}
    for i = 1, 200 do says[i] = "x" end
    assert.is_true(joined { says = says }.messages < 20)
  end)

  it("gives the certificate of the name that is asked for", function()
    local both = { certificates = { at "site.pem", at "other.pem" } }
    for name, subject in pairs { ["localhost"] = "CN=site", ["other.example"] = "CN=other", ["a.wild.example"] = "CN=other" } do
      local got = joined { server = both, client = { serverName = name } }
      assert.equal("", got.said)
      assert.equal(subject, got.client.certificate.subject)
      assert.equal(name, got.server.serverName)
    end
  end)

  it("takes an address for a name", function()
    local got = joined { client = { serverName = "127.0.0.1" } }
    assert.equal("hello", got.heard)
    assert.is_nil(got.server.serverName) -- RFC 6066: an address is not asked for
    kit.has(joined { client = { serverName = "127.0.0.2" } }.said, "E0676", "IP address mismatch")
  end)

  describe("as a client refuses", function()
    local function refused(o, ...)
      local got = joined(o)
      assert.equal("", got.heard .. got.answered)
      assert.is_nil(got.client)
      kit.has(got.said, "error[E0676]", ...)
    end

    it("an authority that it does not know", function()
      refused({ client = { ca = "" } }, "CLIENT", "to localhost", "unable to get local issuer certificate")
    end)

    it("another name", function()
      refused({ client = { serverName = "example.org" } }, "to example.org", "hostname mismatch")
      refused({ client = { serverName = "wild.example" }, server = { certificates = { at "other.pem" } } },
        "hostname mismatch")
      refused({ client = { serverName = "a.b.wild.example" }, server = { certificates = { at "other.pem" } } },
        "hostname mismatch")
    end)

    it("a certificate that is over", function()
      refused({ server = { certificates = { at "old.pem" } } }, "expired")
    end)

    it("a certificate that is not for servers' names at all", function()
      refused({ server = { certificates = { at "user.pem" } } }, "hostname mismatch")
    end)

    it("another protocol", function()
      refused({ server = { protocols = { "h2" } }, client = { protocols = { "imap" } } }, "no application protocol")
    end)

    it("what is no TLS", function()
      local ok, _, said = kit.run(kam.Graphline {
        A = kam.OneShot "220 mail.example ESMTP\r\n", CLIENT = kam.TLSSession(client()),
        linkages = { "A -> CLIENT", "CLIENT -> null", "CLIENT.decrypted -> null" },
      })
      assert.is_nil(ok)
      kit.has(said, "E0676", "wrong version number")
    end)
  end)

  it("checks nothing with verify = false", function()
    local got = joined { client = { ca = "", verify = false, serverName = "example.org" } }
    assert.equal("hello", got.heard)
    got = joined { client = { ca = "", verify = false, serverName = "" } }
    assert.equal("hello", got.heard)
  end)

  describe("as a server asks for a certificate, with `ca`,", function()
    it("and tells whose it is", function()
      local got = joined { server = { ca = at "ca.pem" }, client = { certificates = { at "user.pem" } } }
      assert.equal("hello", got.heard)
      assert.equal("CN=user", got.server.certificate.subject)
      assert.same({ "user@example.org" }, got.server.certificate.names)
    end)

    it("and refuses a peer that has none, or another authority's", function()
      local got = joined { server = { ca = at "ca.pem" } }
      assert.equal("", got.heard)
      kit.has(got.said, "warning[W0015]", "peer did not return a certificate")
      got = joined { server = { ca = at "ca.pem" }, client = { certificates = { at "old.pem" } } }
      assert.equal("", got.heard)
      kit.has(got.said, "warning[W0015]", "certificate")
    end)
  end)

  it("lets a peer go that leaves before it has said anything", function()
    local before = kam.now()
    local ok, _, said = kit.run(kam.Graphline {
      PEER = kam.DataSource { "\22\3\1" }, SERVER = kam.TLSSession(server()), ECHO = kam.PassThrough(),
      linkages = { "PEER -> SERVER", "SERVER -> null", "SERVER.decrypted -> ECHO", "ECHO -> SERVER.encrypt" },
    })
    assert.same({ true, "" }, { ok, said })
    assert.is_true(kam.now() - before < 1)
  end)

  it("takes a key from a file of its own", function()
    assert.equal("hello", joined { server = { certificates = { at "site.crt" }, keys = { at "site.key" } } }.heard)
  end)

  it("says what is wrong with its files", function()
    local function wrong(options, ...)
      local ok, _, said = kit.run(kam.TLSCertificates(options))
      assert.is_nil(ok)
      kit.has(said, "error[E0678]", ...)
    end
    wrong({}, "a server needs certificates")
    wrong({ client = true }, "give a serverName")
    wrong({ certificates = { at "none.pem" } }, "none.pem", "No such file")
    wrong({ certificates = { at "site.crt" } }, "cannot use the key", "site.crt")
    wrong({ certificates = { at "site.crt" }, keys = { at "other.key" } }, "other.key", "key values mismatch")
    wrong({ certificates = { at "ext" } }, "no start line")
    wrong({ certificates = { at "site.pem" }, ca = at "nowhere" }, "nowhere")
    wrong({ certificates = { at "site.pem" }, protocols = { "" } }, "1 to 255 bytes")
    sh("cd %s && openssl ec -aes128 -passout pass:x -in site.key -out locked.key 2>log", folder)
    wrong({ certificates = { at "site.crt" }, keys = { at "locked.key" } }, "locked.key")
  end)

  it("reads a certificate again that was renewed, and keeps the old one if that fails", function()
    local pem = at "renewed.pem"
    local function subject()
      local got = joined { server = { certificates = { pem } }, client = { verify = false } }
      return got.client and got.client.certificate.subject, got.said
    end
    sh("cp %s %s", at "site.pem", pem)
    assert.equal("CN=site", subject())
    sh("cp %s %s", at "other.pem", pem)
    assert.equal("CN=other", subject())
    sh("cp %s %s", at "ext", pem)
    local name, said = subject()
    assert.equal("CN=other", name)
    kit.has(said, "warning[W0016]", "renewed.pem")
  end)

  it("tells a client that the end was cut off, unless it is told not to", function()
    local short = function() return kam.Take(3) end
    local got = joined { back = short, says = {} }
    assert.is_nil(got.ok)
    kit.has(got.said, "error[E0677]", "without saying that it had sent all")
    got = joined { back = short, says = {}, client = { closeNotify = false } }
    assert.equal("", got.said)
  end)

  it("breaks off when a record was changed on the way", function()
    local n = 0
    local spoil = function()
      return kam.map(function(bytes)
        n = n + 1
        return n < 4 and bytes or bytes:sub(1, -2) .. string.char(bytes:byte(-1) ~ 1)
      end)
    end
    local got = joined { back = function() return kam.Pipeline { cut(600), spoil() } end,
      answers = { ("x"):rep(100000) } }
    assert.is_nil(got.ok)
    kit.has(got.said, "error[E0677]", "decryption failed or bad record mac")
  end)

  it("ends a handshake that takes too long", function()
    local ok, _, said = kit.run(kam.Graphline {
      CLIENT = kam.TLSSession(client { timeout = 3 }), SILENT = kam.main(function(self) self:sleep(60) end),
      linkages = { "CLIENT -> null", "SILENT -> CLIENT", "CLIENT.decrypted -> null" },
    })
    assert.is_nil(ok)
    kit.has(said, "error[E0676]", "no handshake in 3 seconds")
  end)
end)

describe("STARTTLS", function()
  -- A server of lines that begins TLS when it is asked to; `says` is what a client sends
  -- before. What the client got, and what the run said.
  local function session(o)
    local heard, answered = {}, {}
    local _, _, said = kit.run(kam.Graphline {
      CLIENT = kam.TLSSession(client { startTLS = true }), SERVER = kam.TLSSession(server { startTLS = true }),
      USER = kam.main(function(self)
        for _, bytes in ipairs(o.says) do self:send(bytes) end
        answered[1] = self:recv()
        self:send { startTLS = true }
        answered[2] = kam.show((self:recv() or {}).startTLS)
        self:send "secret\n"
        answered[3] = self:recv()
      end),
      HOST = kam.main(function(self)
        heard[1] = self:recv()
        self:send "220 go ahead\n"
        self:send { startTLS = true }
        if o.slow then self:sleep(1) end
        local mark = self:recv()
        if type(mark) ~= "table" then
          heard[2] = "early: " .. tostring(mark)
          return
        end
        for bytes in self:messages() do
          heard[#heard + 1] = bytes
          self:send "secure\n"
        end
      end),
      linkages = { "USER -> CLIENT.encrypt", "CLIENT.decrypted -> USER", "CLIENT -> SERVER", "SERVER -> CLIENT",
        "SERVER.decrypted -> HOST", "HOST -> SERVER.encrypt" },
    })
    return heard, answered, said
  end

  it("secures what follows, and shows what was before", function()
    local heard, answered, said = session { says = { "STARTTLS\n" } }
    assert.same({ "STARTTLS\n", "secret\n" }, heard)
    assert.same({ "220 go ahead\n", "true", "secure\n" }, answered)
    assert.equal("", said)
  end)

  it("refuses what came before it could begin", function()
    local heard, _, said = session { says = { "STARTTLS\n", "RCPT TO:<injected>\n" }, slow = true }
    assert.same({ "STARTTLS\n", "early: nil" }, heard)
    kit.has(said, "warning[W0015]", "more came than the request to begin one")
  end)

  it("shows what came early to a handler that does not wait", function()
    local heard = session { says = { "STARTTLS\n", "RCPT TO:<injected>\n" } }
    assert.same({ "STARTTLS\n", "early: RCPT TO:<injected>\n" }, heard)
  end)

  it("takes no other message", function()
    local _, _, said = kit.run(kam.Graphline {
      TLS = kam.TLSSession(server { startTLS = true }), A = kam.OneShot { { starttls = true } },
      B = kam.main(function(self) self:recv() end),
      linkages = { "A -> TLS.encrypt", "B -> TLS", "TLS -> null", "TLS.decrypted -> B" },
    })
    kit.has(said, "a message is bytes, or { startTLS = true }")
  end)
end)

-- The output of a program that goes on beside a server, PORT being its port, and what was
-- said.
local function beside(make, command)
  local out
  local _, _, said = kit.run(kam.main(function(self)
    local serving = self:addChildren(make())
    self:link({ serving, "listening" }, { self, "inbox" })
    local port = self:recv().port
    local program = self:addChildren(kam.UnixProcess { "sh", "-c", (command:gsub("PORT", tostring(port))) })
    local box = self:addInbox "out"
    self:link({ program, "outbox" }, { self, box })
    local parts = {}
    for bytes in self:messages(box) do parts[#parts + 1] = bytes end
    out = table.concat(parts)
    serving:stop()
  end))
  return out, said
end

local function echo(more)
  return function() return kam.ServerCore { kam.PassThrough, port = 0, host = "127.0.0.1", tls = server(more) } end
end

describe("a server with tls", function()
  it("is understood by Python's ssl, in both versions", function()
    for _, version in ipairs { "TLSv1_2", "TLSv1_3" } do
      sh([[cat >%s <<'END'
import socket, ssl, sys
context = ssl.create_default_context(cafile = "%s")
context.minimum_version = context.maximum_version = ssl.TLSVersion.%s
context.set_alpn_protocols(["x", "echo"])
plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
s = context.wrap_socket(plain, server_hostname = "localhost", suppress_ragged_eofs = False)
data = bytes(range(256)) * 4000
got = b""
for i in range(0, len(data), 50000):
    s.sendall(data[i:i + 50000])
    while len(got) < min(i + 50000, len(data)): got += s.recv(65536)
print(got == data, s.version(), s.selected_alpn_protocol())
s.unwrap()
END]], at "peer.py", at "ca.pem", version)
      assert.equal("True " .. version:gsub("_", ".") .. " echo\n",
        beside(echo { protocols = { "echo" } }, "python3 " .. at "peer.py" .. " PORT 2>&1"))
    end
  end)

  it("is understood by openssl, which checks it", function()
    local out = beside(echo(), ("(echo hello; sleep 1) | openssl s_client -connect 127.0.0.1:PORT -CAfile %s "
      .. "-verify_hostname localhost -verify_return_error -brief 2>&1"):format(at "ca.pem"))
    kit.has(out, "Verification: OK", "Verified peername: localhost", "hello")
  end)

  it("refuses what is older than 1.2", function()
    local out = beside(echo(), ("openssl s_client -connect 127.0.0.1:PORT -CAfile %s -tls1_1 "
      .. "-cipher DEFAULT:@SECLEVEL=0 </dev/null 2>&1; true"):format(at "ca.pem"))
    kit.has(out, "alert protocol version")
  end)

  it("serves curl over HTTPS, many requests on one connection", function()
    local out = beside(function()
      return kam.HTTPServer { function(r) return ("%s\n"):format(r.path):rep(1000) end, port = 0, tls = server() }
    end, ("curl -sS --cacert %s https://localhost:PORT/a https://localhost:PORT/b -w '%%{num_connects}\n' 2>&1")
      :format(at "ca.pem"))
    assert.equal(("/a\n"):rep(1000) .. "1\n" .. ("/b\n"):rep(1000) .. "0\n", out)
  end)

  it("warns of peers that do not come to an understanding, and goes on", function()
    local _, said = beside(echo(), "for i in 1 2 3; do curl -s http://127.0.0.1:PORT; done; true")
    kit.has(said, "warning[W0015]", "http request", "2 more since then")
  end)

  it("tells at once what is wrong with its files", function()
    local ok, _, said = kit.run(kam.ServerCore { kam.PassThrough, port = 0, tls = { certificates = { "none.pem" } } })
    assert.is_nil(ok)
    kit.has(said, "E0678", "none.pem")
  end)
end)

describe("TLSClient", function()
  -- What it got from Python's ssl, which does `body` with a connection `s`.
  local function python(body, more)
    sh([[cat >%s <<'END'
import socket, ssl
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain("%s")
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush = True)
listener.settimeout(10)
plain, _ = listener.accept()
plain.settimeout(10)
try:
    s = context.wrap_socket(plain, server_side = True)
%s
except (ssl.SSLError, OSError) as e: print(type(e).__name__)
END]], at "server.py", at "site.pem", (body:gsub("[^\n]+", "    %0")))
    local program <close> = assert(io.popen("exec python3 " .. at "server.py"))
    local got = {}
    local options = { "127.0.0.1", math.tointeger(program:read "n"), serverName = "localhost", ca = at "ca.pem" }
    for name, v in pairs(more or {}) do options[name] = v end
    local _, _, said = kit.run(kam.Pipeline { kam.DataSource { "ask", "ing" }, kam.TLSClient(options), kit.into(got) })
    return table.concat(got), said, program:read "a"
  end

  it("asks Python's ssl, and takes a long answer", function()
    local got, said = python([[
data = b""
while len(data) < 6: data += s.recv(100)
s.sendall(data[::-1] * 100000)
s.unwrap()]])
    assert.is_true(got == ("gniksa"):rep(100000))
    assert.equal("", said)
  end)

  it("tells a server when it has sent all, with halfClose", function()
    local got, said = python([[
data = b""
while True:
    more = s.recv(100)
    if not more: break
    data += more
s.sendall(b"all of " + data)
s.unwrap()]], { halfClose = true })
    assert.same({ "all of asking", "" }, { got, said })
  end)

  it("fails when the connection is cut off without a close_notify", function()
    local got, said = python("s.sendall(b'part'); s.recv(6); plain.close(); s.close()")
    assert.equal("part", got)
    kit.has(said, "E0677")
  end)

  it("refuses a certificate of somebody else's, which Python is told", function()
    local got, said, out = python("s.recv(6)", { ca = "" })
    assert.equal("", got)
    kit.has(said, "E0676", "to localhost")
    assert.truthy(out:find "SSLError" or out:find "ConnectionResetError", out) -- our alert, unless our end came first
  end)
end)
