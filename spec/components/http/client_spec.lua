-- HTTPClient against a server in Python, which does as its paths say, and a proxy and TLS of
-- Python's.
local kam = require "kam"
local kit = require "spec.lua.kit"

local server = [[
import gzip, hashlib, os, select, socket, ssl, sys, threading, time, urllib.parse

BIG = bytes(range(256)) * 4096                     # 1 MiB
GZIP = gzip.compress(b"a" * 100000)
BOMB = gzip.compress(b"\0" * 50000000)
connections = sent = 0
ports = {}
lock = threading.Lock()

class Closed(Exception): pass

class Peer:
    def __init__(self, s):
        global connections
        with lock:
            connections += 1
            self.number = connections
        self.s, self.have, self.served = s, b"", 0
        s.settimeout(20)

    def more(self):
        data = self.s.recv(65536)
        if not data: raise Closed
        self.have += data

    def line(self):
        while b"\r\n" not in self.have: self.more()
        line, self.have = self.have.split(b"\r\n", 1)
        return line.decode("latin1")

    def bytes(self, n):
        while len(self.have) < n: self.more()
        data, self.have = self.have[:n], self.have[n:]
        return data

    def head(self):
        self.method, self.target, _ = self.line().split(" ")
        self.headers = {}
        while True:
            line = self.line()
            if not line: break
            name, value = line.split(":", 1)
            self.headers[name.lower()] = value.strip()

    def body(self):
        if "chunked" in self.headers.get("transfer-encoding", ""):
            body = b""
            while True:
                n = int(self.line(), 16)
                if not n:
                    self.line()
                    return body
                body += self.bytes(n)
                self.line()
        return self.bytes(int(self.headers.get("content-length", 0)))

    def send(self, status, body=b"", *headers):
        if isinstance(body, str): body = body.encode()
        lines = ["HTTP/1.1 %s" % status, "Content-Length: %d" % len(body), *headers]
        data = "\r\n".join(lines).encode() + b"\r\n\r\n"
        self.s.sendall(data + (b"" if self.method == "HEAD" else body))

    def part(self, tag, changed=False):            # of BIG, at most 300,000 bytes on one connection
        start = 0
        wanted = self.headers.get("range")
        if changed and wanted: return self.send("200 OK", BIG, 'ETag: "v2"')
        if wanted and self.headers.get("if-range", tag) == tag:
            start = int(wanted[6:].split("-")[0])
            if start >= len(BIG): return self.send("416 No", b"", "Content-Range: bytes */%d" % len(BIG))
        first = ("206 Part\r\nContent-Range: bytes %d-%d/%d" % (start, len(BIG) - 1, len(BIG))
                 if wanted else "200 OK")
        self.s.sendall(("HTTP/1.1 %s\r\nETag: %s\r\nContent-Length: %d\r\n\r\n" % (first, tag, len(BIG) - start))
                       .encode() + BIG[start:start + 300000])
        if start + 300000 < len(BIG): raise Closed

    def answer(self):
        global sent
        path, _, query = self.target.partition("?")
        at = "localhost:%d" % ports["http"]
        if path == "/early":
            self.send("413 Too Long", "no", "Connection: close")
            raise Closed
        if path == "/echoing":                     # while the body comes
            self.s.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while True:
                n = int(self.line(), 16)
                data = self.bytes(n)
                self.line()
                self.s.sendall(b"%x\r\n%s\r\n" % (n, data))
                if not n: return
        body = self.body()
        if path == "/hello": self.send("200 OK", "hello", "X-A: 1", "Set-Cookie: a=1", "Set-Cookie: b=2")
        elif path == "/conn": self.send("200 OK", "%d %d" % (self.number, self.served))
        elif path == "/close": self.send("200 OK", "%d" % self.number, "Connection: close"); raise Closed
        elif path == "/once":
            if self.served > 1: raise Closed
            self.send("200 OK", "%d" % self.number)
        elif path == "/echo":
            lines = ["%s %s" % (self.method, self.target)] + sorted("%s: %s" % h for h in self.headers.items())
            self.send("200 OK", "\n".join(lines) + "\n\n" + body.decode("latin1"))
        elif path == "/sum": self.send("200 OK", "%d %s" % (len(body), hashlib.md5(body).hexdigest()))
        elif path == "/to": self.send("%s Moved" % query[:3], "x" * 100, "Location: " + urllib.parse.unquote(query[4:]))
        elif path == "/tolong": self.send("302 Found", "x" * 300000, "Location: /conn")
        elif path == "/endless":
            self.s.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True: self.s.sendall(BIG); sent += len(BIG)
        elif path == "/sent": self.send("200 OK", "%d" % sent)
        elif path == "/loop": self.send("302 Found", "", "Location: /loop")
        elif path == "/a/b/c": self.send("302 Found", "", "Location: ../d/./e?f#g")
        elif path == "/a/d/e": self.send("200 OK", self.target)
        elif path == "/gzip":
            if self.headers.get("accept-encoding") == "gzip": self.send("200 OK", GZIP, "Content-Encoding: gzip")
            else: self.send("200 OK", b"a" * 100000)
        elif path == "/bomb": self.send("200 OK", BOMB, "Content-Encoding: gzip")
        elif path == "/badgzip": self.send("200 OK", GZIP[:50], "Content-Encoding: gzip")
        elif path == "/silent": time.sleep(60); raise Closed
        elif path == "/stuck":
            self.s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"); time.sleep(60); raise Closed
        elif path == "/drip":
            self.s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            for _ in range(100): self.s.sendall(b"x"); time.sleep(0.1)
        elif path == "/big":
            self.s.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(8): self.s.sendall(b"100000\r\n" + BIG + b"\r\n")
            self.s.sendall(b"0\r\n\r\n")
        elif path == "/cut": self.part('"v1"')
        elif path == "/changed": self.part('"v1"', True)
        elif path == "/untagged":
            self.s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"); raise Closed
        elif path == "/garbage": self.s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")
        elif path == "/auth":
            if self.headers.get("authorization") == "Basic eDp5": self.send("200 OK", "in")
            else: self.send("401 Who", "out", 'WWW-Authenticate: Basic realm="x"')
        elif path == "/until": self.s.sendall(b"HTTP/1.0 200 OK\r\n\r\nuntil the end"); raise Closed
        else: self.send("404 Not Found", "no " + path)

    def relay(self):                               # a proxy's way
        host, port = self.target.split(":")
        if self.headers.get("proxy-authorization") == "Basic YmFkOmJhZA==": return self.send("407 Who")
        other = socket.create_connection((host, int(port)))
        self.s.sendall(b"HTTP/1.1 200 Go\r\n\r\n")
        while True:
            for s in select.select([self.s, other], [], [], 10)[0]:
                data = s.recv(65536)
                if not data: raise Closed
                (other if s is self.s else self.s).sendall(data)

    def serve(self):
        try:
            while True:
                self.head()
                self.served += 1
                if self.method == "CONNECT": self.relay()
                elif self.target.startswith("http://"):
                    self.body()
                    self.send("200 OK", "proxied %s %s" % (self.target, self.headers.get("proxy-authorization")))
                else: self.answer()
        except (Closed, OSError): pass
        try: self.s.close()
        except OSError: pass

def listen(name, context=None):
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)
    ports[name] = listener.getsockname()[1]
    def accept():
        while True:
            s, _ = listener.accept()
            def start(s=s):
                try:
                    if context: s = context.wrap_socket(s, server_side=True)
                    Peer(s).serve()
                except OSError: pass
            threading.Thread(target=start, daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()

listen("http")
listen("other")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
context.set_alpn_protocols(["http/1.1"])
listen("https", context)
print(ports["http"], ports["https"], ports["other"], os.getpid(), flush=True)
time.sleep(600)
]]

