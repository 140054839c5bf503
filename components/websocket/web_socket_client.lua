local kam = require "kam"

-- Scheme, host, port and target of a URL, or nil.
local function parse(url)
  local scheme, rest = url:match "^(wss?)://([^#%c ]+)$"
  if not scheme then return nil end
  local authority, target = rest:match "^([^/?]+)(.*)$"
  if not authority then return nil end
  local host, port = authority:match "^%[([%x:.]+)%]:?(%d*)$"
  if not host then host, port = authority:match "^([%w._-]+):?(%d*)$" end
  port = host and (port ~= "" and math.tointeger(tonumber(port)) or scheme == "wss" and 443 or 80)
  if not port or port < 1 or port > 65535 then return nil end
  if not target:find "^/" then target = "/" .. target end
  return { secure = scheme == "wss", authority = authority, host = host, port = port, target = target }
end

return kam.component "WebSocketClient" {
  summary = "Opens a WebSocket on a server, and carries messages both ways.",
  doc = "Texts are strings, in UTF-8; other messages are tables with the field `binary`. What comes before the "
    .. "WebSocket is open waits. A server that cannot be reached, or does not open one, fails the component.",
  ends = "When either side has closed. Ours does when the inbox has ended; what the server says then is lost.",
  effects = true,
  inboxes = { inbox = "messages for the server" },
  outboxes = { outbox = "messages from the server" },
  options = {
    url = { type = "string", "ws://host:port/path?query, or wss:" },
    headers = { {}, "more headers of the request, as { Cookie = \"…\", Origin = \"…\" }" },
    message = { 4 << 20, "bytes that a message may have", min = 1 },
    ping = { 30.0, "seconds of silence after which the server is asked whether it lives; 0: never", min = 0 },
    timeout = { 10.0, "seconds that connecting may take", min = 0.001, max = 86400 },
    verify = { true, "certificates are checked" },
    ca = { "", "the authorities that are trusted, a PEM file or a folder; \"\": the system's" },
  },
  first = "url",
  init = function(self)
    local to = parse(self.url)
    if not to then error(("it needs a URL as ws://host:port/path, got %s"):format(self.url), 0) end
    local parts = {
      NET = kam.TCPClient { to.host, to.port, timeout = self.timeout },
      HTTP = kam.HTTPClientSession { host = to.authority },
      CODEC = kam.WebSocketCodec { client = true, target = to.target, headers = self.headers,
        message = self.message, ping = self.ping },
      linkages = { "self -> CODEC.send", "CODEC.message -> self", "CODEC -> HTTP.request",
        "HTTP.response -> CODEC" },
    }
    local links = { "HTTP -> NET", "NET -> HTTP" }
    if to.secure then
      parts.TLS = kam.TLSSession { client = true, serverName = to.host, verify = self.verify, ca = self.ca,
        protocols = { "http/1.1" }, timeout = self.timeout }
      links = { "HTTP -> TLS.encrypt", "TLS -> NET", "NET -> TLS", "TLS.decrypted -> HTTP", "TLS.secured -> null" }
    end
    table.move(links, 1, #links, #parts.linkages + 1, parts.linkages)
    local graph = self:addChildren(kam.Graphline(parts))
    self:link({ self, "inbox" }, { graph, "inbox" })
    self:link({ graph, "outbox" }, { self, "outbox" })
  end,
  example = [[
kam.main(function(self)
  local server = self:addChildren(kam.HTTPServer { port = 0, routes = { ["/shout"] = function(request)
    return kam.WebSocket { request, function() return kam.map(string.upper) end }
  end } })
  self:link({ server, "listening" }, { self, "inbox" })
  local client = kam.WebSocketClient(("ws://localhost:%d/shout"):format(self:recv().port))
  local say, heard = self:addOutbox "say", self:addInbox "heard"
  self:link({ self, say }, { client, "inbox" })
  self:link({ client, "outbox" }, { self, heard })
  self:addChildren(client)
  for _, word in ipairs { "hello", "world" } do
    self:send(word, say)
    print(self:recv(heard))
  end
  client:stop()
  server:stop()
end):run()
--> HELLO
--> WORLD
]],
}
