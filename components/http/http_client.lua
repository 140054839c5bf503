local kam = require "kam"

-- What an HTTPAgent is given as it is.
local passed = { "url", "headers", "user", "password", "proxy", "redirects", "downgrade", "headTime", "idleTime",
  "totalTime", "keepAlive", "connections", "body", "stream", "bodies", "resumes", "userAgent" }

-- A connection to where `to` says: TCP, a proxy's way through, TLS, HTTP, as far as needed.
local function connect(self, to)
  local parts = {
    NET = kam.TCPClient { to.host, to.port, timeout = self.connectTime },
    HTTP = kam.HTTPClientSession { pipeline = 1, icy = self.icy },
    inboxes = { "request" }, outboxes = { "response" },
    linkages = { "self.request -> HTTP.request", "HTTP.response -> self.response" },
  }
  local from, into = "NET", "NET"
  local function through(name, plain, cipher)
    local links = parts.linkages
    links[#links + 1] = ("%s -> %s"):format(from, name)
    links[#links + 1] = ("%s -> %s"):format(name, into)
    from, into = name .. "." .. plain, name .. "." .. cipher
  end
  if to.tunnel then
    parts.PROXY = kam.HTTPClientSession { tunnel = to.tunnel, authorization = to.authorization }
    through("PROXY", "response", "request")
  end
  if to.tls then
    parts.TLS = kam.TLSSession { client = true, serverName = to.serverName, verify = self.verify, ca = self.ca,
      protocols = { "http/1.1" }, timeout = self.connectTime }
    parts.linkages[#parts.linkages + 1] = "TLS.secured -> null"
    through("TLS", "decrypted", "encrypt")
  end
  through("HTTP", "response", "request")
  return kam.Graphline(parts)
end

return kam.component "HTTPClient" {
  summary = "Gets what URLs stand for, and sends requests, over HTTP/1.1 and TLS.",
  doc = "A request is a URL, or { url =, method =, headers =, type =, body = }; with `more = true` its body goes "
    .. "on in the messages behind it, the last one without `more`. They are answered one after the other, each "
    .. "by a table: { url =, status =, reason =, headers =, body =, request = what was asked }, in which `url` "
    .. "is where redirects have led. With `stream`, here or in a request, a body over one piece comes behind a "
    .. "table with `more = true`: strings, and an empty table. What cannot be got at all is answered { url =, "
    .. "error = a text, code =, request = }, also in the middle of a body that is streamed; the client goes on. "
    .. "With `bodies` only bodies are sent, and that fails the client. Redirects are followed as RFC 9110 says, "
    .. "without passwords to other origins, and not from https to http. Connections are kept for a while; gzip "
    .. "is asked for and unpacked; when a connection breaks within a body, the rest is asked for, if the server "
    .. "says that it is still the same. `from`, and `ifRange`, an ETag, in a request ask for what is behind so "
    .. "many bytes: the status is 206 then, or 200 if it has changed, and 416 if there is no more.",
  ends = "When its inbox has, or after the response to `url`.",
  effects = true,
  inboxes = { inbox = "URLs and requests" },
  outboxes = { outbox = "responses, or bodies" },
  options = {
    url = { "", "is got at once, and nothing else is" },
    headers = { {}, "headers of all requests" },
    user = { "", "a name to log in with (basic authentication)" },
    password = { "", "the password of user" },
    proxy = { "", "the proxy to go through, as \"http://user:password@host:port\"" },
    redirects = { 10, "how many redirects are followed", min = 0, max = 100 },
    downgrade = { false, "a redirect may lead from https to http" },
    connectTime = { 10.0, "seconds that connecting may take", min = 0.001, max = 86400 },
    headTime = { 60.0, "seconds in which a response must begin; 0: any time", min = 0 },
    idleTime = { 60.0, "seconds in which more of a body must come, or go; 0: any time", min = 0 },
    totalTime = { 0.0, "seconds that a response may take in all; 0: any time", min = 0 },
    keepAlive = { 15.0, "seconds that a connection is kept for the next request", min = 0 },
    connections = { 8, "how many connections are kept", min = 0, max = 1000 },
    body = { 8 << 20, "bytes that a body may have that does not come in pieces", min = 0 },
    stream = { false, "bodies come in pieces" },
    bodies = { false, "only bodies are sent, in pieces; no answer, or one with a status over 299, is a failure" },
    gzip = { true, "asks for compressed bodies, and unpacks them" },
    resumes = { 3, "how often the rest of a body is asked for, when a connection breaks", min = 0, max = 1000 },
    userAgent = { "Kamaelua", "the header User-Agent; \"\": none" },
    icy = { false, "takes \"ICY 200 OK\", as radio stations say it, for HTTP/1.0" },
    verify = { true, "certificates are checked" },
    ca = { "", "the authorities that are trusted, a PEM file or a folder; \"\": the system's" },
  },
  first = "url",
  init = function(self)
    local given = { connect = function(to) return connect(self, to) end }
    for _, name in ipairs(passed) do given[name] = self[name] end
    if self.gzip then
      given.gunzip = function(limit) return kam.GzipDecompress { limit = limit, ratio = 10000 } end
    end
    local agent = self:addChildren(kam.HTTPAgent(given))
    self:link({ self, "inbox" }, { agent, "inbox" })
    self:link({ agent, "outbox" }, { self, "outbox" })
  end,
  example = [[
kam.main(function(self)
  local server = self:addChildren(kam.HTTPServer { function(request) return "Hello " .. request.query.name end,
    port = 0 })
  self:link({ server, "listening" }, { self, "inbox" })
  local url = ("http://localhost:%d/?name="):format(self:recv().port)
  local got = self:addInbox "got"
  local client = kam.Pipeline { kam.DataSource { url .. "Ann", url .. "Bob" }, kam.HTTPClient() }
  self:link({ client, "outbox" }, { self, got })
  self:addChildren(client)
  for response in self:messages(got) do print(response.status, response.body) end
  server:stop()
end):run()
--> 200	Hello Ann
--> 200	Hello Bob
]],
}