local http, https, other, pid, folder, python

setup(function()
  folder = io.popen("mktemp -d"):read "l"
  local file <close> = assert(io.open(folder .. "/server.py", "w"))
  file:write(server)
  file:close()
  assert(os.execute(([[cd %s && {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=ours -keyout ca.key \
      -out ca.pem -addext basicConstraints=critical,CA:TRUE
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout site.key \
      -out site.csr
    echo subjectAltName=DNS:localhost > ext
    openssl x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile ext -out site.crt
    cat site.crt site.key > site.pem
  } >openssl.log 2>&1]]):format(folder)))
  python = assert(io.popen(("exec python3 %s/server.py %s/site.pem 2>/dev/null"):format(folder, folder)))
  local a, b, c, d = python:read("n", "n", "n", "n")
  http, https, other, pid = "http://localhost:" .. a, "https://localhost:" .. b, "http://127.0.0.1:" .. c, d
end)

teardown(function()
  os.execute(("kill %d; rm -rf %s"):format(pid, folder))
  python:close()
end)

after_each(kit.settled)

-- What a client answers to requests, in which paths are the server's; and what was said.
local function ask(requests, given)
  local list, got = {}, {}
  for i, r in ipairs(requests) do
    if type(r) == "string" and r:find "^/" then
      r = http .. r
    elseif type(r) == "table" and r.url and r.url:find "^/" then
      r.url = http .. r.url
    end
    list[i] = r
  end
  local _, _, text = kit.run(kam.Pipeline { kam.DataSource(list), kam.HTTPClient(given or {}), kit.into(got) })
  return got, text
