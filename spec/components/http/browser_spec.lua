-- HTTPServer, WebSocket and server-sent events with a browser, headless Chromium: a page of
-- ours asks for all of them, over HTTP and HTTPS.
local kam = require "kam"
local kit = require "spec.lua.kit"
local place = require "spec.lua.place"

after_each(kit.settled)

local here
setup(function() here = place.new() end)
teardown(function() here:__close() end)

local page = [[
<!DOCTYPE html><meta charset="utf-8"><title>page</title><ul id="seen"></ul>
<script>
const seen = {}
function see(what, value) {
  seen[what] = value
  if (Object.keys(seen).length == 5) fetch("/result", { method: "POST", body: JSON.stringify(seen) })
}
fetch("/text").then(r => r.text()).then(t => see("text", t))
fetch("/echo", { method: "POST", body: "é".repeat(100000) }).then(r => r.text())
  .then(t => see("echo", t == "é".repeat(100000)))
fetch("/pieces").then(async r => {
  let all = ""
  for (const reader = r.body.getReader(), d = new TextDecoder();;) {
    const { done, value } = await reader.read()
    if (done) break
    all += d.decode(value)
  }
  see("pieces", all)
})
const socket = new WebSocket(location.origin.replace("http", "ws") + "/socket")
const heard = []
socket.onopen = () => { socket.send("text ü"); socket.send(new Uint8Array([0, 1, 255])) }
socket.binaryType = "arraybuffer"
socket.onmessage = e => {
  heard.push(typeof e.data == "string" ? e.data : [...new Uint8Array(e.data)])
  if (heard.length == 2) socket.close(1000)
}
socket.onclose = e => see("socket", [heard, e.code, e.wasClean])
const events = [], source = new EventSource("/events")
source.addEventListener("news", e => {
  events.push(e.data)
  if (events.length == 3) { source.close(); see("events", events) }
})
</script>
]]

local routes = {
  ["/"] = function() return { type = "text/html", body = page } end,
  ["/text"] = function() return "hello" end,
  ["/echo"] = function(request) return request.body end,
  ["/pieces"] = function() return kam.DataSource { "one ", "two ", "three" } end,
  ["/socket"] = function(request) return kam.WebSocket { request, kam.PassThrough } end,
  ["/events"] = function()
    return kam.Pipeline {
      kam.DataSource { { event = "news", data = "1" }, { event = "news", data = "2\n3" }, { event = "news", data = "4" } },
      kam.ServerSentEventsEncode(),
    }
  end,
}

-- What the page has seen, as JSON decoded.
local function visited(tls)
  local result
  routes["/result"] = function(request)
    result = request.body
    return ""
  end
  kit.runs(kam.main(function(self)
    local server = self:addChildren(kam.HTTPServer { routes = routes, port = 0, tls = tls })
    self:link({ server, "listening" }, { self, "inbox" })
    local url = ("%s://localhost:%d/"):format(tls and "https" or "http", self:recv().port)
    local chromium = self:addChildren(kam.UnixProcess { shell = true,
      ("exec env -u LD_PRELOAD timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
      .. "--disable-background-networking --disable-component-update --disable-sync --ignore-certificate-errors "
      .. "--user-data-dir='%s/profile' --remote-debugging-port=0 '%s' >/dev/null 2>&1"):format(here.folder, url) })
    self:watch(chromium)
    while not result and not self:recv("inbox", 0.1) do end
    chromium:stop()
    server:stop()
  end))
  here:run "for i in $(seq 100); do pkill -f \"$PWD/profile\" || break; sleep 0.1; done"
  return kam.try(kam.JSONDecode(), { result })[1]
end

local wanted = { text = "hello", echo = true, pieces = "one two three",
  socket = { { "text ü", { 0, 1, 255 } }, 1000, true }, events = { "1", "2\n3", "4" } }

describe("a page in Chromium", function()
  local function browse(tls)
    if os.execute "command -v chromium >/dev/null" ~= true then pending "needs chromium" return end
    assert.same(wanted, visited(tls))
  end

  it("fetches, posts, reads streams, and speaks WebSocket and server-sent events", function() browse(nil) end)

  it("does the same over TLS", function()
    here:run [[openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
      -addext subjectAltName=DNS:localhost -keyout site.pem -out site.pem]]
    browse { certificates = { here.folder .. "/site.pem" } }
  end)
end)
