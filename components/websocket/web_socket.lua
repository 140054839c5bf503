local kam = require "kam"

-- Why a request asks for no WebSocket that may be opened: a status and a reason, or nil.
local function refusal(headers, origins)
  if (headers.upgrade or ""):lower() ~= "websocket" then return 426, "this is the address of a WebSocket" end
  if headers["sec-websocket-version"] ~= "13" then return 426, "another version than 13" end
  if not (headers["sec-websocket-key"] or ""):find "^[%w+/]+==$" or #headers["sec-websocket-key"] ~= 24 then
    return 400, "a Sec-WebSocket-Key that is none"
  end
  local origin = headers.origin
  if not origin or origin:match "^%a+://(.*)$" == headers.host then return nil end
  for _, allowed in ipairs(origins) do
    if allowed == "*" or allowed == origin then return nil end
  end
  return 403, "pages from " .. origin .. " may not ask for this"
end

return kam.component "WebSocket" {
  summary = "Opens a WebSocket for a request, with a handler of its own.",
  doc = "A function of HTTPServer gives it as its answer. The handler's inbox gets the peer's messages, texts and "
    .. "{ binary = }, and its outbox sends such; when it ends, the WebSocket is closed. A browser may ask for it "
    .. "only from a page of the same host, or of one of the `origins`. What is no request for a WebSocket is "
    .. "answered with a status of 400 and more.",
  ends = "When either side has closed.",
  effects = true,
  inboxes = { inbox = "bytes from the peer", closed = "that the WebSocket has ended" },
  outboxes = { outbox = "bytes for the peer, the answer to its request first" },
  options = {
    request = { type = "table", "the request" },
    protocol = { type = "maker", "makes the handler: a constructor or a function" },
    origins = { {}, 'pages that may ask for it, as "https://example.org"; "*": all' },
    message = { 4 << 20, "bytes that a message may have", min = 1 },
  },
  first = { "request", "protocol" },
  init = function(self)
    local headers = self.request.headers
    self.status, self.reason = refusal(headers, self.origins)
    self.upgrades = not self.status
    if self.status then return end
    local codec = kam.WebSocketCodec { key = headers["sec-websocket-key"], message = self.message }
    local handler = self.protocol()
    local graph = self:addChildren(kam.Graphline {
      CODEC = codec, HANDLER = handler,
      linkages = { "self -> CODEC", "CODEC -> self",
        kam.takes(handler) and "CODEC.message -> HANDLER" or "CODEC.message -> null",
        kam.sends(handler) and "HANDLER -> CODEC.send" or nil },
    })
    self:link({ self, "inbox" }, { graph, "inbox" })
    self:link({ graph, "outbox" }, { self, "outbox" })
    self.codec = codec
    self:watch(codec, "closed") -- then the handler is asked to end as well
  end,
  main = function(self)
    if self.upgrades then
      if self:recv "closed" == nil then self.codec:stop() end -- told to end before the peer has closed
    else
      self:send { status = self.status, body = self.reason .. "\n",
        headers = self.status == 426 and { Upgrade = "websocket", Connection = "Upgrade" } or {} }
    end
  end,
  example = [[
kam.HTTPServer { path = "socket", routes = { ["/echo"] = function(request)
  return kam.WebSocket { request, kam.PassThrough }
end } }:activate()

-- Another client would be a browser: new WebSocket("ws://localhost:8000/echo")
kam.Graphline {
  ASK = kam.OneShot("GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    .. "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
  PEER = kam.UnixClient "socket",
  SHOW = kam.main(function(self)
    print(tostring(self:recv()):match "Accept: (%S+)")
    kam.stop()
  end),
  linkages = { "ASK -> PEER -> SHOW" },
}:run()
--> s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
]],
}
