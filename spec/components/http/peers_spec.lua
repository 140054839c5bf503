-- HTTPServer and WebSocket with programs of others: nginx in front of them, wrk, Node's ws.
local desync = require "spec.components.http.desync"
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

after_each(kit.settled)

local here
setup(function() here = place.new() end)
teardown(function() here:__close() end)

local function has(program)
  return os.execute(("command -v %s >/dev/null"):format(program)) == true
end

-- What a shell script, with PORT for our server's port, writes in the folder; and what was said.
local function run(given, script)
  given.port = 0
  local got = {}
  local text = kit.said(function()
    kam.run(kam.main(function(self)
      local server = self:addChildren(kam.HTTPServer(given))
      self:link({ server, "listening" }, { self, "inbox" })
      local port = tostring(self:recv().port)
      local process = kam.UnixProcess { ("cd '%s'; %s"):format(here.folder, (script:gsub("PORT", port))), shell = true }
      local box = self:addInbox "got"
      self:link({ process, "outbox" }, { self, box })
      self:addChildren(process)
      for bytes in self:messages(box) do got[#got + 1] = tostring(bytes) end
      server:stop()
    end))
  end)
  return table.concat(got), text
end

-- Runs a script while nginx is in front of us, at the socket nginx.
local function behind_nginx(given, script)
  here:write("nginx.conf", ([[
user root; daemon off; pid FOLDER/pid; error_log stderr crit; worker_processes 1;
events {}
http {
  access_log off;
  client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy; fastcgi_temp_path FOLDER/f;
  uwsgi_temp_path FOLDER/u; scgi_temp_path FOLDER/s;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream ours { server 127.0.0.1:@; keepalive 8; }
  server {
    listen unix:FOLDER/nginx;
    client_max_body_size 1m;
    location / {
      proxy_pass http://ours; proxy_http_version 1.1; proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
    }
  }
}
]]):gsub("FOLDER", here.folder))
  return run(given, ([[
    rm -f nginx; sed 's/@/PORT/' nginx.conf >ours.conf
    PATH="$PATH:/usr/sbin" nginx -p . -e stderr -c "$PWD/ours.conf" & trap 'kill $!; wait' EXIT
    until [ -S nginx ] || ! kill -0 $!; do sleep 0.02; done
    %s]]):format(script))
end

local big = ("0123456789abcdef"):rep(100000)

describe("HTTPServer", function()
  if not has "nginx" and not has "/usr/sbin/nginx" then
    it("serves behind nginx", function() pending "needs nginx" end)
  else
    it("serves behind nginx: connections that are kept, bodies both ways, files, WebSockets", function()
      here:write("www/big", big)
      local got, text = behind_nginx({ routes = {
        ["/echo"] = function(request) return request.body end,
        ["/pieces"] = function() return kam.DataSource { "one ", "two ", "three" } end,
        ["/files"] = function(request) return kam.HTTPFiles { here.folder .. "/www", request } end,
        ["/ws"] = function(request) return kam.WebSocket { request, kam.PassThrough } end,
        ["/fixed"] = "fixed",
      } }, [[
        C="curl -s --unix-socket nginx"
        head -c 900000 /dev/urandom >sent
        $C --data-binary @sent http://x/echo | cmp - sent && echo same
        $C -H 'Transfer-Encoding: chunked' --data-binary @sent http://x/echo | cmp - sent && echo same
        $C http://x/pieces http://x/fixed http://x/fixed; echo
        $C http://x/files/big | cmp - www/big && echo same
        $C -r 10-15 http://x/files/big; echo
        $C -o /dev/null -w '%{http_code}\n' http://x/none
        $C -I http://x/fixed | grep -c 'Content-Length: 5']])
      assert.equal("same\nsame\none two threefixedfixed\nsame\nabcdef\n404\n1\n", got)
      assert.equal("", text)
    end)

    it("refuses all that nginx refuses", function()
      local lines = {}
      for what, case in pairs(desync) do
        lines[#lines + 1] = what .. "\t" .. case[1]:gsub(".", function(c) return ("%02x"):format(c:byte()) end) .. "\n"
      end
      table.sort(lines)
      here:write("cases", table.concat(lines))
      here:write("ask.py", [[
import socket, sys
def status(s, raw, patience):
    s.settimeout(patience)
    try:
        s.sendall(raw)
        head = b""
        while b"\r\n" not in head:
            got = s.recv(65536)
            if not got: break
            head += got
    except OSError: pass
    return int(head[9:12]) if head.startswith(b"HTTP/1.1 ") else 0 if head == b"" else 400
refused = 0
for line in open("cases"):
    what, raw = line.rstrip("\n").split("\t")
    raw = bytes.fromhex(raw)
    nginx = socket.socket(socket.AF_UNIX); nginx.connect("nginx")
    theirs = status(nginx, raw, 0.3)
    ours = status(socket.create_connection(("127.0.0.1", int(sys.argv[1]))), raw, 20)
    refused += theirs >= 400
    if ours < 400: print(what, ours, theirs)
print(refused > 20)
]])
      local got, text = behind_nginx({ function() return "ok" end }, "python3 ask.py PORT")
      assert.equal("True\n", got)
      assert.equal("", text)
    end)
  end

  it("serves wrk without an error", function()
    if not has "wrk" then pending "needs wrk" return end
    local got, text = run({ function() return "hello" end, routes = { ["/fixed"] = "fixed" } },
      "for p in hello fixed; do wrk -t 1 -c 32 -d 1 http://127.0.0.1:PORT/$p; done")
    local _, runs = got:gsub("Requests/sec", "")
    assert.equal(2, runs)
    kit.lacks(got, "Socket errors")
    kit.lacks(got, "Non-2xx")
    assert.equal("", text)
  end)
end)

describe("WebSocket", function()
  it("talks to Node's ws: texts, binary, pings, fragments, a close with a status", function()
    if not has "node" or not io.open "/usr/share/nodejs/ws/package.json" then pending "needs node-ws" return end
    here:write("client.js", [[
const { WebSocket } = require("ws")
const socket = new WebSocket("ws://127.0.0.1:" + process.argv[2] + "/", { perMessageDeflate: true })
const sent = ["a", "", "ü𝄞".repeat(1000), "x".repeat(1000000), Buffer.from([0, 255, 1]), Buffer.alloc(100000, 7)]
let at = 0
socket.on("open", () => {
  for (const m of sent) socket.send(m)
  socket.send("frag", { fin: false }); socket.send("ment", { fin: true })
  socket.ping("p")
})
socket.on("pong", (data) => console.log("pong", data.toString()))
socket.on("message", (data, isBinary) => {
  if (at === sent.length) { console.log(data.toString()); return socket.close(4000, "enough") }
  const want = sent[at++]
  if (isBinary !== Buffer.isBuffer(want) || !Buffer.from(want).equals(data)) console.log("differs", at)
})
socket.on("error", (error) => console.log(error.message))
socket.on("close", (code) => console.log("closed", code))
]])
    local got, text = run({ function(request) return kam.WebSocket { request, kam.PassThrough } end },
      "NODE_PATH=/usr/share/nodejs timeout 30 node client.js PORT | sort")
    assert.equal("closed 4000\nfragment\npong p\n", got)
    assert.equal("", text)
  end)
end)