end

local function bodies(got)
  local list = {}
  for i, r in ipairs(got) do list[i] = r.body or r.code end
  return list
end

local BIG = {}
for i = 0, 255 do BIG[i + 1] = string.char(i) end
BIG = table.concat(BIG):rep(4096)

-- The bodies of streamed answers, joined, and how the last one ended.
local function joined(got)
  local parts, last = {}, nil
  for _, m in ipairs(got) do
    if type(m) == "table" then
      parts[#parts + 1], last = m.body, m
    else
      parts[#parts + 1] = m
    end
  end
  return table.concat(parts), last
end

describe("HTTPClient", function()
  it("answers a URL, and a request, by a table", function()
    local got, text = ask { "/hello", { url = "/hello", method = "HEAD" }, "/nothing" }
    assert.equal("", text)
    assert.same({ url = http .. "/hello", request = http .. "/hello", status = 200, reason = "OK", version = "1.1",
      headers = { ["content-length"] = "5", ["x-a"] = "1", ["set-cookie"] = { "a=1", "b=2" } }, body = "hello" }, got[1])
    assert.same({ "hello", "", "no /nothing" }, bodies(got))
    assert.equal(404, got[3].status)
    assert.equal("HEAD", got[2].request.method)
  end)

  it("sends method, headers, type and body, and what it adds can be chosen", function()
    local got = ask({ { url = "/echo?a=b c", method = "POST", type = "text/x", body = "hi", headers = { ["X-A"] = 1 } } },
      { headers = { ["X-B"] = "2", ["user-agent"] = "ours" }, gzip = false })
    assert.equal(("POST /echo?a=b%%20c\naccept: */*\ncontent-length: 2\ncontent-type: text/x\nhost: %s\n"
      .. "user-agent: ours\nx-a: 1\nx-b: 2\n\nhi"):format(http:match "//(.*)"), got[1].body)
  end)

  it("keeps a connection for the next request, and asks anew where it was given up", function()
    local got = ask { "/conn", "/conn", "/close", "/conn" }
    local a, one = got[1].body:match "(%d+) (%d+)"
    assert.equal("1", one)
    assert.equal(a .. " 2", got[2].body)
    assert.equal(a, got[3].body)
    assert.not_equal(a, got[4].body:match "%d+")
    got = ask { "/once", "/once", { url = "/once", method = "POST" } } -- closed without an answer
    assert.not_equal(got[1].body, got[2].body)
    assert.equal("E0696", got[3].code) -- it may have been done
    got = ask({ "/conn", "/conn" }, { keepAlive = 0 })
    assert.equal("1", got[2].body:match " (%d+)")
  end)

  it("follows redirects, with the methods of RFC 9110", function()
    local function follow(method, status)
      local got = ask { { url = ("/to?%d=/echo"):format(status), method = method, body = method == "POST" and "hi" or nil,
        type = method == "POST" and "text/x" or nil } }
      assert.equal(http .. "/echo", got[1].url)
      return (got[1].body:gsub("^(%u+) .*\n\n(.*)$", "%1 %2"))
    end
    assert.equal("GET ", follow("GET", 301))
    assert.equal("GET ", follow("POST", 301))
    assert.equal("GET ", follow("POST", 302))
    assert.equal("GET ", follow("POST", 303))
    assert.equal("GET ", follow("PUT", 303))
    assert.equal("POST hi", follow("POST", 307))
    assert.equal("POST hi", follow("POST", 308))
    assert.equal("PUT ", follow("PUT", 302))
    local got = ask { "/a/b/c", "/loop", "/to?302=ftp://h/", "/to?302=http://h:99999/" }
    assert.equal("/a/d/e?f", got[1].body)
    kit.has(got[2].error, "more than 10 redirects")
    kit.has(got[3].error, "http://")
    kit.has(got[4].error, "port")
    got = ask({ "/to?302=/echo" }, { redirects = 0 })
    assert.equal(302, got[1].status)
    got = ask { "/to?302=/conn", "/tolong" } -- of a long body only a part is read
    assert.equal("2", got[1].body:match " (%d+)")
    assert.equal("1", got[2].body:match " (%d+)")
  end)

  it("takes no passwords to another origin, and no way from https to http", function()
    local function headers(to)
      return (ask { { url = "/to?302=" .. to, headers = { Authorization = "secret", Cookie = "c" }, user = nil } })[1].body
    end
    kit.has(headers "/echo", "authorization: secret", "cookie: c")
    kit.lacks(headers(other .. "/echo"), "secret")
    kit.lacks(headers(other .. "/echo"), "cookie")
    local ca = folder .. "/ca.pem"
    local away = https .. "/to?302=" .. http .. "/hello"
    local got = ask({ away }, { ca = ca })
    kit.has(got[1].error, "from https to http")
    got = ask({ away }, { ca = ca, downgrade = true })
    assert.equal("hello", got[1].body)
  end)

  it("logs in", function()
    local at = http:match "//(.*)"
    local got = ask { "/auth", { url = "/auth", user = "x", password = "y" }, ("http://x:y@%s/auth"):format(at) }
    assert.same({ "out", "in", "in" }, bodies(got))
    assert.equal("in", ask({ "/auth" }, { user = "x", password = "y" })[1].body)
  end)

  it("unpacks what it asked for as gzip, and only that", function()
    local got = ask { "/gzip", { url = "/gzip", headers = { ["Accept-Encoding"] = "gzip" } } }
    assert.equal(("a"):rep(100000), got[1].body)
    assert.is_nil(got[1].headers["content-encoding"])
    assert.equal("gzip", got[2].headers["content-encoding"])
    assert.is_true(#got[2].body < 1000)
    got = ask({ "/gzip", "/hello" }, { stream = true })
    assert.equal(("a"):rep(100000) .. "hello", (joined(got)))
    got = ask { "/bomb", "/badgzip", "/hello" }
    assert.same({ "E0653", "E0651", "hello" }, bodies(got))
  end)

  it("answers what cannot be got by an error, and goes on", function()
    local got, text = ask { "ftp://h/", 5, { url = "/hello", mehtod = "GET" }, { method = "GET" }, "http://[::1/",
      "http://h\r\n/",
      { url = "/hello", headers = { ["X-A"] = "a\r\nb" } }, { url = "/hello", method = "A B" }, "http://localhost:1/",
      "http://nowhere.invalid/", "/garbage", "/untagged", "/hello" }
    assert.same({ "E0699", "E0699", "E0699", "E0699", "E0699", "E0699", "E0697", "E0697", "E0671", "E0671", "E0695",
      "E0696", "hello" }, bodies(got))
    assert.equal("", text)
  end)

  it("waits no longer than it is told to", function()
    local got, text = ask({ "/silent", "/stuck", "/hello" }, { headTime = 1.5, idleTime = 1.5 })
    assert.equal("", text)
    kit.has(got[1].error, "no answer in 1.5 seconds")
    kit.has(got[2].error, "no more of the body in 1.5 seconds")
    assert.equal("hello", got[3].body)
    got = ask({ "/drip", "/hello" }, { totalTime = 2 })
    kit.has(got[1].error, "no whole answer in 2 seconds")
    assert.equal("hello", got[2].body)
  end)

  it("gives a body in pieces, as its receiver takes them", function()
    local got, text = ask({ "/big", "/hello" }, { stream = true })
    assert.equal("", text)
    assert.is_true(got[1].more)
    assert.is_true(joined(got) == BIG:rep(8) .. "hello")
    assert.is_nil(got[#got].more)
    got = ask { "/big" }
    kit.has(ask({ "/big" }, { body = 1000 })[1].error, "more than 1000 bytes")
    assert.is_true(got[1].body == BIG:rep(8))
  end)

  it("reads no further than its receiver does", function()
    kit.runs(kam.main(function(self)
      local client = self:addChildren(kam.HTTPClient { http .. "/endless", bodies = true })
      self:link({ client, "outbox" }, { self, "inbox" })
      for _ = 1, 5 do self:recv() end
      self:sleep(0.5)
      local counter, count = kam.HTTPClient { http .. "/sent" }, self:addInbox "count"
      self:link({ counter, "outbox" }, { self, count })
      self:addChildren(counter)
      local sent = tonumber(self:recv(count).body)
      assert.is_true(sent > 1 << 20 and sent < 100 << 20, sent)
      client:stop()
    end))
  end)

  it("sends a body in pieces, and a large one", function()
    local got, text = ask { { url = "/sum", method = "PUT", more = true }, BIG, BIG, { body = "end" },
      { url = "/sum", method = "PUT", body = BIG:rep(4) }, "/hello" }
    assert.equal("", text)
    assert.same({ #BIG * 2 + 3, #BIG * 4, "hello" },
      { tonumber(got[1].body:match "^%d+"), tonumber(got[2].body:match "^%d+"), got[3].body })
    got = ask { { url = "/early", method = "PUT", more = true }, BIG, BIG, {}, { url = "/early", method = "PUT", body = BIG },
      { url = "ftp://h", more = true }, "x", {}, "/hello" }
    assert.is_true(got[1].status == 413 or got[1].code ~= nil)
    assert.is_true(got[2].status == 413 or got[2].code ~= nil)
    assert.equal("E0699", got[3].code)
    assert.equal("hello", got[4].body)
  end)

  it("takes an answer that comes while the body is sent", function()
    local requests = { { url = "/echoing", method = "PUT", more = true, stream = true } }
    for _ = 1, 20 do requests[#requests + 1] = BIG end
    requests[#requests + 1] = {}
    local got, text = ask(requests)
    assert.equal("", text)
    assert.is_true(joined(got) == BIG:rep(20))
  end)

  it("asks for the rest when a connection breaks, if it is still the same", function()
    local got, text = ask { "/cut" }
    assert.equal("", text)
    assert.is_true(got[1].body == BIG)
    got = ask({ "/cut", "/hello" }, { stream = true })
    assert.is_true(joined(got) == BIG .. "hello")
    got = ask({ "/changed" }, { stream = true })
    local body, last = joined(got)
    assert.equal(300000, #body)
    assert.equal("E0696", last.code)
    got = ask({ "/cut" }, { resumes = 2 })
    assert.equal("E0696", got[1].code)
  end)

  it("asks for what is behind so many bytes", function()
    local got = ask { { url = "/cut", from = 1000000, ifRange = '"v1"' }, { url = "/cut", from = #BIG },
      { url = "/hello", from = 3 } }
    assert.same({ 206, 416, 200 }, { got[1].status, got[2].status, got[3].status })
    assert.is_true(got[1].body == BIG:sub(1000001))
  end)

  it("speaks TLS, and checks the certificate", function()
    local got, text = ask({ https .. "/hello", https .. "/big" }, { ca = folder .. "/ca.pem" })
    assert.equal("", text)
    assert.equal("hello", got[1].body)
    assert.is_true(got[2].body == BIG:rep(8))
    got = ask { https .. "/hello" }
    assert.equal("E0676", got[1].code)
    got = ask({ https .. "/hello" }, { verify = false })
    assert.equal("hello", got[1].body)
  end)

  it("goes through a proxy", function()
    local via = (other:gsub("//", "//me:pw@"))
    local got = ask({ "/hello" }, { proxy = via })
    assert.equal(("proxied %s/hello Basic bWU6cHc="):format(http), got[1].body)
    local text
    got, text = ask({ https .. "/hello", https .. "/conn" }, { proxy = via, ca = folder .. "/ca.pem" })
    assert.equal("", text)
    assert.equal("hello", got[1].body)
    assert.equal("2", got[2].body:match " (%d+)")
    got = ask({ https .. "/hello" }, { proxy = (other:gsub("//", "//bad:bad@")), ca = folder .. "/ca.pem" })
    assert.equal("E0698", got[1].code)
  end)

  it("sends only bodies, with bodies, and fails when there is none", function()
    local got, text = ask({ "/hello", "/to?302=/hello", "/until" }, { bodies = true })
    assert.equal("", text)
    assert.equal("hellohellountil the end", (joined(got)))
    got, text = ask({ "/hello", "/nothing", "/hello" }, { bodies = true })
    assert.equal("hello", (joined(got)))
    kit.has(text, "E0699", "/nothing", "404 Not Found")
  end)

  it("gets its url, and ends", function()
    local got = {}
    kit.runs(kam.Pipeline { kam.HTTPClient { http .. "/hello", bodies = true }, kit.into(got) })
    assert.equal("hello", (joined(got)))
  end)

  it("is refused a proxy that is none", function()
    kit.has(kit.refused(kam.HTTPClient, { proxy = "socks://h" }), "proxy")
  end)
end)
