-- HTTPClient against servers that others use: nginx, Python's http.server, and our own.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

after_each(kit.settled)

-- What a client answers to requests to a site, and what was said.
local function ask(site, requests, given)
  local list, got = {}, {}
  for i, r in ipairs(requests) do
    if type(r) == "table" then r.url = site .. r.url else r = site .. r end
    list[i] = r
  end
  local _, _, text = kit.run(kam.Pipeline { kam.DataSource(list), kam.HTTPClient(given or {}), kit.into(got) })
  assert.equal("", text)
  return got
end

local folder, text
local pids = {}

local function write(name, what)
  local file <close> = assert(io.open(folder .. "/" .. name, "wb"))
  file:write(what)
end

-- Starts a program that writes its process's number to pid; waits until it listens.
local function start(command, port)
  assert(os.execute(("cd %s && %s"):format(folder, command)))
  assert(os.execute(([[python3 -c 'import socket, time
for _ in range(200):
    try:
        socket.create_connection(("127.0.0.1", %d)).close()
        break
    except OSError: time.sleep(0.05)
else: raise SystemExit(1)']]):format(port)))
  pids[#pids + 1] = io.open(folder .. "/pid"):read "l"
end

local function free_port()
  local python <close> = io.popen(place.free_port)
  return python:read "n"
end

setup(function()
  local out <close> = io.popen "d=$(mktemp -d) && chmod 755 $d && echo $d" -- nginx does not stay root
  folder = out:read "l"
  text = ("all work and no play "):rep(20000)
  write("big.txt", text)
  write("small.txt", "small")
end)

teardown(function()
  for _, pid in ipairs(pids) do os.execute("kill " .. pid) end
  os.execute("rm -rf " .. folder)
end)

-- What both of our peers must be able to do.
local function files(site)
  local got = ask(site, { "/big.txt", { url = "/small.txt", method = "HEAD" }, "/small.txt", "/nothing" })
  assert.is_true(got[1].body == text)
  assert.same({ "", "small" }, { got[2].body, got[3].body })
  assert.equal("5", got[2].headers["content-length"])
  assert.equal(404, got[4].status)
  got = ask(site, { "/big.txt", "/small.txt" }, { bodies = true })
  assert.is_true(table.concat(got) == text .. "small")
end

describe("HTTPClient", function()
  it("gets files of Python's http.server", function()
    local port = free_port()
    start(("{ exec python3 -m http.server -b 127.0.0.1 %d >log 2>&1 & echo $! >pid; }"):format(port), port)
    files("http://127.0.0.1:" .. port)
  end)

  it("gets files of nginx: compressed, in parts, over connections that are kept", function()
    if not os.execute "PATH=$PATH:/usr/sbin command -v nginx >/dev/null" then return pending "needs nginx" end
    local port = free_port()
    write("conf", ([[
daemon on; pid pid; error_log log;
events {}
http {
  access_log off; default_type text/plain; gzip on; gzip_proxied any; gzip_http_version 1.0; gzip_types text/plain;
  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
  keepalive_requests 3;
  server {
    listen 127.0.0.1:%d; root %s;
    location /r { return 301 /small.txt; }
    location /conn { return 200 "$connection $connection_requests"; }
    location /agent { return 200 "$http_user_agent"; }
  }
}]]):format(port, folder))
    start("PATH=$PATH:/usr/sbin nginx -p . -c conf 2>log", port)
    local site = "http://127.0.0.1:" .. port
    files(site)
    local got = ask(site, { "/big.txt", "/r", "/agent" })
    assert.is_true(got[1].body == text)
    assert.same({ "small", "Kamaelua" }, { got[2].body, got[3].body })
    got = ask(site, { "/conn", "/conn", "/conn", "/conn" })
    assert.same({ "1", "2", "3", "1" }, { got[1].body:match " (%d+)", got[2].body:match " (%d+)",
      got[3].body:match " (%d+)", got[4].body:match " (%d+)" })
    got = ask(site, { { url = "/big.txt", from = 419990 } })
    assert.same({ 206, text:sub(-10) }, { got[1].status, got[1].body })
    local tag = got[1].headers.etag
    got = ask(site, { { url = "/big.txt", from = 419990, ifRange = tag }, { url = "/big.txt", from = 419990,
      ifRange = '"another"' }, { url = "/big.txt", from = 420000 } })
    assert.same({ 206, 200, 416 }, { got[1].status, got[2].status, got[3].status })
  end)

  it("gets files of our own server, whole and in parts", function()
    kit.runs(kam.main(function(self)
      local server = self:addChildren(kam.HTTPServer { port = 0,
        function(request) return kam.HTTPFiles { folder, request } end })
      self:link({ server, "listening" }, { self, "inbox" })
      local site, got = ("http://localhost:%d"):format(self:recv().port), {}
      local client = kam.Pipeline { kam.DataSource { site .. "/big.txt", { url = site .. "/big.txt", from = 419990 } },
        kam.HTTPClient() }
      local box = self:addInbox "got"
      self:link({ client, "outbox" }, { self, box })
      self:addChildren(client)
      for response in self:messages(box) do got[#got + 1] = response end
      assert.is_true(got[1].body == text)
      assert.same({ 206, text:sub(-10) }, { got[2].status, got[2].body })
      server:stop()
    end))
  end)
end)
